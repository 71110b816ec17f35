#include "backup/before_check.hpp"

#include <fmt/format.h>

#include "backup/down_tag.hpp"
#include "backup/elsewhere.hpp"
#include "backup/evidence.hpp"
#include "backup/select.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/stop_reason.hpp"

namespace pitstop {
namespace {

constexpr Duration longest_wait_for_start = std::chrono::minutes(2);
constexpr Duration between_looks_at_start = Seconds(5);

/// The run that has a server by the journal of this machine.
std::optional<Error> held_by_journal(const FleetTools& tools, const RunId& run,
                                     const ec2::Instance& instance) {
  const auto found = tools.logbook.open_backup_of(instance.id);
  if (!found || !*found || (*found)->run == run) {
    return std::nullopt;
  }
  const auto& open = **found;
  const auto* tagged = open.find_last(Mark::tag);
  const auto tag = tagged != nullptr ? parse_down_tag(tagged->detail) : std::nullopt;
  const bool is_down = ec2::is_at_rest(instance) && !open.found_stopped;
  return Error{ErrorKind::held,
               fmt::format("{} is {}held by the run {} ({}), since {}{}", instance.id.str(),
                           is_down ? "DOWN: it is " : "", open.run.str(), printable(open.holder),
                           rfc3339(open.opened),
                           tag ? fmt::format(", until {} at the latest", rfc3339(tag->until)) : ""),
               "wait until that run has ended; if its process is gone: pitstop recover",
               {}};
}

}  // namespace

std::optional<Error> held_by_another(const FleetTools& tools, const RunId& run,
                                     const ec2::Instance& instance) {
  auto holder = held_by_journal(tools, run, instance);
  return holder ? std::move(holder) : held_by_tag(instance, tools.clock.wall());
}

Task<SelectedServer> settled(FleetTools tools, ec2::Caller& caller, SelectedServer server) {
  const Instant end = tools.clock.now() + longest_wait_for_start;
  while (as_selected(server.instance, {}).is_busy()) {
    const std::vector<ec2::Caller*> here{&caller};
    Selection itself{.ids = {server.instance.id}, .tags = {}};
    auto again = co_await select_servers(here, std::move(itself));
    if (!again) {
      break;
    }
    again->servers.front().site = server.site;
    // Volumes that belong to it and are not attached stay in its list.
    for (auto& volume : server.volumes) {
      if (!contains(again->servers.front().volumes, volume.id, &ec2::Volume::id) &&
          volume.attachments.empty()) {
        again->servers.front().volumes.push_back(std::move(volume));
      }
    }
    server = std::move(again->servers.front());
    if (server.instance.state != ec2::InstanceState::pending || tools.clock.now() >= end ||
        tools.interruption.requested()) {
      break;
    }
    co_await tools.clock.sleep(between_looks_at_start);
  }
  co_return server;
}

}  // namespace pitstop
