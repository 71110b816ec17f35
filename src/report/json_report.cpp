#include "report/json_report.hpp"

#include <nlohmann/json.hpp>

namespace pitstop {
namespace {

using Json = nlohmann::ordered_json;

void write_line(std::ostream& output, const Json& message) {
  // Foreign bytes that are not UTF-8 (a tag, an error text) are replaced, not thrown over.
  output << message.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n' << std::flush;
}

Json in_seconds(const std::optional<Duration>& duration) {
  if (!duration) {
    return nullptr;
  }
  return std::chrono::duration_cast<Milliseconds>(*duration).count() / 1000.0;
}

template <class Value>
Json named(const std::optional<Value>& value) {
  if (!value) {
    return nullptr;
  }
  return std::string(to_string(*value));
}

Json to_json(const Error& error) {
  return {{"kind", std::string(to_string(error.kind))},
          {"message", error.message},
          {"hint", error.hint},
          {"code", error.code}};
}

Json to_json(const SnapshotOutcome& taken) {
  const auto& [snapshot, device] = taken;
  return {{"snapshot_id", snapshot.id.str()},
          {"volume_id", snapshot.volume.str()},
          {"device", device},
          {"size_gib", static_cast<std::int64_t>(snapshot.size)},
          {"state", named(snapshot.state)},
          {"progress", snapshot.progress ? Json(*snapshot.progress) : Json(nullptr)}};
}

Json to_json(const BackupOutcome& backup) {
  Json snapshots = Json::array();
  for (const auto& snapshot : backup.snapshots) {
    snapshots.push_back(to_json(snapshot));
  }
  return {{"backup_id", backup.backup.str()},
          {"instance_id", backup.instance.str()},
          {"outcome", std::string(to_string(backup.outcome))},
          {"consistency", named(backup.consistency)},
          {"start_when", std::string(to_string(backup.start_when))},
          {"gate", named(backup.gate)},
          {"downtime_seconds", in_seconds(backup.downtime)},
          {"left_down", backup.left_down},
          {"phases",
           {{"stop_seconds", in_seconds(backup.phases.stop)},
            {"snapshot_seconds", in_seconds(backup.phases.snapshot)},
            {"gate_seconds", in_seconds(backup.phases.gate)},
            {"start_seconds", in_seconds(backup.phases.start)}}},
          {"snapshots", snapshots},
          {"image_id", nullptr},
          {"api_calls", backup.api_calls},
          {"error", backup.error ? to_json(*backup.error) : Json(nullptr)}};
}

}  // namespace

void JsonReport::saw(const Event& event) {
  Json message{{"message_type", "event"},
               {"time", rfc3339(event.time)},
               {"instance_id", event.instance.str()},
               {"step", std::string(to_string(event.step))}};
  if (!event.detail.empty()) {
    message["detail"] = event.detail;
  }
  if (!event.hint.empty()) {
    message["hint"] = event.hint;
  }
  write_line(output_, message);
}

void JsonReport::planned(const BackupPlan& plan) {
  Json volumes = Json::array();
  for (const auto& volume : plan.volumes) {
    volumes.push_back({{"volume_id", volume.id.str()},
                       {"device", plan.device_of(volume.id)},
                       {"size_gib", static_cast<std::int64_t>(volume.size)},
                       {"type", volume.type}});
  }
  Json excluded = Json::array();
  for (const auto& volume : plan.excluded) {
    excluded.push_back({{"volume_id", volume.volume.str()}, {"device", volume.device}});
  }
  write_line(output_, {{"message_type", "plan"},
                       {"instance_id", plan.instance.id.str()},
                       {"instance_state", std::string(to_string(plan.instance.state))},
                       {"would_stop", !plan.found_stopped()},
                       {"start_when", std::string(to_string(plan.options.start_when))},
                       {"max_downtime_seconds", in_seconds(plan.options.max_downtime)},
                       {"volumes", volumes},
                       {"excluded", excluded},
                       {"notes", plan.notes}});
}

void JsonReport::failed(const Error& error, int exit_status) {
  Json message{{"message_type", "error"}};
  message.update(to_json(error));
  message["exit_status"] = exit_status;
  write_line(output_, message);
}

void JsonReport::ended(const RunSummary& summary) {
  Json backups = Json::array();
  for (const auto& backup : summary.backups) {
    backups.push_back(to_json(backup));
  }
  write_line(output_, {{"message_type", "summary"},
                       {"run_id", summary.run.str()},
                       {"exit_status", summary.exit_status},
                       {"dry_run", summary.dry_run},
                       {"took_seconds", in_seconds(summary.took)},
                       {"api_calls", summary.api_calls},
                       {"backups", backups}});
}

}  // namespace pitstop
