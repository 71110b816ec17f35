#include "report/json_report.hpp"

#include <nlohmann/json.hpp>

#include "base/contains.hpp"
#include "report/backup_json.hpp"
#include "report/event_json.hpp"
#include "report/json_lines.hpp"
#include "report/restore_json.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

/// Of one server, or of the whole command if `instance` is empty.
Json error_message(const InstanceId& instance, const Error& error) {
  Json message{{"message_type", "error"}, {"instance_id", text_or_null(instance.str())}};
  message.update(error_json(error));
  return message;
}

Json to_json(const BackupPlan& plan) {
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
  return {{"would_stop", plan.stops()},
          {"method", std::string(to_string(plan.options.method))},
          {"prime", plan.is_primed()},
          {"start_when", std::string(to_string(plan.options.start_when))},
          {"max_downtime_seconds", in_seconds(plan.options.max_downtime)},
          {"volumes", volumes},
          {"excluded", excluded}};
}

Json no_plan() {
  return {{"would_stop", nullptr},
          {"method", nullptr},
          {"prime", nullptr},
          {"start_when", nullptr},
          {"max_downtime_seconds", nullptr},
          {"volumes", Json::array()},
          {"excluded", Json::array()}};
}

std::string_view verdict(const Checked& checked) {
  if (!checked.may_begin()) {
    return "refused";
  }
  const bool warned = contains(checked.findings, Severity::warn, &Finding::severity);
  return warned ? "warned" : "safe";
}

}  // namespace

void JsonReport::policy(const PolicyState& state) {
  write_policy_json(state, output_);
}

void JsonReport::saw(const Event& event) {
  output_ << event_json(event) << '\n' << std::flush;
}

void JsonReport::selected(const std::vector<ListedServer>& servers, std::size_t max_down) {
  Json all = Json::array();
  for (const auto& server : servers) {
    Json volumes = Json::array();
    for (const auto& volume : server.volumes) {
      volumes.push_back(
          {{"volume_id", volume.id.str()}, {"size_gib", static_cast<std::int64_t>(volume.size)}});
    }
    all.push_back({{"instance_id", server.instance.id.str()},
                   {"name", text_or_null(server.instance.name().value_or(""))},
                   {"state", std::string(to_string(server.instance.state))},
                   {"site", server.site},
                   {"volumes", volumes}});
  }
  write_line(output_, {{"message_type", "selection"}, {"servers", all}, {"max_down", max_down}});
}

void JsonReport::site_failed(const std::string& site, const Error& error) {
  auto message = error_message({}, within(site, error));
  message["site"] = site;
  write_line(output_, message);
}

void JsonReport::checked(const Checked& checked) {
  Json message{{"message_type", "check"},
               {"instance_id", checked.instance.id.str()},
               {"verdict", std::string(verdict(checked))},
               {"instance_state", std::string(to_string(checked.instance.state))}};
  message.update(checked.plan ? to_json(*checked.plan) : no_plan());
  const auto& past = checked.past_downtime;
  message["past_downtime"] = past ? Json{{"median_seconds", in_seconds(past->median)},
                                         {"worst_seconds", in_seconds(past->worst)}}
                                  : Json(nullptr);
  Json findings = Json::array();
  for (const auto& finding : checked.findings) {
    findings.push_back({{"code", std::string(to_string(finding.code))},
                        {"severity", std::string(to_string(finding.severity))},
                        {"accepted", finding.accepted},
                        {"message", finding.message},
                        {"hint", text_or_null(finding.hint)}});
  }
  message["findings"] = findings;
  write_line(output_, message);
}

void JsonReport::interrupted() {
  diagnostics_ << interruption_line() << std::flush;
}

void JsonReport::failed(const Error& error, int exit_status) {
  auto message = error_message({}, error);
  message["exit_status"] = exit_status;
  write_line(output_, message);
}

void JsonReport::ended(const RunSummary& summary) {
  Json backups = Json::array();
  for (const auto& backup : summary.backups) {
    if (backup.error) {
      write_line(output_, error_message(backup.instance, *backup.error));
    }
    backups.push_back(backup_json(backup));
  }
  write_line(output_, {{"message_type", "summary"},
                       {"run_id", text_or_null(summary.run.str())},
                       {"policy", text_or_null(summary.policy)},
                       {"exit_status", summary.exit_status},
                       {"dry_run", summary.dry_run},
                       {"checked", summary.dry_run ? Json(summary.checked) : Json(nullptr)},
                       {"refused", summary.dry_run ? Json(summary.refused) : Json(nullptr)},
                       {"took_seconds", in_seconds(summary.took)},
                       {"api_calls", summary.api_calls},
                       {"silent_sites", summary.silent_sites},
                       {"backups", backups}});
}

void JsonReport::restored(const RestoreOutcome& outcome, int exit_status) {
  if (outcome.error) {
    write_line(output_, error_message(outcome.original, *outcome.error));
  }
  write_line(output_, outcome_json(outcome, exit_status));
}

void JsonReport::copied(const CopyEnd& end) {
  write_copy_summary_json(end, output_);
}

}  // namespace pitstop
