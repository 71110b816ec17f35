// How servers are found: ids, filters, pages.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "contract/cloud.hpp"

namespace pitstop::test {
namespace {

const InstanceId unknown_instance("i-0123456789abcdef0");
const InstanceId malformed_id("i-xyz");

CONTRACT(RefusesUnknownServers) {
  constexpr auto not_found = "InvalidInstanceID.NotFound";
  subject.expect_refused("an unknown server is not described",
                         co_await ec2::describe_instances(subject.caller, {unknown_instance}, {}),
                         not_found);
  const auto server = co_await launch(subject);
  subject.expect_refused(
      "one unknown server fails the description of all",
      co_await ec2::describe_instances(subject.caller, {server.id, unknown_instance}, {}),
      not_found);
  subject.expect_refused("an unknown server is not stopped",
                         co_await ec2::stop_instances(subject.caller, {unknown_instance}),
                         not_found);
  subject.expect_refused("an unknown server is not started",
                         co_await ec2::start_instances(subject.caller, {unknown_instance}),
                         not_found);
  subject.expect_refused("an unknown server has no snapshots made",
                         co_await create(subject, all_volumes_of(unknown_instance)), not_found);
}

CONTRACT(RefusesMalformedIds) {
  constexpr auto malformed = "InvalidInstanceID.Malformed";
  subject.expect_refused("a malformed id is not described",
                         co_await ec2::describe_instances(subject.caller, {malformed_id}, {}),
                         malformed);
  subject.expect_refused("a malformed id is not stopped",
                         co_await ec2::stop_instances(subject.caller, {malformed_id}), malformed);
  subject.expect_refused("a malformed id is not started",
                         co_await ec2::start_instances(subject.caller, {malformed_id}), malformed);
}

/// What of three servers passes the filters, as their names.
Task<std::string> found(Subject& subject, std::vector<ec2::Filter> filters) {
  const auto instances = needed("DescribeInstances", co_await ec2::describe_instances(
                                                         subject.caller, {}, std::move(filters)));
  std::vector<std::string> names;
  for (const auto& instance : instances) {
    names.push_back(instance.name().value_or("?"));
  }
  std::ranges::sort(names);
  co_return join(names, " ");
}

Task<InstanceId> launch_named(Subject& subject, std::string name, std::string team) {
  auto request = small_server(subject);
  request.tags = {{"Name", name}, {"team", team}};
  const auto server = co_await launch(subject, request);
  co_return server.id;
}

CONTRACT(FiltersServers) {
  const auto one = co_await launch_named(subject, "web-1", "shop");
  co_await launch_named(subject, "web-2", "blog");
  co_await launch_named(subject, "db-1", "shop");
  co_await stop(subject, one);
  const auto expect = [&](std::string_view fact, const std::string& names, std::string wanted) {
    subject.expect(fact, names == wanted, names);
  };
  expect("a filter takes the servers of a state",
         co_await found(subject, {{"instance-state-name", {"running"}}}), "db-1 web-2");
  expect("the values of a filter are alternatives",
         co_await found(subject, {{"instance-state-name", {"running", "stopped"}}}),
         "db-1 web-1 web-2");
  expect("a filter takes the servers with a tag", co_await found(subject, {{"tag:team", {"shop"}}}),
         "db-1 web-1");
  expect("a star in a filter stands for any text",
         co_await found(subject, {{"tag:Name", {"web-*"}}}), "web-1 web-2");
  expect("a question mark in a filter stands for any character",
         co_await found(subject, {{"tag:Name", {"web-?"}}}), "web-1 web-2");
  expect("a filter looks at upper and lower case",
         co_await found(subject, {{"tag:team", {"Shop"}}}), "");
  expect("a filter takes the servers that have a tag at all",
         co_await found(subject, {{"tag-key", {"team"}}}), "db-1 web-1 web-2");
  expect("several filters hold all at once",
         co_await found(subject, {{"tag:team", {"shop"}}, {"instance-state-name", {"running"}}}),
         "db-1");
  expect("a filter that nothing passes gives nothing",
         co_await found(subject, {{"tag:team", {"nobody"}}}), "");
}

CONTRACT(TakesStarsInFiltersAsTheyAre) {
  co_await launch_named(subject, "web-1", "shop");
  co_await launch_named(subject, "web-*", "shop");
  const auto names = co_await found(subject, {{"tag:Name", {"web-\\*"}}});
  subject.expect("a backslash in a filter takes the star's meaning away", names == "web-*", names);
}

CONTRACT(FiltersWhatIsAskedForById) {
  const auto stopped = co_await launch(subject);
  const auto running = co_await launch(subject);
  co_await stop(subject, stopped.id);
  const auto instances = needed("DescribeInstances", co_await ec2::describe_instances(
                                                         subject.caller, {stopped.id, running.id},
                                                         {{"instance-state-name", {"stopped"}}}));
  subject.expect("a filter leaves out servers that were asked for by id",
                 ids_of(instances) == std::vector{stopped.id},
                 fmt::format("{} servers", instances.size()));
  const auto set = co_await snapshots_of(subject, stopped.id);
  co_await until(subject, set[0].id, ec2::SnapshotState::completed);
  const auto snapshots = needed(
      "DescribeSnapshots", co_await ec2::describe_snapshots(subject.caller, {set[0].id},
                                                            {{"status", {"pending", "error"}}}));
  subject.expect("a filter leaves out snapshots that were asked for by id", snapshots.empty(),
                 fmt::format("{} snapshots", snapshots.size()));
}

CONTRACT(FindsVolumesOfSeveralServers) {
  const auto one = co_await launch_with_data(subject, 1);
  const auto two = co_await launch(subject);
  const ec2::Filter of_both{"attachment.instance-id", {one.id.str(), two.id.str()}};
  const auto volumes =
      needed("DescribeVolumes", co_await ec2::describe_volumes(subject.caller, {}, {of_both}));
  subject.expect("the volumes of several servers are found at once", volumes.size() == 3,
                 fmt::format("{} volumes", volumes.size()));
}

CONTRACT(RefusesUnknownFilters) {
  const ec2::Filter unknown{"pitstop", {"x"}};
  constexpr auto invalid = "InvalidParameterValue";
  subject.expect_refused("an unknown filter of servers is refused",
                         co_await ec2::describe_instances(subject.caller, {}, {unknown}), invalid);
  subject.expect_refused("an unknown filter of snapshots is refused",
                         co_await ec2::describe_snapshots(subject.caller, {}, {unknown}), invalid);
  subject.expect_refused("an unknown filter of volumes is refused",
                         co_await ec2::describe_volumes(subject.caller, {}, {unknown}), invalid);
}

CONTRACT(LimitsFilters) {
  const auto many = [&](std::size_t values) {
    const ec2::Filter filter{"tag:Name", std::vector<std::string>(values, "web-1")};
    return ec2::describe_instances(subject.caller, {}, {filter});
  };
  const auto most = co_await many(200);
  subject.expect("a filter takes 200 values", most.has_value(), most ? "" : most.error().message);
  subject.expect_refused("a filter takes no more than 200 values", co_await many(201),
                         "FilterLimitExceeded");
}

constexpr int servers = 7;

CONTRACT(PagesServers) {
  for (int i = 0; i < servers; ++i) {
    needed("RunInstances", co_await ec2::run_instance(subject.caller, small_server(subject)));
  }
  std::map<std::string, int> seen;
  std::string token;
  int pages = 0;
  do {
    Texts parameters{{"MaxResults", "5"}};
    if (!token.empty()) {
      parameters.push_back({"NextToken", token});
    }
    const auto reply = needed("DescribeInstances",
                              co_await ask(subject, "DescribeInstances", std::move(parameters)));
    int on_page = 0;
    for (const auto& reservation : reply.root().child("reservationSet").children("item")) {
      for (const auto& item : reservation.child("instancesSet").children("item")) {
        ++seen[item.child_value("instanceId")];
        ++on_page;
      }
    }
    subject.expect("a page of servers is no longer than asked for", on_page <= 5,
                   fmt::format("{} servers", on_page));
    token = reply.root().child_value("nextToken");
  } while (!token.empty() && ++pages < servers);
  subject.expect("the pages of servers hold each of them once",
                 seen.size() == servers &&
                     std::ranges::all_of(seen, [](const auto& each) { return each.second == 1; }),
                 fmt::format("{} servers", seen.size()));
}

CONTRACT(RefusesWhatCannotBePaged) {
  const auto server = co_await launch(subject);
  subject.expect_refused("ids of servers do not go with pages",
                         co_await ask(subject, "DescribeInstances",
                                      {{"InstanceId.1", server.id.str()}, {"MaxResults", "5"}}),
                         "InvalidParameterCombination");
  subject.expect_refused(
      "a made-up token of a page is refused",
      co_await ask(subject, "DescribeInstances", {{"MaxResults", "5"}, {"NextToken", "pitstop"}}));
}

}  // namespace
}  // namespace pitstop::test
