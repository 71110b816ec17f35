#include "cli/prune_policies.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/policy_file.hpp"

namespace pitstop {
namespace {

/// Those of a policy, where no others are given.
Result<RetentionRules> rules_of_policy(const PolicyFile& file, const std::string& policy) {
  const auto found = std::ranges::find(file.policies, policy, &PolicyEntry::name);
  if (found == file.policies.end()) {
    return fail(ErrorKind::usage,
                fmt::format("there is no policy {} in {}", in_quotes(policy), file.path),
                "or say which backups are kept: --keep-daily 7, for example");
  }
  if (!found->policy || found->policy->retention.empty()) {
    return fail(ErrorKind::usage,
                fmt::format("the policy {} does not say which backups are kept", in_quotes(policy)),
                "add keep-daily, keep-weekly, … to it, or say it here: --keep-daily 7");
  }
  return found->policy->retention;
}

}  // namespace

Result<PruneRequest> read_prune_request(const PruneArguments& arguments,
                                        const GlobalOptions& options,
                                        const Surroundings& surroundings) {
  if (!arguments.policy) {
    return parse_prune_request(arguments, {});
  }
  const auto file = read_policy_file(arguments.config, options, surroundings);
  RetentionRules of_policy;
  if (!has_keep_rules(arguments)) {
    if (!file) {
      return fail(file.error());
    }
    TRY(of_policy, rules_of_policy(*file, *arguments.policy));
  }
  TRY(auto request, parse_prune_request(arguments, of_policy));
  if (file) {
    request.rules_of_others = retention_of_all(*file);
  }
  return request;
}

}  // namespace pitstop
