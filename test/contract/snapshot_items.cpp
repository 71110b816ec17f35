// Snapshots one by one: finding, paging, deleting, copying, sharing them.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "contract/cloud.hpp"

namespace pitstop::test {
namespace {

using ec2::SnapshotState;

const SnapshotId unknown_snapshot("snap-0123456789abcdef0");

CONTRACT(SnapshotsOneVolume) {
  const auto volume = co_await make_volume(subject);
  const auto snapshot = needed(
      "CreateSnapshot", co_await ec2::create_snapshot(
                            subject.caller, {volume, "alone", {{"backup", "b-2"}}}, Seconds(20)));
  subject.expect("CreateSnapshot answers with the snapshot",
                 snapshot.volume == volume && snapshot.size == ec2::Gibibytes(1) &&
                     told(snapshot.tags) == "backup=b-2",
                 fmt::format("{} {}", snapshot.volume.str(), told(snapshot.tags)));
  subject.expect("CreateSnapshot answers that it is pending",
                 snapshot.state == SnapshotState::pending,
                 snapshot.state ? std::string(to_string(*snapshot.state)) : "no state");
  subject.expect_refused(
      "an unknown volume has no snapshot made",
      co_await ec2::create_snapshot(subject.caller, {VolumeId("vol-0123456789abcdef0"), "", {}},
                                    Seconds(20)),
      "InvalidVolume.NotFound");
}

CONTRACT(FindsSnapshots) {
  const auto server = co_await launch(subject);
  const auto other = co_await launch(subject);
  const auto wanted = needed(
      "CreateSnapshots", co_await create(subject, all_volumes_of(server.id, {{"backup", "b-3"}})));
  needed("CreateSnapshots",
         co_await create(subject, all_volumes_of(other.id, {{"backup", "b-4"}})));
  const std::vector<ec2::Filter> filters{
      {"tag:backup", {"b-3"}}, {"tag:backup", {"*-3"}}, {"volume-id", {root_of(server).str()}}};
  for (const auto& filter : filters) {
    const auto found =
        needed("DescribeSnapshots", co_await ec2::describe_snapshots(subject.caller, {}, {filter}));
    subject.expect(fmt::format("snapshots are found by {}", filter.name),
                   ids_of(found) == ids_of(wanted), fmt::format("{} snapshots", found.size()));
  }
  const auto both = needed(
      "DescribeSnapshots",
      co_await ec2::describe_snapshots(subject.caller, {}, {{"tag:backup", {"b-3", "b-4"}}}));
  subject.expect("snapshots are found by one of several values", both.size() == 2,
                 fmt::format("{} snapshots", both.size()));
  const auto by_id = needed("DescribeSnapshots",
                            co_await ec2::describe_snapshots(subject.caller, ids_of(both), {}));
  subject.expect("snapshots are found by id", by_id.size() == 2,
                 fmt::format("{} snapshots", by_id.size()));
  const std::vector<ec2::Filter> completed{{"status", {"completed"}}, {"tag:backup", {"b-3"}}};
  const auto early =
      needed("DescribeSnapshots", co_await ec2::describe_snapshots(subject.caller, {}, completed));
  subject.expect("pending snapshots are not found among the completed ones", early.empty(),
                 fmt::format("{} snapshots", early.size()));
  co_await until(subject, wanted[0].id, SnapshotState::completed);
  const auto done =
      needed("DescribeSnapshots", co_await ec2::describe_snapshots(subject.caller, {}, completed));
  subject.expect("snapshots are found by their state", ids_of(done) == ids_of(wanted),
                 fmt::format("{} snapshots", done.size()));
}

CONTRACT(RefusesUnknownSnapshots) {
  const auto server = co_await launch(subject);
  const auto set = co_await snapshots_of(subject, server.id);
  const auto answer =
      co_await ec2::describe_snapshots(subject.caller, {set[0].id, unknown_snapshot}, {});
  subject.expect_refused("one unknown snapshot fails the description of all", answer,
                         "InvalidSnapshot.NotFound");
  subject.expect("the refusal names the unknown snapshot",
                 answer || answer.error().message.contains(unknown_snapshot.str()),
                 answer ? "" : answer.error().message);
  subject.expect_refused(
      "a malformed id of a snapshot is refused",
      co_await ec2::describe_snapshots(subject.caller, {SnapshotId("snap-xyz")}, {}));
  subject.expect_refused("an unknown snapshot is not deleted",
                         co_await ec2::delete_snapshot(subject.caller, unknown_snapshot),
                         "InvalidSnapshot.NotFound");
}

CONTRACT(PagesSnapshots) {
  const auto server = co_await launch_with_data(subject, 6);
  const auto set = co_await snapshots_of(subject, server.id);
  std::map<std::string, int> seen;
  std::string token;
  std::size_t pages = 0;
  do {
    Texts parameters{{"Owner.1", "self"}, {"MaxResults", "5"}};
    if (!token.empty()) {
      parameters.push_back({"NextToken", token});
    }
    const auto reply = needed("DescribeSnapshots",
                              co_await ask(subject, "DescribeSnapshots", std::move(parameters)));
    const auto items = reply.root().child("snapshotSet").children("item");
    for (const auto& item : items) {
      ++seen[item.child_value("snapshotId")];
    }
    subject.expect("a page of snapshots is no longer than asked for",
                   std::ranges::distance(items) <= 5,
                   fmt::format("{} snapshots", std::ranges::distance(items)));
    token = reply.root().child_value("nextToken");
  } while (!token.empty() && ++pages < set.size());
  subject.expect("the pages of snapshots hold each of them once",
                 seen.size() == set.size() &&
                     std::ranges::all_of(seen, [](const auto& each) { return each.second == 1; }),
                 fmt::format("{} of {} snapshots", seen.size(), set.size()));
}

CONTRACT(DeletesSnapshots) {
  const auto server = co_await launch(subject);
  const auto set = co_await complete_snapshots_of(subject, server.id);
  needed("DeleteSnapshot", co_await ec2::delete_snapshot(subject.caller, set[0].id));
  subject.expect_refused("a deleted snapshot is not described any more",
                         co_await ec2::describe_snapshots(subject.caller, {set[0].id}, {}),
                         "InvalidSnapshot.NotFound");
  subject.expect_refused("a snapshot is not deleted twice",
                         co_await ec2::delete_snapshot(subject.caller, set[0].id),
                         "InvalidSnapshot.NotFound");
}

CONTRACT(CopiesSnapshots) {
  const auto volume = co_await make_volume(subject);
  const auto source =
      needed("CreateSnapshot", co_await ec2::create_snapshot(
                                   subject.caller, {volume, "", {{"backup", "b-5"}}}, Seconds(20)));
  ec2::SnapshotCopyRequest request;
  request.source_region = request.destination_region = region;
  request.source = source.id;
  request.tags = {{"copy-of", "b-5"}};
  subject.expect_refused("a pending snapshot is not copied",
                         co_await ec2::copy_snapshot(subject.caller, request));
  co_await until(subject, source.id, SnapshotState::completed);
  const auto copy = needed("CopySnapshot", co_await ec2::copy_snapshot(subject.caller, request));
  subject.expect("a copy is another snapshot", copy != source.id, copy.str());
  const auto shown = co_await until(subject, copy, SnapshotState::completed);
  subject.expect("a copy is of no volume that there is", shown.volume.str() == "vol-ffffffff",
                 shown.volume.str());
  subject.expect("a copy has its own tags and none of its source",
                 told(shown.tags) == "copy-of=b-5", told(shown.tags));
  subject.expect("a copy has its source's size", shown.size == source.size,
                 fmt::format("{} GiB", static_cast<int>(shown.size)));
}

/// A completed snapshot of a new volume.
Task<SnapshotId> make_snapshot(Subject& subject) {
  const auto volume = co_await make_volume(subject);
  const auto snapshot =
      needed("CreateSnapshot",
             co_await ec2::create_snapshot(subject.caller, {volume, "", {}}, Seconds(20)));
  co_await until(subject, snapshot.id, SnapshotState::completed);
  co_return snapshot.id;
}

CONTRACT(LetsCopiesByUnknownKeysFail) {
  ec2::SnapshotCopyRequest request;
  request.source_region = request.destination_region = region;
  request.source = co_await make_snapshot(subject);
  request.encryption = {.encrypted = true, .key = "alias/of-nobody"};
  const auto copy = needed("CopySnapshot", co_await ec2::copy_snapshot(subject.caller, request));
  co_await subject.clock.sleep(std::chrono::minutes(2));
  const auto shown = co_await look_at(subject, copy);
  subject.expect("a copy by an unknown key is accepted, and fails",
                 shown.state == SnapshotState::error,
                 shown.state ? std::string(to_string(*shown.state)) : "no state");
}

/// "222222222222, 333333333333"
Task<std::string> accounts_of(Subject& subject, SnapshotId snapshot) {
  auto accounts = needed("DescribeSnapshotAttribute",
                         co_await ec2::accounts_with_access(subject.caller, std::move(snapshot)));
  std::ranges::sort(accounts);
  co_return join(accounts, ", ");
}

CONTRACT(SharesSnapshots) {
  const auto snapshot = co_await make_snapshot(subject);
  const auto nobody = co_await accounts_of(subject, snapshot);
  subject.expect("a new snapshot is shared with nobody", nobody.empty(), nobody);
  for (const auto* account : {"222222222222", "333333333333", "222222222222"}) {
    needed("ModifySnapshotAttribute",
           co_await ec2::share_snapshot(subject.caller, snapshot, account));
  }
  const auto both = co_await accounts_of(subject, snapshot);
  subject.expect("a snapshot is shared with several accounts, once with each",
                 both == "222222222222, 333333333333", both);
  for (const auto* account : {"333333333333", "444444444444"}) {
    needed("ModifySnapshotAttribute",
           co_await ec2::unshare_snapshot(subject.caller, snapshot, account));
  }
  const auto one = co_await accounts_of(subject, snapshot);
  subject.expect("an account is taken off a shared snapshot", one == "222222222222", one);
  needed("ModifySnapshotAttribute",
         co_await ask(subject, "ModifySnapshotAttribute",
                      {{"SnapshotId", snapshot.str()},
                       {"CreateVolumePermission.Add.1.UserId", "444444444444"}}));
  const auto more = co_await accounts_of(subject, snapshot);
  subject.expect("an account is added as a permission", more == "222222222222, 444444444444", more);
}

CONTRACT(RefusesWrongSharing) {
  const auto snapshot = co_await make_snapshot(subject);
  subject.expect_refused(
      "an unknown snapshot is not shared",
      co_await ec2::share_snapshot(subject.caller, unknown_snapshot, "222222222222"),
      "InvalidSnapshot.NotFound");
  subject.expect_refused("a snapshot is not shared with what is no account",
                         co_await ec2::share_snapshot(subject.caller, snapshot, "2222-2222"));
  const auto nobody = co_await accounts_of(subject, snapshot);
  subject.expect("a refused sharing shares nothing", nobody.empty(), nobody);
}

}  // namespace
}  // namespace pitstop::test
