// Schedules that start servers: the guard. Whether they do is not asked here, for nobody knows what
// time it is there.

#include <fmt/format.h>

#include "contract/cloud.hpp"

namespace pitstop::test {
namespace {

StartSchedule schedule_of(Subject& subject, std::string maker) {
  StartSchedule schedule;
  schedule.name = "pitstop-i-0123456789abcdef0";
  schedule.instance = InstanceId("i-0123456789abcdef0");
  schedule.role_arn = "arn:aws:iam::123456789012:role/pitstop-guard";
  // However fast time runs there, it is not over yet.
  schedule.begin = subject.clock.wall() + std::chrono::years(20);
  schedule.end = schedule.begin + std::chrono::hours(2);
  schedule.description = std::move(maker);
  schedule.client_token = subject.new_token();
  return schedule;
}

CONTRACT(KeepsSchedules) {
  const auto wanted = schedule_of(subject, "run 1");
  needed("CreateSchedule", co_await subject.scheduler.create(wanted));
  const auto found = needed("GetSchedule", co_await subject.scheduler.find(wanted.name));
  const auto checked = check_schedule(found, wanted, region);
  subject.expect("a schedule is found as it was made", checked.has_value(),
                 checked ? "" : checked.error().message);
  needed("DeleteSchedule", co_await subject.scheduler.remove(wanted.name));
  const auto gone = co_await subject.scheduler.find(wanted.name);
  subject.expect("a schedule that was deleted is not found",
                 !gone && gone.error().kind == ErrorKind::not_found,
                 gone ? "it is there" : gone.error().message);
  needed("DeleteSchedule of nothing", co_await subject.scheduler.remove(wanted.name));
}

CONTRACT(HasOneScheduleOfAName) {
  const auto first = schedule_of(subject, "run 1");
  needed("CreateSchedule", co_await subject.scheduler.create(first));
  const auto second = co_await subject.scheduler.create(schedule_of(subject, "run 2"));
  subject.expect("a second schedule of a name is refused",
                 !second && second.error().kind == ErrorKind::held,
                 second ? "it was accepted" : second.error().message);
  const auto there = needed("GetSchedule", co_await subject.scheduler.find(first.name));
  subject.expect("the first one of a name stays", there.description == "run 1", there.description);
  needed("CreateSchedule again", co_await subject.scheduler.create(first));
}

CONTRACT(RefusesSchedulesWithoutAForm) {
  auto wanted = schedule_of(subject, "run 1");
  wanted.name = std::string(65, 'x');
  const auto made = co_await subject.scheduler.create(wanted);
  subject.expect("a name that is too long is refused",
                 !made && made.error().kind == ErrorKind::refused,
                 made ? "it was accepted" : made.error().message);
}

}  // namespace
}  // namespace pitstop::test
