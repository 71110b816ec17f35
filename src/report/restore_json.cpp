#include "report/restore_json.hpp"

#include <nlohmann/json.hpp>

#include "report/backup_json.hpp"
#include "report/event_json.hpp"

namespace pitstop {
namespace {

template <class Number>
Json number_or_null(const std::optional<Number>& number) {
  return number ? Json(*number) : Json(nullptr);
}

Json volume_json(const PlannedVolume& volume, const std::string& device) {
  return {{"device", text_or_null(device)},
          {"snapshot_id", volume.snapshot.str()},
          {"was", volume.was.str()},
          {"size_gib", static_cast<std::int64_t>(volume.size)},
          {"type", volume.type},
          {"iops", number_or_null(volume.iops)},
          {"throughput", number_or_null(volume.throughput)},
          {"delete_on_termination", volume.delete_on_termination}};
}

Json fast_restore_json(const RestorePlan& plan) {
  if (!plan.fast_restore) {
    return nullptr;
  }
  Json ids = Json::array();
  for (const auto& source : plan.fast_restore->sources) {
    ids.push_back(source.snapshot.str());
  }
  return {{"zone", plan.fast_restore->zone},
          {"snapshot_ids", std::move(ids)},
          {"expected_seconds", seconds(plan.fast_restore->expected())}};
}

/// With null for what the kind of restore does not have.
Json common(const RestorePlan& plan) {
  return {{"message_type", "restore_plan"},
          {"restore_id", text_or_null(plan.restore.str())},
          {"kind", std::string(to_string(plan.kind))},
          {"backup_id", plan.backup.str()},
          {"instance_id", plan.instance.str()},
          {"name", text_or_null(plan.name)},
          {"taken", in_rfc3339(plan.taken)},
          {"consistency",
           plan.consistency ? Json(std::string(to_string(*plan.consistency))) : Json(nullptr)},
          {"attach_to", nullptr},
          {"zone", nullptr},
          {"subnet", nullptr},
          {"type", nullptr},
          {"private_ip", nullptr},
          {"image_id", nullptr},
          {"elastic_ips", Json::array()},
          {"volumes", Json::array()},
          {"fast_restore", fast_restore_json(plan)},
          {"stops_server", nullptr},
          {"usual_outage_seconds", nullptr},
          {"safety_backup", nullptr},
          {"losses", plan.losses}};
}

}  // namespace

void write_plan_json(const NewServerPlan& plan, std::ostream& output) {
  auto message = common(plan);
  message["zone"] = text_or_null(plan.launch.zone);
  message["subnet"] = text_or_null(plan.launch.subnet);
  message["type"] = plan.launch.type;
  message["private_ip"] = text_or_null(plan.launch.private_ip);
  message["image_id"] = text_or_null(plan.image ? plan.image->str() : "");
  for (const auto& address : plan.addresses) {
    message["elastic_ips"].push_back(address.public_ip);
  }
  for (const auto& volume : plan.volumes) {
    message["volumes"].push_back(volume_json(volume, volume.device));
  }
  write_line(output, message);
}

void write_plan_json(const VolumesPlan& plan, std::ostream& output) {
  auto message = common(plan);
  message["zone"] = plan.zone;
  message["attach_to"] = text_or_null(plan.attach_to ? plan.attach_to->str() : "");
  for (std::size_t i = 0; i < plan.volumes.size(); ++i) {
    message["volumes"].push_back(
        volume_json(plan.volumes[i], plan.attach_to ? plan.devices[i] : ""));
  }
  write_line(output, message);
}

void write_plan_json(const InPlacePlan& plan, std::ostream& output) {
  auto message = common(plan);
  message["attach_to"] = plan.server.str();
  message["zone"] = plan.zone;
  message["stops_server"] = plan.stops;
  message["usual_outage_seconds"] = in_seconds(plan.usual_outage);
  message["safety_backup"] = plan.swap.safety_backup;
  if (plan.kind == RestoreKind::rollback) {
    message["taken"] = nullptr;
  }
  for (std::size_t i = 0; i < plan.volumes.size(); ++i) {
    auto volume = volume_json(plan.volumes[i], plan.volumes[i].device);
    volume["was"] = text_or_null(plan.swap.volumes[i].out.str());
    message["volumes"].push_back(std::move(volume));
  }
  write_line(output, message);
}

namespace {

Json volumes_json(const std::vector<RestoredVolume>& volumes) {
  Json all = Json::array();
  for (const auto& volume : volumes) {
    all.push_back({{"volume_id", volume.volume.str()},
                   {"device", text_or_null(volume.device)},
                   {"snapshot_id", text_or_null(volume.snapshot.str())}});
  }
  return all;
}

}  // namespace

Json outcome_json(const RestoreOutcome& outcome, int exit_status) {
  return {
      {"message_type", "summary"},
      {"exit_status", exit_status},
      {"restore_id", outcome.restore.str()},
      {"kind", std::string(to_string(outcome.kind))},
      {"backup_id", outcome.backup.str()},
      {"original_id", outcome.original.str()},
      {"instance_id", text_or_null(outcome.server ? outcome.server->str() : "")},
      {"private_ip", text_or_null(outcome.private_ip)},
      {"public_ip", text_or_null(outcome.public_ip)},
      {"checks_passed", outcome.checks_passed},
      {"image_id", text_or_null(outcome.image ? outcome.image->str() : "")},
      {"volumes", volumes_json(outcome.volumes)},
      {"volumes_are",
       outcome.swapped ? Json(std::string(to_string(*outcome.swapped))) : Json(nullptr)},
      {"kept", volumes_json(outcome.kept)},
      {"safety_backup_id", text_or_null(outcome.safety_backup ? outcome.safety_backup->str() : "")},
      {"downtime_seconds", in_seconds(outcome.downtime)},
      {"left_down", outcome.left_down},
      {"left_behind", outcome.left_behind},
      {"took_seconds", in_seconds(outcome.took)},
      {"error", outcome.error ? error_json(*outcome.error) : Json(nullptr)}};
}

}  // namespace pitstop
