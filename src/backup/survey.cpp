#include "backup/survey.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/chunks.hpp"
#include "ec2/spot_requests.hpp"

namespace pitstop {
namespace {

/// DescribeInstanceStatus and DescribeInstanceTypes take no more in one call.
constexpr std::size_t most_asked_at_once = 100;

class Surveyor {
 public:
  Surveyor(ec2::Caller& caller, OtherServices others, std::vector<SelectedServer> servers,
           SurveyKind kind)
      : caller_(caller), others_(others), servers_(std::move(servers)), kind_(kind) {}

  Task<Survey> run() {
    if (!kind_.stops) {
      co_return std::move(survey_);  // nobody will notice
    }
    const auto running = running_servers();
    if (running.size() > 1) {
      survey_.proven = co_await try_for_all(caller_, running);
    }
    co_await ask_for_events(running);
    co_await ask_for_types();
    co_await ask_for_placement_groups();
    co_await ask_for_spot_requests();
    co_await ask_for_members();
    co_await ask_for_targets();
    co_await ask_for_keys();
    co_return std::move(survey_);
  }

 private:
  std::vector<InstanceId> running_servers() const {
    std::vector<InstanceId> running;
    for (const auto& server : servers_) {
      if (server.instance.state == ec2::InstanceState::running) {
        running.push_back(server.instance.id);
      }
    }
    return running;
  }

  Task<void> ask_for_events(std::vector<InstanceId> running) {
    for (auto& part : chunks(running, most_asked_at_once)) {
      auto events = co_await ec2::describe_scheduled_events(caller_, std::move(part));
      if (!events) {
        leave_untold("whether AWS has planned an event for a server", events.error());
        co_return;
      }
      std::ranges::move(*events, std::back_inserter(survey_.events));
    }
  }

  Task<void> ask_for_types() {
    std::set<std::string> names;
    for (const auto& server : servers_) {
      names.insert(server.instance.type);
    }
    names.erase("");
    const std::vector<std::string> all(names.begin(), names.end());
    for (auto& part : chunks(all, most_asked_at_once)) {
      const auto types = co_await ec2::describe_instance_types(caller_, std::move(part));
      if (!types) {
        leave_untold("whether a server has an instance store", types.error());
        co_return;
      }
      for (const auto& type : *types) {
        survey_.types[type.name] = type;
      }
    }
  }

  /// Whether a reserved place would be used depends on the group that it is in.
  Task<void> ask_for_placement_groups() {
    std::set<std::string> names;
    std::vector<InstanceId> in_groups;
    for (const auto& server : servers_) {
      if (kind_.reserves && !server.instance.placement_group.empty()) {
        names.insert(server.instance.placement_group);
        in_groups.push_back(server.instance.id);
      }
    }
    const std::vector<std::string> all(names.begin(), names.end());
    for (auto& part : chunks(all, ec2::most_filter_values)) {
      const auto groups = co_await ec2::describe_placement_groups(caller_, std::move(part));
      if (!groups) {
        leave_untold_of(in_groups, "what kind a placement group is of", groups.error());
        co_return;
      }
      for (const auto& group : *groups) {
        survey_.placement_groups[group.name] = group;
      }
    }
  }

  Task<void> ask_for_spot_requests() {
    std::vector<std::string> requests;
    std::vector<InstanceId> spot_instances;
    for (const auto& server : servers_) {
      if (!server.instance.spot_request.empty()) {
        requests.push_back(server.instance.spot_request);
        spot_instances.push_back(server.instance.id);
      }
    }
    for (auto& part : chunks(requests, most_asked_at_once)) {
      auto one_time = co_await ec2::one_time_spot_requests(caller_, std::move(part));
      if (!one_time) {
        leave_untold_of(spot_instances, "whether a Spot Instance can be stopped", one_time.error());
        co_return;
      }
      survey_.one_time_requests.insert(one_time->begin(), one_time->end());
    }
  }

  /// Auto Scaling gives its members a tag, so that the others need not be asked for.
  Task<void> ask_for_members() {
    std::vector<InstanceId> tagged;
    for (const auto& server : servers_) {
      if (ec2::find_tag(server.instance.tags, "aws:autoscaling:groupName")) {
        tagged.push_back(server.instance.id);
      }
    }
    if (tagged.empty() || others_.auto_scaling == nullptr) {
      co_return;
    }
    const auto members = co_await others_.auto_scaling->describe_instances(tagged);
    if (!members) {
      leave_untold_of(tagged, "whether an Auto Scaling group would replace a server",
                      members.error());
      co_return;
    }
    for (const auto& member : *members) {
      survey_.members[member.instance] = member;
    }
    if (kind_.standby) {
      co_await ask_for_scaling_groups();
    }
  }

  Task<void> ask_for_scaling_groups() {
    std::set<std::string> names;
    for (const auto& [instance, member] : survey_.members) {
      names.insert(member.group);
    }
    for (const auto& name : names) {
      auto group = co_await others_.auto_scaling->describe_group(name);
      if (group) {
        survey_.scaling_groups[name] = *std::move(group);
      } else {
        leave_untold_of(members_of(name),
                        fmt::format("whether a server can go into Standby in {}", name),
                        group.error());
      }
    }
  }

  std::vector<InstanceId> members_of(const std::string& group) const {
    std::vector<InstanceId> ids;
    for (const auto& [instance, member] : survey_.members) {
      if (member.group == group) {
        ids.push_back(instance);
      }
    }
    return ids;
  }

  Task<void> ask_for_targets() {
    if (others_.load_balancing == nullptr) {
      co_return;
    }
    const auto groups = co_await others_.load_balancing->describe_target_groups();
    if (!groups) {
      leave_untold("whether a server is a target of a load balancer", groups.error(),
                   Severity::info);
      co_return;
    }
    for (const auto& group : *groups) {
      if (!group.load_balancers.empty()) {
        co_await ask_for_targets_of(group);
      }
    }
  }

  Task<void> ask_for_targets_of(const TargetGroup& group) {
    const auto targets = co_await others_.load_balancing->describe_target_health(group.arn);
    if (!targets) {
      leave_untold(fmt::format("whether a server is a target in {}", group.name), targets.error(),
                   Severity::info);
      co_return;
    }
    std::multimap<std::string, LoadBalancerTarget> registered;  // by instance, or IP address
    for (const auto& health : *targets) {
      if (health.registered()) {
        registered.emplace(health.target.id, health.target);
      }
    }
    for (const auto& server : servers_) {
      for (const auto& id : {server.instance.id.str(), server.instance.private_ip}) {
        const auto [first, last] = registered.equal_range(id);
        for (auto found = first; found != last; ++found) {
          survey_.targets[server.instance.id].push_back(
              {std::string(group_in_arn(group.arn)), found->second});
        }
      }
    }
  }

  Task<void> ask_for_keys() {
    if (others_.keys == nullptr) {
      co_return;
    }
    std::set<std::string> keys;
    for (const auto& server : servers_) {
      for (const auto& volume : server.volumes) {
        keys.insert(volume.kms_key);
      }
    }
    keys.erase("");
    for (const auto& key : keys) {
      const auto described = co_await others_.keys->describe_key(key);
      if (!described) {
        survey_.unknown_keys.emplace(key, described.error());
        co_await try_grant(key);
        continue;
      }
      survey_.keys[key] = *described;
      if (described->enabled && !described->managed_by_aws) {
        co_await try_grant(described->arn);
      }
    }
  }

  Task<void> try_grant(std::string key) {
    const auto tried = co_await others_.keys->may_create_grant(key);
    if (tried) {
      survey_.may_grant.insert(key);
    } else if (tried.error().kind == ErrorKind::forbidden) {
      survey_.no_grant.insert(key);
    }
  }

  static Finding unanswered(std::string_view question, const Error& error, Severity severity) {
    auto finding = found(FindingCode::unproven,
                         fmt::format("it cannot be told {}: {}", question, error.message),
                         error.hint, severity);
    finding.ec2_code = error.code;
    return finding;
  }

  void leave_untold(std::string_view question, const Error& error,
                    Severity severity = Severity::warn) {
    survey_.untold.push_back(unanswered(question, error, severity));
  }

  void leave_untold_of(const std::vector<InstanceId>& servers, std::string_view question,
                       const Error& error) {
    for (const auto& server : servers) {
      survey_.untold_of.emplace(server, unanswered(question, error, Severity::warn));
    }
  }

  ec2::Caller& caller_;
  OtherServices others_;
  std::vector<SelectedServer> servers_;
  SurveyKind kind_;
  Survey survey_;
};

}  // namespace

SurveyKind survey_kind_of(const BackupOptions& options) {
  return {.stops = options.approach == Approach::stop,
          .standby = options.standby,
          .reserves = options.reserve_capacity};
}

Task<Survey> take_survey(ec2::Caller& caller, OtherServices others,
                         std::vector<SelectedServer> servers, SurveyKind kind) {
  Surveyor surveyor(caller, others, std::move(servers), kind);
  co_return co_await surveyor.run();
}

}  // namespace pitstop
