#include "backup/ready_to_stop.hpp"

#include "backup/lasting_credentials.hpp"

namespace pitstop {

Task<Status> set_tokens_aside(Tools tools, const BackupPlan& plan) {
  if (!plan.stops()) {
    co_return Status();
  }
  const auto* create = plan.options.method == Method::image ? "CreateImage" : "CreateSnapshots";
  auto& paced = tools.paced;
  auto aside = co_await paced.set_aside({.action = create}, tools.interruption);
  if (aside) {
    ec2::Need start{.action = "StartInstances", .requests = 0, .instances = 1};
    aside = co_await paced.set_aside(std::move(start), tools.interruption);
  }
  co_return aside ? aside : tools.may_begin(plan.options);
}

Task<Status> see_that_credentials_last(Tools tools, const BackupPlan& plan) {
  if (plan.found_stopped()) {
    co_return Status();
  }
  auto ending = co_await look_at_credentials(tools.identity, plan.options);
  std::vector<Finding> findings;
  if (ending) {
    findings.push_back(*std::move(ending));
  }
  accept(findings, plan.options.accepted);
  co_return first_refusal(findings) == nullptr ? Status() : fail(refusal_of(findings));
}

}  // namespace pitstop
