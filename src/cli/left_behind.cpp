#include "cli/left_behind.hpp"

#include <algorithm>

#include "base/concurrently.hpp"

namespace pitstop {
namespace {

using Found = Result<StrandedServers>;

Task<void> find_into(FleetTools tools, RecoveryOptions options, Found& slot) {
  slot = co_await find_stranded(tools, std::move(options));
}

void tell_of(const StrandedServers& found, HeldOnes held, WallTime now, BackupReport& report) {
  std::vector<ec2::Instance> instances;
  for (const auto& server : found.servers) {
    instances.push_back(server.instance);
  }
  report.begun(instances);
  for (const auto& [instance, why, is_down] : found.passed_over) {
    if (held == HeldOnes::told || why.kind != ErrorKind::held) {
      report.saw({instance.id, Step::warning, now, why.message, why.hint});
    }
  }
}

}  // namespace

Task<Result<LeftBehind>> find_left_behind(const Ec2Sites& sites, std::vector<FleetTools> tools,
                                          RecoveryOptions options, HeldOnes held,
                                          BackupReport& report) {
  std::vector<Found> found(tools.size());
  std::vector<Task<void>> tasks;
  for (std::size_t i = 0; i < tools.size(); ++i) {
    tasks.push_back(find_into(tools[i], options, found[i]));
  }
  co_await concurrently(std::move(tasks));
  if (std::ranges::none_of(found, &Found::has_value)) {
    co_return fail(found.front().error());
  }
  LeftBehind left;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) {
      left.silent_sites.push_back(sites.all()[i].name());
      report.site_failed(left.silent_sites.back(), found[i].error());
      continue;
    }
    tell_of(*found[i], held, tools[i].clock.wall(), report);
    std::ranges::copy(found[i]->passed_over, std::back_inserter(left.passed_over));
    left.parts.push_back({tools[i], std::move(found[i]->servers)});
  }
  co_return left;
}

}  // namespace pitstop
