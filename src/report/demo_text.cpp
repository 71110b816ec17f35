#include "report/demo_text.hpp"

#include <fmt/format.h>

#include "report/columns.hpp"

namespace pitstop {
namespace {

constexpr Duration week = std::chrono::hours(24 * 7);

std::string once_a_week(Duration downtime) {
  return Availability(downtime, week).percent();
}

}  // namespace

std::string demo_text(const std::vector<DemoServer>& servers) {
  std::vector<std::vector<std::string>> rows;
  Duration saved{};
  rows.push_back({"", "down for", "of which EC2 took", "waiting for completion",
                  "up at one backup a week", "when waiting"});
  for (const auto& server : servers) {
    // Whoever waits loses as much on the way as who does not.
    const Duration waiting = server.limit_of_waiting + (server.downtime - server.limit);
    saved += waiting - server.downtime;
    rows.push_back({server.name, human(server.downtime), human(server.limit), human(waiting),
                    once_a_week(server.downtime), once_a_week(waiting)});
  }
  return table(rows, "  ") + fmt::format("\nNot waiting has saved {} of downtime.\n", human(saved));
}

}  // namespace pitstop
