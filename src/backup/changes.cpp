#include "backup/changes.hpp"

#include <fmt/format.h>

#include "base/contains.hpp"
#include "base/log.hpp"
#include "ec2/instances.hpp"

namespace pitstop {
namespace {

/// EC2 may show the old address for a while (eventual consistency).
constexpr int most_looks = 5;
constexpr Duration between_looks_at_address = Seconds(2);

}  // namespace

Task<void> tell_what_changed(Tools tools, const BackupPlan& plan) {
  if (!contains(plan.findings, FindingCode::public_address, &Finding::code)) {
    co_return;
  }
  const auto& before = plan.instance;
  std::string now;
  for (int look = 0; look < most_looks && (now.empty() || now == before.public_ip); ++look) {
    co_await tools.clock.sleep(between_looks_at_address);
    std::vector<InstanceId> ids{before.id};
    const auto seen = co_await ec2::describe_instances(tools.ec2, std::move(ids), {});
    if (!seen) {
      log::debug("its public address is not known: {}", seen.error().message);
      co_return;
    }
    now = seen->empty() ? "" : seen->front().public_ip;
  }
  if (now != before.public_ip) {
    tools.report(before.id, Step::changed,
                 fmt::format("public address {}, before the stop {}", now.empty() ? "none" : now,
                             before.public_ip));
  }
}

}  // namespace pitstop
