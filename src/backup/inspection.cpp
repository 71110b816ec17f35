#include "backup/inspection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "backup/down_tag.hpp"
#include "backup/location.hpp"
#include "backup/reservation.hpp"
#include "backup/volume_findings.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

using enum FindingCode;

class Inspector {
 public:
  Inspector(const BackupPlan& plan, const Facts& facts)
      : plan_(plan), instance_(plan.instance), id_(plan.instance.id.str()), facts_(facts) {}

  std::vector<Finding> run() {
    if (plan_.stops()) {
      look_at_the_machine();
      look_at_its_owner();
      look_at_its_market();
      look_at_who_sends_requests();
      look_at_keys();
      look_at_events();
      look_at_reservation();
    }
    std::ranges::move(look_at_volumes(plan_, facts_), std::back_inserter(findings_));
    std::ranges::move(look_at_location(instance_, plan_.options), std::back_inserter(findings_));
    std::ranges::copy(facts_.survey.untold, std::back_inserter(findings_));
    const auto [begin, end] = facts_.survey.untold_of.equal_range(instance_.id);
    for (auto own = begin; own != end; ++own) {
      findings_.push_back(own->second);
    }
    return std::move(findings_);
  }

 private:
  void add(FindingCode code, std::string message, std::string hint = {},
           std::optional<Severity> severity = {}) {
    findings_.push_back(found(code, std::move(message), std::move(hint), severity));
  }

  void look_at_the_machine() {
    if (facts_.own_host == instance_.id) {
      add(own_host, fmt::format("{} is the server that pitstop runs on", id_),
          "it would stop itself and could not start again: run pitstop on another machine");
    }
    if (instance_.hibernation) {
      add(hibernation, fmt::format("{} has hibernation enabled", id_),
          "AWS advises against snapshots of such servers; --accept hibernation if you know that "
          "one restored from them comes up");
    }
    if (instance_.type.starts_with("mac")) {
      add(mac, fmt::format("{} is a Mac ({})", id_, instance_.type),
          "its host is scrubbed after the stop, which takes up to 4.5 hours; --accept mac if that "
          "is all right");
    }
    const auto type = facts_.survey.types.find(instance_.type);
    if (type == facts_.survey.types.end()) {
      return;
    }
    if (type->second.instance_storage) {
      add(instance_store_data,
          fmt::format("{} may have data on an instance store ({}), which the stop destroys", id_,
                      instance_.type),
          "--accept instance-store-data if nothing that matters lies there");
    }
    if (type->second.bare_metal && !instance_.type.starts_with("mac")) {
      add(bare_metal,
          fmt::format("{} is bare metal ({}): it takes some ten minutes to stop and as long to "
                      "start",
                      id_, instance_.type));
    }
  }

  void look_at_its_owner() {
    if (!instance_.managed_by.empty()) {
      add(managed, fmt::format("{} is run by {}", id_, printable(instance_.managed_by)),
          "EC2 lets nobody else stop it");
    }
    if (facts_.attributes.stop_protection == true) {
      add(stop_protection, fmt::format("{} has stop protection", id_),
          fmt::format("aws ec2 modify-instance-attribute --no-disable-api-stop --instance-id {}",
                      id_));
    }
    for (const auto* key : {"aws:ec2:fleet-id", "aws:ec2spot:fleet-request-id"}) {
      if (const auto fleet = ec2::find_tag(instance_.tags, key)) {
        add(fleet_member, fmt::format("{} belongs to the fleet {}", id_, printable(*fleet)),
            "the fleet may replace it once it stops; --accept fleet-member if it does not");
      }
    }
  }

  void look_at_who_sends_requests() {
    const auto member = facts_.survey.members.find(instance_.id);
    if (member != facts_.survey.members.end() && !member->second.in_standby()) {
      look_at_membership(member->second);
    }
    const auto targets = facts_.survey.targets.find(instance_.id);
    if (targets != facts_.survey.targets.end()) {
      look_at_targets(targets->second);
    }
    look_at_rotation();
  }

  void look_at_membership(const GroupMember& member) {
    const auto group = printable(member.group);
    const auto message = fmt::format("{} is {} in the Auto Scaling group {}", id_,
                                     printable(member.lifecycle), group);
    const auto* limits = group_in_service(instance_.id, facts_.survey);
    if (plan_.rotation.standby) {
      add(auto_scaling, message, "it goes into Standby before the stop, and comes back after it",
          Severity::info);
    } else if (!plan_.options.standby) {
      add(auto_scaling, message,
          "the group replaces it when it stops; --standby puts it into Standby meanwhile");
    } else if (limits != nullptr) {
      add(auto_scaling,
          fmt::format("{}, which lets nobody go into Standby: it has {} and wants {} at least",
                      message, limits->desired, limits->min),
          "raise its desired capacity, or lower its least one");
    } else {
      add(auto_scaling, message,
          "the group replaces it when it stops, and only who is in service can go into Standby");
    }
  }

  /// What --drain sees to, what the Standby does, and the rest.
  void look_at_targets(const std::vector<TargetPlace>& places) {
    const auto* group =
        plan_.rotation.standby ? group_in_service(instance_.id, facts_.survey) : nullptr;
    std::vector<std::string> drained;
    std::vector<std::string> cut;
    for (const auto& place : places) {
      const bool leaves =
          contains(plan_.rotation.targets, place) || (group != nullptr && attaches(*group, place));
      auto& names = leaves ? drained : cut;
      names.push_back(printable(place.name()));
    }
    const auto message = fmt::format("{} is a target of a load balancer, in ", id_);
    if (!drained.empty()) {
      add(load_balancer, message + join(drained, ", "),
          "it is deregistered before the stop, and registered again after it", Severity::info);
    }
    if (!cut.empty()) {
      add(load_balancer, message + join(cut, ", "),
          "requests to it fail until it is found healthy again; --drain deregisters it meanwhile");
    }
  }

  /// What it was taken out of has to be in a tag, beside the one that says that it is down.
  void look_at_rotation() {
    if (plan_.rotation.empty()) {
      return;
    }
    if (to_text(plan_.rotation, instance_.id).size() > ec2::longest_tag_value) {
      add(load_balancer, fmt::format("{} is a target in more groups than a tag can name", id_),
          "leave --drain out for it: nobody else could bring it back into them", Severity::refuse);
    }
    const auto tags = std::ranges::count_if(instance_.tags, [](const ec2::Tag& tag) {
      return !tag.key.starts_with("aws:") && !is_passing_tag(tag.key);
    });
    if (static_cast<std::size_t>(tags) + 2 > ec2::most_tags) {
      add(FindingCode::tags,
          fmt::format("{} has {} tags, and no room for {} and {}", id_, tags, down_tag_key,
                      rotation_tag_key),
          "remove some: without those nobody else could bring the server back");
    }
  }

  void look_at_keys() {
    std::set<std::string> seen;
    for (const auto& volume : plan_.volumes) {
      const auto key = facts_.survey.keys.find(volume.kms_key);
      const auto unknown = facts_.survey.unknown_keys.find(volume.kms_key);
      if (!seen.insert(volume.kms_key).second) {
        continue;
      }
      if (key != facts_.survey.keys.end()) {
        look_at_key(volume, key->second);
      } else if (unknown != facts_.survey.unknown_keys.end()) {
        look_at_unknown_key(volume, unknown->second);
      }
    }
  }

  /// "arn:aws:kms:eu-central-1:123456789012:key/…"
  bool is_of_another_account(std::string_view key) const {
    constexpr std::size_t parts_of_arn = 6;
    constexpr std::size_t account = 4;
    const auto parts = split(key, ':');
    return parts.size() == parts_of_arn && !instance_.owner.empty() &&
           parts[account] != instance_.owner;
  }

  /// That a policy of the account's own may allow it by way of EC2 alone is usual, and cannot be
  /// tried; the key of another account is closed unless that one has opened it.
  void look_at_unknown_key(const ec2::Volume& volume, const Error& why) {
    const auto key = printable(volume.kms_key);
    const bool is_refused = why.kind == ErrorKind::forbidden || why.kind == ErrorKind::not_found;
    if (is_refused && facts_.survey.no_grant.contains(volume.kms_key) &&
        is_of_another_account(volume.kms_key) && plan_.options.guard_role.empty()) {
      add(kms_unproven,
          fmt::format("{}: the key of its volume {} belongs to another account, and neither "
                      "kms:DescribeKey nor kms:CreateGrant is allowed: {}",
                      id_, volume.id.str(), key),
          "allow both in these credentials' policy and in the policy of the key; --accept "
          "kms-unproven if the server has started with these credentials before");
    } else {
      add(unproven,
          fmt::format("{}: pitstop cannot see whether the key {} of its volume {} can be used: {}",
                      id_, key, volume.id.str(), why.message),
          why.hint, Severity::warn);
    }
    findings_.back().ec2_code = why.code;
  }

  void look_at_key(const ec2::Volume& volume, const KmsKey& key) {
    if (!key.enabled) {
      add(kms_key,
          fmt::format("{}: the key of its volume {} is {}: {}", id_, volume.id.str(),
                      printable(key.state), printable(key.arn)),
          "it would not start again; enable the key first");
    } else if (!key.managed_by_aws && plan_.options.guard_role.empty() &&
               !facts_.survey.may_grant.contains(key.arn)) {
      add(unproven,
          fmt::format("{}: whoever starts it needs kms:CreateGrant for {}, and a trial of it was "
                      "refused",
                      id_, printable(key.arn)),
          "a policy that allows it by way of EC2 alone, as pitstop iam-policy does, cannot be "
          "tried; without it the start falls back to stopped",
          Severity::warn);
    }
  }

  void look_at_its_market() {
    if (instance_.lifecycle != "spot") {
      return;
    }
    if (facts_.survey.one_time_requests.contains(instance_.spot_request)) {
      add(spot_one_time, fmt::format("{} is a Spot Instance of a one-time request", id_),
          "EC2 cannot stop it, only terminate it");
    } else {
      add(spot, fmt::format("{} is a Spot Instance", id_),
          "it may find no capacity to start again for hours; --accept spot if it may stay down");
    }
  }

  void look_at_events() {
    for (const auto& event : facts_.survey.events) {
      if (event.instance == instance_.id) {
        look_at_event(event);
      }
    }
  }

  void look_at_event(const ec2::ScheduledEvent& event) {
    const WallTime back =
        facts_.now + std::chrono::ceil<Milliseconds>(longest_outage(plan_.options));
    const auto message =
        fmt::format("{} has an event planned by AWS: {}, {}", id_, printable(event.code),
                    event.not_before ? "not before " + rfc3339(*event.not_before) : "at any time");
    if (event.not_before && *event.not_before >= back) {
      add(scheduled_event, message, {}, Severity::info);
    } else {
      add(scheduled_event, message,
          "back it up when that is over; --accept scheduled-event if the event does no harm");
    }
  }

  /// What can be told of it by the server alone, the plan has told.
  void look_at_reservation() {
    if (!plan_.options.reserve_capacity || instance_.placement_group.empty()) {
      return;
    }
    const auto& groups = facts_.survey.placement_groups;
    const auto group = groups.find(instance_.placement_group);
    const auto possible =
        can_be_reserved(instance_, group == groups.end() ? nullptr : &group->second);
    if (!possible) {
      add(reservation, possible.error().message, possible.error().hint);
    }
  }

  const BackupPlan& plan_;
  const ec2::Instance& instance_;
  const std::string& id_;
  const Facts& facts_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> inspect(const BackupPlan& plan, const Facts& facts) {
  Inspector inspector(plan, facts);
  return inspector.run();
}

}  // namespace pitstop
