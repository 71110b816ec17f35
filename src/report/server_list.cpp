#include "report/server_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "report/columns.hpp"

namespace pitstop {
namespace {

std::string size_of(const std::vector<ec2::Volume>& volumes) {
  std::int64_t gibibytes = 0;
  for (const auto& volume : volumes) {
    gibibytes += static_cast<std::int64_t>(volume.size);
  }
  return fmt::format("{} volume{}, {} GiB", volumes.size(), volumes.size() == 1 ? "" : "s",
                     gibibytes);
}

std::vector<std::string> row(const ListedServer& server, bool with_site) {
  const auto& instance = server.instance;
  std::vector<std::string> cells{instance.id.str(), printable(instance.name().value_or("")),
                                 std::string(to_string(instance.state)), size_of(server.volumes)};
  if (with_site) {
    cells.push_back(server.site);
  }
  return cells;
}

}  // namespace

std::string server_list(const std::vector<ListedServer>& servers, std::size_t max_down,
                        std::size_t most_lines) {
  if (servers.size() <= 1) {
    return "";
  }
  std::set<std::string> sites;
  for (const auto& server : servers) {
    sites.insert(server.site);
  }
  const bool several = sites.size() > 1;
  // The heading, the line that counts those left out, and the last one.
  const auto room = most_lines > 4 ? most_lines - 3 : 1;
  const auto shown = servers.size() <= room + 1 ? servers.size() : room;
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < shown; ++i) {
    rows.push_back(row(servers[i], several));
  }
  auto text = several ? fmt::format("{} servers at {} sites:\n", servers.size(), sites.size())
                      : fmt::format("{} servers in {}:\n", servers.size(), *sites.begin());
  text += table(rows, "  ");
  if (shown < servers.size()) {
    text += fmt::format("  and {} more\n", servers.size() - shown);
  }
  return text + fmt::format("at most {} of {} down at a time: --max-down\n",
                            std::min(max_down, servers.size()), servers.size());
}

}  // namespace pitstop
