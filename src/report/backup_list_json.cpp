#include <map>
#include <nlohmann/json.hpp>

#include "backup/tag_keys.hpp"
#include "base/bounded_json.hpp"
#include "report/backup_list.hpp"
#include "report/json_lines.hpp"

namespace pitstop {
namespace {

Json bytes_or_null(const std::optional<std::int64_t>& bytes) {
  return bytes ? Json(*bytes) : Json(nullptr);
}

Json snapshot_json(const SetSnapshot& snapshot) {
  return {{"snapshot_id", snapshot.id.str()},
          {"volume_id", snapshot.volume.str()},
          {"device", text_or_null(snapshot.device)},
          {"size_gib", static_cast<std::int64_t>(snapshot.size)},
          {"full_bytes", bytes_or_null(snapshot.full_bytes)},
          {"encrypted", snapshot.encrypted},
          {"archived", snapshot.is_archived},
          {"state", snapshot.state ? Json(std::string(to_string(*snapshot.state))) : Json(nullptr)},
          {"progress", snapshot.progress ? Json(*snapshot.progress) : Json(nullptr)}};
}

Json missing_json(const std::vector<CapturedVolume>& missing) {
  Json all = Json::array();
  for (const auto& [volume, device] : missing) {
    all.push_back({{"volume_id", volume.str()}, {"device", text_or_null(device)}});
  }
  return all;
}

Json left_out_json(const std::vector<LeftOut>& left_out) {
  Json all = Json::array();
  for (const auto& [id, why] : left_out) {
    all.push_back({{"snapshot_id", id.str()}, {"why", why}});
  }
  return all;
}

Json doubles_json(const std::vector<SetSnapshot>& doubles) {
  Json ids = Json::array();
  for (const auto& snapshot : doubles) {
    ids.push_back(snapshot.id.str());
  }
  return ids;
}

Json origin_json(const std::optional<CopyOrigin>& origin) {
  return origin ? Json{{"region", origin->region}, {"account", origin->account}} : Json(nullptr);
}

/// The server as it was captured; null if that cannot be read.
Json configuration_json(const BackupSet& set) {
  const auto text = unpack_configuration(set.tags);
  auto json = text ? parse_bounded_json<Json>(*text) : Json(nullptr);
  return json.is_discarded() ? Json(nullptr) : json;
}

Json backup_json(const ListedBackup& backup) {
  const auto& [set, site, record] = backup;
  Json snapshots = Json::array();
  for (const auto& snapshot : set.snapshots) {
    snapshots.push_back(snapshot_json(snapshot));
  }
  const auto downtime = record ? record->downtime : std::optional<Milliseconds>();
  return {{"message_type", "backup"},
          {"backup_id", set.backup.str()},
          {"run_id", text_or_null(set.run.str())},
          {"instance_id", set.instance.str()},
          {"name", text_or_null(set.name)},
          {"policy", text_or_null(set.policy)},
          {"site", site},
          {"copied_from", origin_json(set.copied_from)},
          {"reason", set.before_restore ? Json(reason_before_restore) : Json(nullptr)},
          {"restore_id", text_or_null(set.before_restore ? set.before_restore->str() : "")},
          {"taken", rfc3339(set.taken)},
          {"state", std::string(to_string(set.state))},
          {"flaw", text_or_null(set.flaw)},
          {"consistency",
           set.consistency ? Json(std::string(to_string(*set.consistency))) : Json(nullptr)},
          {"gate", text_or_null(record ? record->gate : "")},
          {"downtime_seconds", in_seconds(downtime)},
          {"size_gib", static_cast<std::int64_t>(set.size())},
          {"full_bytes", bytes_or_null(set.full_bytes())},
          {"image_id", text_or_null(set.image ? set.image->id.str() : "")},
          {"snapshots", snapshots},
          {"missing", missing_json(set.missing)},
          {"doubles", doubles_json(set.doubles)},
          {"left_out", left_out_json(set.left_out)},
          {"configuration", configuration_json(set)}};
}

Json overdue_json(const std::vector<OverdueServer>& overdue) {
  Json all = Json::array();
  for (const auto& [instance, name, newest_good] : overdue) {
    all.push_back({{"instance_id", instance.str()},
                   {"name", text_or_null(name)},
                   {"newest_good", in_rfc3339(newest_good)}});
  }
  return all;
}

}  // namespace

void write_backup_list_json(const BackupList& list, int exit_status, std::ostream& output) {
  std::map<SetState, std::size_t> of_state;
  for (const auto& backup : list.backups) {
    ++of_state[backup.set.state];
    write_line(output, backup_json(backup));
  }
  write_line(output, {{"message_type", "summary"},
                      {"exit_status", exit_status},
                      {"complete", of_state[SetState::complete]},
                      {"pending", of_state[SetState::pending]},
                      {"incomplete", of_state[SetState::incomplete]},
                      {"failed", of_state[SetState::failed]},
                      {"archived", of_state[SetState::archived]},
                      {"suspect", of_state[SetState::suspect]},
                      {"max_age_seconds", in_seconds(list.max_age)},
                      {"overdue", overdue_json(list.overdue)},
                      {"silent_sites", list.silent_sites}});
}

void write_backup_details_json(const ListedBackup& backup, std::ostream& output) {
  write_line(output, backup_json(backup));
}

}  // namespace pitstop
