// Out of rotation before the stop, and back in it.
//
// Invariants, each with tests that try to break it:
//   1. What is asked of the services is in the journal and on the server before.
//   2. Asking again does no harm: to go into Standby is asked for once, by a server that is in
//   service, and a lost reply is looked for.
//   3. A server that comes back is watched until it is there: what was on its way when its run was
//   killed may arrive after it.

#include "backup/rotating.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "aws/auto_scaling.hpp"
#include "aws/load_balancing.hpp"
#include "backup/rotation_places.hpp"
#include "base/check.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

/// A call that was on its way has arrived by then, and shows.
constexpr Duration late_at_most = std::chrono::minutes(1);

/// The server is up, and nobody else is made to wait.
constexpr Duration patience_of_return = std::chrono::minutes(10);

/// An Auto Scaling group takes its time with what is pending.
constexpr Duration longest_return = std::chrono::minutes(30);

/// How long its health checks are waited for; they depend on what runs on the server.
constexpr Duration longest_recovery = std::chrono::minutes(10);

std::string names_of(const Rotation& rotation) {
  std::vector<std::string> names;
  if (rotation.standby) {
    names.emplace_back("its Auto Scaling group");
  }
  for (const auto& place : rotation.targets) {
    names.push_back(printable(place.name()));
  }
  return join(names, ", ");
}

class Leaving {
 public:
  Leaving(Tools tools, const BackupPlan& plan)
      : tools_(tools),
        id_(plan.instance.id),
        rotation_(plan.rotation),
        deadline_(tools.clock.now() + longest_leave),
        places_(tools, plan.instance.id, {}) {}

  Task<Status> run() {
    tools_.report(id_, Step::draining, names_of(rotation_));
    // Auto Scaling may say no.
    if (rotation_.standby) {
      CO_TRY_STATUS(co_await begin_standby());
    }
    CO_TRY_STATUS(co_await begin_to_drain());
    if (rotation_.standby) {
      CO_TRY_STATUS(co_await wait_for_standby());
    }
    for (const auto& place : rotation_.targets) {
      CO_TRY_STATUS(co_await wait_until_drained(place));
    }
    tools_.report(id_, Step::drained);
    co_return Status();
  }

 private:
  Task<Status> begin_standby() {
    CO_TRY(const auto member, co_await places_.member());
    if (!member || !member->in_service()) {
      co_return fail(ErrorKind::wrong_state,
                     fmt::format("{} is not in service in its Auto Scaling group any more{}",
                                 id_.str(), member ? ": " + printable(member->lifecycle) : ""),
                     "try again when the group has come to rest");
    }
    auto entered = co_await tools_.others.auto_scaling->enter_standby(member->group, id_, true);
    if (!entered && entered.error().kind != ErrorKind::unknown_fate) {
      co_return fail(within(fmt::format("{} cannot go into Standby", id_.str()), entered.error()));
    }
    may_come_until_ = tools_.clock.now() + late_at_most;
    co_return Status();
  }

  Task<Status> begin_to_drain() {
    CO_TRY_STATUS(co_await places_.find_groups(rotation_.targets));
    for (const auto& place : rotation_.targets) {
      if (places_.is_there(place)) {
        std::vector<LoadBalancerTarget> targets{place.target};
        CO_TRY_STATUS(co_await tools_.others.load_balancing->deregister(places_.arn_of(place),
                                                                        std::move(targets)));
      }
    }
    co_return Status();
  }

  Task<Status> wait_for_standby() {
    while (true) {
      CO_TRY(const auto member, co_await places_.member());
      if (member && member->in_standby()) {
        co_return Status();
      }
      const bool may_come =
          member && (member->entering_standby() ||
                     (member->in_service() && tools_.clock.now() < may_come_until_));
      if (!may_come) {
        co_return fail(ErrorKind::wrong_state,
                       fmt::format("{} did not go into Standby: {}", id_.str(),
                                   member ? printable(member->lifecycle) : "it is in no group"),
                       "see the activities of its Auto Scaling group");
      }
      CO_TRY_STATUS(co_await wait_a_little("it is still going into Standby"));
    }
  }

  Task<Status> wait_until_drained(TargetPlace place) {
    while (places_.is_there(place)) {
      CO_TRY(const auto health, co_await places_.health(place));
      if (!health || (!health->registered() && !health->draining())) {
        co_return Status();
      }
      CO_TRY_STATUS(co_await wait_a_little("its targets still drain"));
    }
    co_return Status();
  }

  Task<Status> wait_a_little(const char* why_not) {
    if (tools_.interruption.requested()) {
      co_return fail(ErrorKind::interrupted, "interrupted before it was stopped");
    }
    if (tools_.clock.now() >= deadline_) {
      co_return fail(ErrorKind::deadline,
                     fmt::format("{} is not out of rotation after {}: {}", id_.str(),
                                 human(longest_leave), why_not),
                     "it was not stopped");
    }
    co_await tools_.clock.sleep(between_looks_at_rotation);
    co_return Status();
  }

  Tools tools_;
  InstanceId id_;
  const Rotation& rotation_;
  Instant deadline_;
  Places places_;
  /// What was asked for without an answer shows by then.
  Instant may_come_until_;
};

class Rejoining {
 public:
  Rejoining(Tools tools, InstanceId instance, Rotation rotation, Away away)
      : tools_(tools),
        id_(instance),
        rotation_(std::move(rotation)),
        away_(away),
        begun_(tools.clock.now()),
        places_(tools, std::move(instance), patience_of_return) {}

  Task<Status> run() {
    // Each is tried, whatever came of the others.
    auto first_error = co_await begin_to_return();
    if (rotation_.standby) {
      keep_first(first_error, co_await leave_standby());
    }
    for (const auto& place : rotation_.targets) {
      keep_first(first_error, co_await wait_until_healthy(place));
    }
    if (first_error) {
      tools_.report(id_, Step::in_rotation, names_of(rotation_));
    }
    co_return first_error;
  }

 private:
  static void keep_first(Status& first, Status next) {
    if (first) {
      first = std::move(next);
    }
  }

  Task<Status> begin_to_return() {
    CO_TRY_STATUS(co_await places_.find_groups(rotation_.targets));
    for (const auto& place : rotation_.targets) {
      // Whatever the answer is, the looks tell whether it is registered, and ask again if not.
      co_await enter(place);
    }
    co_return Status();
  }

  /// A group that is gone needs nobody.
  Task<Status> enter(TargetPlace place) {
    if (!places_.is_there(place)) {
      co_return Status();
    }
    std::vector<LoadBalancerTarget> targets{place.target};
    auto entered = co_await tools_.others.load_balancing->register_targets(
        places_.arn_of(place), std::move(targets), patience_of_return);
    const bool gone = !entered && entered.error().kind == ErrorKind::not_found;
    co_return gone ? Status() : entered;
  }

  Task<Status> leave_standby() {
    bool was_away = away_ == Away::yes;
    while (true) {
      CO_TRY(const auto member, co_await places_.member());
      const bool has_left = !member || !comes_back(*member);
      if (has_left || (member->in_service() && (was_away || is_late()))) {
        co_return Status();
      }
      was_away = was_away || !member->in_service();
      if (member->in_standby()) {
        const auto asked = co_await ask_to_leave(*member);
        refused_since_ = asked ? std::nullopt : std::optional(refused_since_.value_or(now()));
        // Whatever the answer is, the looks tell whether it leaves.
        if (!asked && now() - *refused_since_ >= late_at_most) {
          co_return asked;
        }
      }
      if (tools_.clock.now() - begun_ >= longest_return) {
        co_return fail(ErrorKind::deadline,
                       fmt::format("{} is still {} in its Auto Scaling group after {}", id_.str(),
                                   printable(member->lifecycle), human(longest_return)),
                       "see the activities of the group; pitstop recover tries it again");
      }
      co_await tools_.clock.sleep(between_looks_at_rotation);
    }
  }

  Instant now() const { return tools_.clock.now(); }

  /// Not one that its group terminates or lets go.
  static bool comes_back(const GroupMember& member) {
    return member.in_service() || member.in_standby() || member.entering_standby() ||
           member.pending();
  }

  /// What was on its way when a run was killed has arrived.
  bool is_late() const { return tools_.clock.now() - begun_ >= late_at_most; }

  /// It may be too early, and whether it was heard shows at the next look.
  Task<Status> ask_to_leave(GroupMember member) {
    auto asked =
        co_await tools_.others.auto_scaling->exit_standby(member.group, id_, patience_of_return);
    const bool may_show = !asked && (asked.error().kind == ErrorKind::unknown_fate ||
                                     asked.error().kind == ErrorKind::wrong_state);
    co_return may_show ? Status() : asked;
  }

  /// One that is not healthy in time is back all the same: why it is not, its owner must see.
  Task<Status> wait_until_healthy(TargetPlace place) {
    std::string state;
    bool was_away = away_ == Away::yes;
    while (places_.is_there(place) && tools_.clock.now() - begun_ < longest_recovery) {
      CO_TRY(const auto health, co_await places_.health(place));
      const bool well = health && (health->healthy() || health->reason == "Target.NotInUse");
      if (!health || (well && (was_away || is_late()))) {
        co_return Status();
      }
      was_away = was_away || !well;
      if (!health->registered()) {
        CO_TRY_STATUS(co_await enter(place));
      }
      state = well ? "" : printable(health->reason.empty() ? health->state : health->reason);
      co_await tools_.clock.sleep(between_looks_at_rotation);
    }
    if (!state.empty()) {
      tools_.report(id_, Step::warning,
                    fmt::format("{} is registered in {} again, and not healthy after {}: {}",
                                id_.str(), printable(place.name()), human(longest_recovery), state),
                    "see what its health checks ask for");
    }
    co_return Status();
  }

  Tools tools_;
  InstanceId id_;
  Rotation rotation_;
  Away away_;
  Instant begun_;
  std::optional<Instant> refused_since_;
  Places places_;
};

bool may_take(const TargetGroup& group, const TargetPlace& place, const ec2::Instance& instance) {
  const bool is_near = group.vpc.empty() || instance.vpc.empty() || group.vpc == instance.vpc;
  const bool is_its_address =
      place.target.id == instance.private_ip ||
      contains(instance.network_interfaces, place.target.id, &ec2::NetworkInterface::private_ip);
  const bool is_its_own =
      group.target_type == "ip" ? is_its_address : place.target.id == instance.id.str();
  return is_near && is_its_own;
}

}  // namespace

Task<Status> leave_rotation(Tools tools, const BackupPlan& plan) {
  Leaving leaving(tools, plan);
  co_return co_await leaving.run();
}

Task<Status> supports_rotation(Tools tools, ec2::Instance instance, Rotation rotation) {
  if (rotation.targets.empty()) {
    co_return Status();
  }
  CHECK(tools.others.load_balancing != nullptr);
  CO_TRY(const auto groups,
         co_await tools.others.load_balancing->describe_target_groups({}, patience_of_return));
  for (const auto& place : rotation.targets) {
    const auto group = std::ranges::find_if(
        groups, [&](const auto& each) { return group_in_arn(each.arn) == place.group; });
    if (group != groups.end() && !may_take(*group, place, instance)) {
      co_return fail(ErrorKind::refused,
                     fmt::format("its tag names {} in {}, which does not fit the server",
                                 printable(place.target.id), printable(place.name())),
                     "register it by hand: aws elbv2 register-targets");
    }
  }
  co_return Status();
}

Task<Status> rejoin_rotation(Tools tools, InstanceId instance, Rotation rotation, Away away) {
  Rejoining rejoining(tools, std::move(instance), std::move(rotation), away);
  co_return co_await rejoining.run();
}

}  // namespace pitstop
