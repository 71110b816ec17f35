#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sites_bench.hpp"

namespace pitstop::test {

/// Servers with two volumes each.
sim::Scenario servers_to_prune(const std::vector<std::string>& names, std::uint64_t seed = 1);

/// Backs the servers "web" and "db" up, a day later each time, and prunes what there is of them
/// then.
class PruneCommand : public testing::Test {
 protected:
  PruneCommand() { bench.add_account(SitesBench::own_account, servers_to_prune({"web", "db"})); }

  sim::Region& region() { return bench.account(SitesBench::own_account).region("us-east-1"); }
  InstanceId server(const std::string& name);
  void pass(Duration duration) { bench.time.run(bench.time.sleep(duration)); }

  void back_up(const std::string& name, std::vector<std::string> more = {});
  void back_up_daily(const std::string& name, int times);

  CommandResult prune(std::vector<std::string> arguments, int status = 0);
  CommandResult delete_all_but(int newest, int status = 0);
  void expect_error(const std::vector<std::string>& arguments, int status,
                    const std::string& message, const std::string& hint);

  /// Those that are there, the oldest first.
  std::vector<sim::Snapshot*> present_snapshots();
  std::size_t snapshots_left() { return present_snapshots().size(); }
  /// So many of those that were made with this one.
  std::size_t left_of_set(const sim::Snapshot& snapshot);

  /// An image that stands on a snapshot.
  ImageId image_on(const sim::Snapshot& snapshot, sim::Tags tags);

  /// The same, as a restore of its backup registers it.
  ImageId image_of_restore_on(const sim::Snapshot& snapshot);

  /// Has been the pre-snapshot of a run that was lost.
  static void make_a_lost_prime(sim::Snapshot& snapshot);

  /// As if it had been made with the tags that it has now.
  static void describe_as_made(sim::Snapshot& snapshot);

  SitesBench bench;
};

}  // namespace pitstop::test
