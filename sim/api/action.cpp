#include "sim/api/action.hpp"

#include <fmt/format.h>

#include "base/result.hpp"
#include "base/text.hpp"

namespace pitstop::sim {

Answer<void> ActionCall::admit() {
  TRY(const bool dry_run, form.boolean("DryRun"));
  if (const auto unknown = form.unread()) {
    return refuse("UnknownParameter",
                  fmt::format("The parameter {} is not recognized", printable(*unknown)));
  }
  if (!permitted) {
    return refuse("UnauthorizedOperation",
                  fmt::format("You are not authorized to perform this operation. User: "
                              "arn:aws:iam::{}:user/simulated is not authorized to perform: ec2:{} "
                              "because no identity-based policy allows the ec2:{} action",
                              region.account, name, name),
                  403);
  }
  if (dry_run) {
    return refuse("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
  }
  return {};
}

Answer<Region*> find_region(const ActionCall& call, const std::string& name) {
  auto* const found = call.other_region(name);
  if (found == nullptr) {
    return refuse("InvalidParameterValue",
                  fmt::format("The source region '{}' is invalid", printable(name)));
  }
  return found;
}

}  // namespace pitstop::sim
