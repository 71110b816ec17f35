#include <nlohmann/json.hpp>

#include "report/backup_json.hpp"
#include "report/copy_report.hpp"
#include "report/json_lines.hpp"

namespace pitstop {
namespace {

Json copy_snapshots_json(const std::vector<SnapshotToCopy>& snapshots) {
  Json all = Json::array();
  for (const auto& snapshot : snapshots) {
    all.push_back({{"source_snapshot_id", snapshot.source.str()},
                   {"snapshot_id", text_or_null(snapshot.copy ? snapshot.copy->str() : "")},
                   {"volume_id", snapshot.volume.str()},
                   {"device", text_or_null(snapshot.device)},
                   {"size_gib", static_cast<std::int64_t>(snapshot.size)},
                   {"complete", snapshot.is_complete}});
  }
  return all;
}

Json copy_json(const CopyOutcome& outcome) {
  return {{"backup_id", outcome.backup.str()},
          {"instance_id", outcome.instance.str()},
          {"name", text_or_null(outcome.name)},
          {"from_region", outcome.route.from_region},
          {"to_region", outcome.route.to_region},
          {"to_account", text_or_null(outcome.route.to_account)},
          {"result", std::string(to_string(outcome.result))},
          {"image_id", text_or_null(outcome.image ? outcome.image->str() : "")},
          {"snapshots", copy_snapshots_json(outcome.snapshots)},
          {"took_seconds", in_seconds(outcome.took)},
          {"error", outcome.error ? error_json(*outcome.error) : Json(nullptr)}};
}

}  // namespace

void write_copy_plans_json(const std::vector<ShownCopyPlan>& plans, std::ostream& output) {
  for (const auto& [plan, from, to] : plans) {
    write_line(output, {{"message_type", "copy_plan"},
                        {"backup_id", plan.set.backup.str()},
                        {"instance_id", plan.set.instance.str()},
                        {"name", text_or_null(plan.set.name)},
                        {"taken", rfc3339(plan.set.taken)},
                        {"from", from},
                        {"to", to},
                        {"state", std::string(to_string(plan.state))},
                        {"reason", text_or_null(plan.reason)},
                        {"by_image", plan.by_image},
                        {"size_gib", static_cast<std::int64_t>(plan.size())},
                        {"snapshots", copy_snapshots_json(plan.snapshots)},
                        {"losses", plan.losses}});
  }
}

void write_copy_summary_json(const CopyEnd& end, std::ostream& output) {
  Json copies = Json::array();
  for (const auto& outcome : end.copies) {
    copies.push_back(copy_json(outcome));
  }
  write_line(output, {{"message_type", "summary"},
                      {"exit_status", end.exit_status},
                      {"copies", copies},
                      {"silent_sites", end.silent_sites}});
}

}  // namespace pitstop
