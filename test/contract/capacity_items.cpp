// Capacity reservations: a server's place while it is down.

#include <fmt/format.h>

#include "contract/cloud.hpp"
#include "ec2/capacity.hpp"

namespace pitstop::test {
namespace {

ec2::CapacityRequest one_place(Subject& subject) {
  return {.instance_type = "t3.micro",
          .platform = "Linux/UNIX",
          .zone = zone,
          .tenancy = "default",
          .end = std::chrono::time_point_cast<Milliseconds>(subject.clock.wall()) +
                 std::chrono::hours(24),
          .tags = {{"backup", "b-7"}},
          .client_token = subject.new_token()};
}

Task<ec2::CapacityReservation> find(Subject& subject, std::string id) {
  const auto found = needed(
      "DescribeCapacityReservations",
      co_await ec2::describe_capacity_reservations(subject.caller, {{"tag:backup", {"b-7"}}}));
  if (found.size() != 1 || found[0].id != id) {
    throw CannotGoOn("finding a capacity reservation by its tag",
                     fmt::format("{} reservations", found.size()));
  }
  co_return found[0];
}

CONTRACT(ReservesCapacity) {
  const auto request = one_place(subject);
  const auto id = needed("CreateCapacityReservation",
                         co_await ec2::create_capacity_reservation(subject.caller, request));
  const auto again = needed("a second CreateCapacityReservation",
                            co_await ec2::create_capacity_reservation(subject.caller, request));
  subject.expect("the same token never reserves a second place", again == id, again);
  const auto fresh = co_await find(subject, id);
  subject.expect("a new reservation is active and free",
                 fresh.state == "active" && fresh.available == 1,
                 fmt::format("{} {}", fresh.state, fresh.available));
  const auto server = co_await launch(subject);
  const auto filled = co_await find(subject, id);
  subject.expect("a running server that matches fills an open reservation", filled.available == 0,
                 fmt::format("{} free", filled.available));
  co_await stop(subject, server.id);
  const auto kept = co_await find(subject, id);
  subject.expect("a stopped server leaves its place reserved",
                 kept.state == "active" && kept.available == 1,
                 fmt::format("{} {}", kept.state, kept.available));
  co_await start(subject, server.id);
  needed("CancelCapacityReservation",
         co_await ec2::cancel_capacity_reservation(subject.caller, id));
  const auto over = co_await find(subject, id);
  subject.expect("a cancelled reservation is cancelled",
                 over.state == "cancelled" && over.available == 0,
                 fmt::format("{} {}", over.state, over.available));
  const auto after = co_await look_at(subject, server.id);
  subject.expect("a cancelled reservation leaves its server running",
                 after.state == ec2::InstanceState::running, std::string(to_string(after.state)));
}

CONTRACT(ReservesForRunningServers) {
  co_await launch(subject);
  const auto id = needed("CreateCapacityReservation", co_await ec2::create_capacity_reservation(
                                                          subject.caller, one_place(subject)));
  const auto reservation = co_await find(subject, id);
  subject.expect("a server that runs already takes the place reserved for it",
                 reservation.state == "active" && reservation.available == 0,
                 fmt::format("{} {}", reservation.state, reservation.available));
}

CONTRACT(CancelsNoUnknownReservation) {
  subject.expect_refused(
      "an unknown reservation is not cancelled",
      co_await ec2::cancel_capacity_reservation(subject.caller, "cr-0123456789abcdef0"),
      "InvalidCapacityReservationId.NotFound");
}

}  // namespace
}  // namespace pitstop::test
