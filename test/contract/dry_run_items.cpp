// Dry runs: what pitstop asks before it stops anything.

#include <fmt/format.h>

#include "contract/cloud.hpp"
#include "ec2/dry_run.hpp"

namespace pitstop::test {
namespace {

constexpr std::string_view would_work = "a dry run answers that it would work";

void expect_would_work(Subject& subject, std::string_view action, const Status& status) {
  subject.expect(fmt::format("{}: {}", action, would_work), status.has_value(),
                 status ? "" : status.error().message);
}

CONTRACT(DryRunsChangeNoServer) {
  const auto server = co_await launch(subject);
  expect_would_work(subject, "StopInstances",
                    co_await ec2::may_stop_instances(subject.caller, {server.id}));
  expect_would_work(subject, "StartInstances",
                    co_await ec2::may_start_instances(subject.caller, {server.id}));
  ec2::Call terminate{.action = "TerminateInstances"};
  terminate.parameters.add("InstanceId.1", server.id);
  expect_would_work(subject, "TerminateInstances",
                    co_await ec2::dry_run(subject.caller, std::move(terminate)));
  const auto after = co_await look_at(subject, server.id);
  subject.expect("a dry run of a stop stops nothing", after.state == ec2::InstanceState::running,
                 std::string(to_string(after.state)));
}

CONTRACT(DryRunsMakeNothing) {
  const auto server = co_await launch(subject);
  const auto request = all_volumes_of(server.id, {{"made-by", "a dry run"}});
  expect_would_work(subject, "CreateSnapshots",
                    co_await ec2::may_create_snapshots(subject.caller, request));
  ec2::Call tag{.action = "CreateTags"};
  tag.parameters.add("ResourceId.1", server.id);
  tag.parameters.add_tags("", {{"made-by", "a dry run"}});
  expect_would_work(subject, "CreateTags", co_await ec2::dry_run(subject.caller, std::move(tag)));
  const ec2::Filter of_root{"volume-id", {root_of(server).str()}};
  const auto snapshots =
      needed("DescribeSnapshots", co_await ec2::describe_snapshots(subject.caller, {}, {of_root}));
  subject.expect("a dry run of CreateSnapshots makes none", snapshots.empty(),
                 fmt::format("{} snapshots", snapshots.size()));
  const auto after = co_await look_at(subject, server.id);
  subject.expect("a dry run of CreateTags makes none", after.tags.empty(), told(after.tags));
}

CONTRACT(DryRunsOfQuestionsAnswerToo) {
  ec2::Call describe{.action = "DescribeSnapshots"};
  describe.parameters.add("Owner.1", "self");
  expect_would_work(subject, "DescribeSnapshots",
                    co_await ec2::dry_run(subject.caller, std::move(describe)));
  ec2::Call instances{.action = "DescribeInstances"};
  expect_would_work(subject, "DescribeInstances",
                    co_await ec2::dry_run(subject.caller, std::move(instances)));
}

}  // namespace
}  // namespace pitstop::test
