#include "report/past_run_json.hpp"

#include <nlohmann/json.hpp>

#include "backup/recording.hpp"
#include "report/backup_json.hpp"
#include "report/json_lines.hpp"

namespace pitstop {
namespace {

Json record_json(const BackupRecord& record) {
  auto json = backup_json(to_outcome(record));
  json["api_calls"] = record.api_calls ? Json(*record.api_calls) : Json(nullptr);
  json["name"] = text_or_null(record.name);
  json["region"] = text_or_null(record.region);
  json["begun"] = rfc3339(record.begun);
  json["snapshots_completed"] = in_rfc3339(record.snapshots_completed);
  return json;
}

Json open_backup_json(const OpenBackup& open) {
  Json marks = Json::array();
  for (const auto& mark : open.marks) {
    marks.push_back({{"time", rfc3339(mark.at)},
                     {"mark", std::string(to_string(mark.mark))},
                     {"detail", text_or_null(mark.detail)}});
  }
  return {{"backup_id", open.backup.str()},
          {"instance_id", open.instance.str()},
          {"name", text_or_null(open.name)},
          {"region", open.region},
          {"begun", rfc3339(open.opened)},
          {"start_when", open.start_when},
          {"found_stopped", open.found_stopped},
          {"holder", open.holder},
          {"marks", marks}};
}

}  // namespace

void write_past_run_json(const PastRun& run, bool only_failed, std::ostream& output) {
  Json backups = Json::array();
  for (const auto& record : run.ended) {
    if (went_wrong(record) || !only_failed) {
      backups.push_back(record_json(record));
    }
  }
  Json under_way = Json::array();
  for (const auto& open : run.under_way) {
    under_way.push_back(open_backup_json(open));
  }
  write_line(output, {{"message_type", "run"},
                      {"run_id", run.run.str()},
                      {"policy", text_or_null(run.policy())},
                      {"begun", rfc3339(run.begun())},
                      {"latest", run.is_latest},
                      {"backups", backups},
                      {"under_way", under_way}});
}

}  // namespace pitstop
