#include "backup/reservation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "ec2/capacity.hpp"

namespace pitstop {
namespace {

/// It is cancelled when the server runs; this only ends one that everybody has forgotten.
constexpr Duration longest_life = std::chrono::hours(24);

/// The host's clock made the end, EC2's the beginning.
constexpr Milliseconds longest_life_seen = std::chrono::hours(26);

constexpr Duration active_at_last = std::chrono::minutes(2);
constexpr Duration between_looks_at_reservation = Seconds(1);
constexpr Duration reservation_visible_after = Seconds(15);

ec2::CapacityRequest request_for(const BackupPlan& plan, WallTime now) {
  const auto& instance = plan.instance;
  ec2::CapacityRequest request;
  request.instance_type = instance.type;
  request.platform = ec2::platform_of_reservation(instance.platform_details).value_or("");
  request.zone = instance.zone;
  request.tenancy = instance.tenancy;
  request.placement_group_arn = plan.placement_group_arn;
  request.ebs_optimized = instance.ebs_optimized;
  request.end = now + std::chrono::round<Milliseconds>(longest_life);
  request.tags = {{"Name", fmt::format("pitstop {}", instance.id.str())},
                  {"pitstop:run", plan.run.str()},
                  {"pitstop:instance", instance.id.str()}};
  request.client_token = plan.backup.str();
  return request;
}

bool is_alive(const ec2::CapacityReservation& reservation) {
  return reservation.state == "active" || reservation.state == "pending";
}

/// Tags alone prove nothing: one place, for no longer than a run asks for, is what EC2 shows of
/// those that runs make. Whatever else carries their tags lasts longer, or is for more.
bool is_as_runs_make_it(const ec2::CapacityReservation& reservation) {
  return reservation.total == 1 && reservation.created && reservation.end &&
         *reservation.end - *reservation.created <= longest_life_seen;
}

/// Filters of tags are not among those that EC2 documents for reservations.
Task<Result<std::vector<ec2::CapacityReservation>>> made_by(ec2::Caller& caller, RunId run,
                                                            InstanceId instance) {
  std::vector<ec2::Filter> filters{{"state", {"active", "pending", "failed", "cancelled"}}};
  CO_TRY(auto reservations,
         co_await ec2::describe_capacity_reservations(caller, std::move(filters)));
  std::erase_if(reservations, [&](const ec2::CapacityReservation& reservation) {
    return ec2::find_tag(reservation.tags, "pitstop:run") != run.str() ||
           ec2::find_tag(reservation.tags, "pitstop:instance") != instance.str() ||
           !is_as_runs_make_it(reservation);
  });
  co_return reservations;
}

}  // namespace

namespace {

std::unexpected<Error> not_reservable(const ec2::Instance& instance, const std::string& why) {
  return fail(ErrorKind::refused,
              fmt::format("the place of {} cannot be reserved: {}", instance.id.str(), why),
              "leave --reserve-capacity out for this server");
}

}  // namespace

Status can_be_reserved(const ec2::Instance& instance) {
  if (!instance.lifecycle.empty()) {
    return not_reservable(instance, instance.lifecycle == "spot"
                                        ? "it is a Spot instance"
                                        : "it is a " + printable(instance.lifecycle) + " instance");
  }
  if (instance.tenancy == "host") {
    return not_reservable(instance, "it runs on a Dedicated Host");
  }
  if (instance.hibernation) {
    return not_reservable(
        instance, "it is enabled for hibernation, and a reservation does not hold for that");
  }
  if (instance.capacity_preference == "none") {
    return not_reservable(
        instance,
        "its capacity reservation preference is none: it would not run in it, and "
        "AWS would charge for it");
  }
  if (!instance.capacity_target.empty()) {
    return not_reservable(
        instance, fmt::format("it runs in {} only: another one would be charged for and not "
                              "used",
                              printable(instance.capacity_target)));
  }
  if (instance.partition) {
    return not_reservable(instance, "no reservation is for a placement group of partitions");
  }
  const auto& platform = instance.platform_details;
  if (platform.empty()) {
    return not_reservable(instance, "EC2 does not say which platform it has");
  }
  if (!ec2::platform_of_reservation(platform)) {
    return not_reservable(
        instance,
        platform.starts_with("Windows BYOL")
            ? "EC2 reserves nothing for Windows with a licence of one's own"
            : fmt::format("AWS has no reservation for the platform {}", in_quotes(platform)));
  }
  return {};
}

Status can_be_reserved(const ec2::Instance& instance, const ec2::PlacementGroup* group) {
  const auto name = printable(instance.placement_group);
  if (group == nullptr) {
    return not_reservable(instance,
                          fmt::format("EC2 does not say what its placement group {} is", name));
  }
  if (group->strategy != "cluster") {
    return not_reservable(instance,
                          fmt::format("its placement group {} is of the strategy {}, which no "
                                      "reservation is for",
                                      name, printable(group->strategy)));
  }
  return {};
}

Task<Status> may_reserve_capacity(ec2::Caller& caller, const BackupPlan& plan, WallTime now) {
  return ec2::may_create_capacity_reservation(caller, request_for(plan, now));
}

Task<Status> reserve_capacity(Tools tools, const BackupPlan& plan) {
  auto request = request_for(plan, tools.clock.wall());
  const auto made = co_await ec2::create_capacity_reservation(tools.ec2, std::move(request));
  if (!made) {
    auto error = within("its place cannot be reserved", made.error());
    error.hint = "it was not stopped: it might not have come back; " + error.hint;
    co_return fail(std::move(error));
  }
  const Instant give_up = tools.clock.now() + active_at_last;
  while (true) {
    CO_TRY(const auto reservations, co_await made_by(tools.ec2, plan.run, plan.instance.id));
    const auto ours = std::ranges::find(reservations, *made, &ec2::CapacityReservation::id);
    if (ours != reservations.end() && ours->state == "active") {
      co_return Status();
    }
    const bool failed = ours != reservations.end() && ours->state == "failed";
    if (failed || tools.clock.now() >= give_up) {
      co_return fail(ErrorKind::no_capacity,
                     fmt::format("the capacity reservation {} of {} did not become active", *made,
                                 plan.instance.id.str()),
                     "it was not stopped: it might not have come back");
    }
    co_await tools.clock.sleep(between_looks_at_reservation);
  }
}

Task<Status> cancel_reservation(Tools tools, ec2::Caller& caller, RunId run, InstanceId instance) {
  CO_TRY(auto reservations, co_await made_by(caller, run, instance));
  if (reservations.empty()) {
    co_await tools.clock.sleep(reservation_visible_after);
    CO_TRY(reservations, co_await made_by(caller, run, instance));
  }
  Status first;
  for (const auto& reservation : reservations) {
    if (is_alive(reservation)) {
      auto cancelled = co_await ec2::cancel_capacity_reservation(caller, reservation.id);
      first = first ? std::move(cancelled) : std::move(first);
    }
  }
  if (first) {
    co_return first;
  }
  // What EC2 shows counts, whatever it has answered.
  CO_TRY(const auto left, co_await made_by(caller, run, instance));
  co_return std::ranges::any_of(left, is_alive) ? first : Status();
}

}  // namespace pitstop
