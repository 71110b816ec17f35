#include "report/backup_json.hpp"

#include <nlohmann/json.hpp>

namespace pitstop {
namespace {

template <class Value>
Json named(const std::optional<Value>& value) {
  if (!value) {
    return nullptr;
  }
  return std::string(to_string(*value));
}

Json snapshot_json(const SnapshotOutcome& taken) {
  const auto& [snapshot, device] = taken;
  return {{"snapshot_id", snapshot.id.str()},
          {"volume_id", snapshot.volume.str()},
          {"device", device},
          {"size_gib", static_cast<std::int64_t>(snapshot.size)},
          {"state", named(snapshot.state)},
          {"progress", snapshot.progress ? Json(*snapshot.progress) : Json(nullptr)}};
}

Json elsewhere_json(const std::optional<ElsewhereBackup>& elsewhere) {
  return elsewhere ? Json{{"run_id", elsewhere->run.str()},
                          {"backup_id", elsewhere->backup.str()},
                          {"started", rfc3339(elsewhere->started)}}
                   : Json(nullptr);
}

}  // namespace

Json error_json(const Error& error) {
  return {{"kind", std::string(to_string(error.kind))},
          {"message", error.message},
          {"hint", text_or_null(error.hint)},
          {"code", text_or_null(error.code)}};
}

Json backup_json(const BackupOutcome& backup) {
  Json snapshots = Json::array();
  for (const auto& snapshot : backup.snapshots) {
    snapshots.push_back(snapshot_json(snapshot));
  }
  return {{"backup_id", text_or_null(backup.backup.str())},
          {"instance_id", backup.instance.str()},
          {"outcome", std::string(to_string(backup.outcome))},
          {"consistency", named(backup.consistency)},
          {"start_when", std::string(to_string(backup.start_when))},
          {"gate", named(backup.gate)},
          {"downtime_seconds", in_seconds(backup.downtime)},
          {"went_on", backup.went_on},
          {"left_down", backup.left_down},
          {"recovered", backup.recovered},
          {"left_behind", backup.left_behind},
          {"phases",
           {{"stop_seconds", in_seconds(backup.phases.stop)},
            {"snapshot_seconds", in_seconds(backup.phases.snapshot)},
            {"gate_seconds", in_seconds(backup.phases.gate)},
            {"start_seconds", in_seconds(backup.phases.start)}}},
          {"snapshots", snapshots},
          {"image_id", backup.image ? Json(backup.image->str()) : Json(nullptr)},
          {"api_calls", backup.api_calls},
          {"done_elsewhere", elsewhere_json(backup.elsewhere)},
          {"error", backup.error ? error_json(*backup.error) : Json(nullptr)}};
}

}  // namespace pitstop
