#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ec2/caller.hpp"
#include "ec2/model.hpp"
#include "sim/virtual_time.hpp"

namespace pitstop::test {

/// How long things take in a MiniCloud.
struct MiniCloudTimes {
  Duration call = Milliseconds(50);
  Duration stop = Seconds(20);
  Duration start = Seconds(15);
  Duration first_progress = Seconds(10);
  Duration completion = std::chrono::minutes(20);
};

/// One server with three volumes, in virtual time, behind the Caller: enough of EC2 to run the
/// procedure against, and stricter than EC2. It fails the test when snapshots are asked for while
/// the server is not at rest.
class MiniCloud final : public ec2::Caller {
 public:
  explicit MiniCloud(VirtualTime& time, MiniCloudTimes times = {});

  Task<Result<ec2::Reply>> call(ec2::Call call) override;

  struct Recorded {
    std::string action;
    ec2::Parameters parameters;
    Instant at;
  };
  /// Calls other than dry runs, in the order in which they arrived.
  std::vector<Recorded> calls;
  std::size_t count(std::string_view action) const;
  const Recorded& first(std::string_view action) const;
  /// Where the nth call of an action (from 1) stands among the calls; it must be there.
  std::size_t index_of(std::string_view action, int nth) const;

  /// The nth call of `action` (from 1, dry runs not counted) ends with this error; `happens` tells
  /// whether it takes effect all the same, as when only the reply is lost.
  void fail_call(std::string action, int nth, Error error, bool happens = false);
  /// The same for every call of that action from the nth on.
  void fail_from(std::string action, int nth, Error error, bool happens = false);
  /// Nothing fails any more from then on: what was broken has been mended.
  void faults_end_at(Instant when) { faults_end_ = when; }
  /// Faults that no call has met.
  std::vector<std::string> unused_faults() const;

  // The truth, and what a test may do to it.
  ec2::InstanceState state() const;
  void set_state(ec2::InstanceState state, std::string reason = "Client.UserInitiatedShutdown");
  /// The server, whatever it does now, is found stopped from then on.
  void stops_at(Instant when, std::string reason);
  /// After a start EC2 goes on showing the old `stopped` for so long.
  Duration stale_after_start{};
  /// Called with each call as it arrives, dry runs apart.
  std::function<void(const ec2::Call&)> on_call;
  /// The nth call of an action throws: a bug, or want of memory, somewhere below the procedure.
  std::map<std::string, int> throws_at;
  /// The next so many starts are accepted and fall back to `stopped`, as for want of a KMS grant.
  int starts_that_fall_back = 0;
  /// Somebody terminates the server while it stops.
  bool terminates_instead_of_stopping = false;
  /// The snapshots show this state instead of going on to `completed`.
  std::optional<ec2::SnapshotState> snapshots_end_as;
  /// New snapshots are missing from filtered lists for so long.
  Duration invisible_for{};
  /// Ids of volumes for which CreateSnapshots makes no snapshot.
  std::vector<VolumeId> skipped_volumes;
  std::size_t snapshots_made() const { return snapshots_.size(); }
  /// Those that are there, in the order in which they were made.
  std::vector<SnapshotId> snapshots() const {
    std::vector<SnapshotId> ids;
    for (const auto& snapshot : snapshots_) {
      ids.push_back(snapshot.id);
    }
    return ids;
  }

  InstanceId instance{"i-0123456789abcdef0"};
  std::vector<std::pair<VolumeId, std::string>> volumes{
      {VolumeId("vol-0aaaaaaaaaaaaaaa0"), "/dev/sda1"},
      {VolumeId("vol-0bbbbbbbbbbbbbbb0"), "/dev/sdf"},
      {VolumeId("vol-0ccccccccccccccc0"), "/dev/sdg"}};
  ec2::Tags instance_tags{{"Name", "web-1"}};
  std::map<VolumeId, ec2::Tags> volume_tags;
  std::string public_ip;

 private:
  struct Fault {
    std::string action;
    int nth;
    bool goes_on;
    Error error;
    bool happens;
    bool used = false;
  };
  struct MadeSnapshot {
    SnapshotId id;
    VolumeId volume;
    Instant made;
    std::string backup;
  };

  Fault* fault_for(const ec2::Call& call);
  Result<std::string> answer(const ec2::Call& call);
  void give_reason(std::string reason);
  std::string stop(bool forced);
  std::string start();
  std::string change_tags(const ec2::Call& call);
  std::string create_snapshots(const ec2::Call& call);
  std::string describe_instances(const ec2::Call& call) const;
  std::string describe_volumes() const;
  std::string describe_snapshots(const ec2::Call& call) const;
  std::string snapshot_xml(const MadeSnapshot& snapshot, const char* state_element) const;
  std::string state_xml(const char* element, ec2::InstanceState state) const;

  VirtualTime& time_;
  MiniCloudTimes times_;
  ec2::InstanceState settled_ = ec2::InstanceState::running;
  ec2::InstanceState moving_ = ec2::InstanceState::running;
  Instant settles_at_;
  Instant started_at_;
  std::string reason_;
  std::string transition_reason_;
  int transitions_ = 0;
  std::vector<MadeSnapshot> snapshots_;
  int last_snapshot_ = 0;
  std::vector<Fault> faults_;
  Instant faults_end_ = Instant::max();
  std::map<std::string, int> counts_;
};

}  // namespace pitstop::test
