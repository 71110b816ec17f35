#include "report/figures_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "report/json_lines.hpp"

namespace pitstop {
namespace {

Json to_json(const Spent& spent) {
  return {{"total_seconds", in_seconds(spent.total)},
          {"median_seconds", in_seconds(spent.median)},
          {"worst_seconds", in_seconds(spent.worst)}};
}

Json to_json(const Availability& availability) {
  constexpr double kept = 1e9;
  return {{"fraction", std::floor(availability.fraction() * kept) / kept},
          {"nines", availability.nines()}};
}

Json at_cadence(const Figures& figures) {
  if (!figures.at_cadence) {
    return nullptr;
  }
  Json json{{"cadence_seconds", in_seconds(figures.cadence)}};
  json.update(to_json(*figures.at_cadence));
  return json;
}

Json to_json(const std::vector<LeftDown>& left_down) {
  Json all = Json::array();
  for (const auto& left : left_down) {
    all.push_back({{"instance_id", left.instance.str()},
                   {"since", rfc3339(left.since)},
                   {"found_running", in_rfc3339(left.found_running)}});
  }
  return all;
}

void add_figures(Json& message, const Figures& figures) {
  message.update(
      {{"since", rfc3339(figures.since)},
       {"until", rfc3339(figures.until)},
       {"backups",
        {{"good", figures.good}, {"failed", figures.failed}, {"refused", figures.refused}}},
       {"downtime", to_json(figures.downtime)},
       {"phases",
        {{"stop", to_json(figures.stop)},
         {"snapshot", to_json(figures.snapshot)},
         {"gate", to_json(figures.gate)},
         {"start", to_json(figures.start)}}},
       {"availability", to_json(figures.availability)},
       {"at_cadence", at_cadence(figures)},
       {"saved",
        {{"total_seconds", in_seconds(figures.saved.total)},
         {"known", figures.saved.known},
         {"unknown", figures.saved.unknown}}},
       {"left_down", to_json(figures.left_down)}});
}

}  // namespace

void write_figures_json(const ReportFigures& report, std::ostream& output) {
  for (const auto& server : report.servers) {
    Json message{{"message_type", "server"},
                 {"instance_id", server.instance.str()},
                 {"name", text_or_null(server.name)},
                 {"region", text_or_null(server.region)}};
    add_figures(message, server.figures);
    write_line(output, message);
  }
  Json summary{{"message_type", "summary"}, {"servers", report.servers.size()}};
  add_figures(summary, report.all);
  write_line(output, summary);
}

}  // namespace pitstop
