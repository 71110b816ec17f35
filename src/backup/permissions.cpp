#include "backup/permissions.hpp"

#include <fmt/format.h>

#include "backup/down_tag.hpp"
#include "backup/freezing.hpp"
#include "backup/imaging.hpp"
#include "backup/reservation.hpp"
#include "ec2/instances.hpp"
#include "ec2/snapshots.hpp"
#include "ec2/tags.hpp"
#include "ec2/volumes.hpp"

namespace pitstop {
namespace {

class Trials {
 public:
  Trials(ec2::Caller& caller, const BackupPlan& plan, const Proven& proven, WallTime now)
      : caller_(caller), plan_(plan), proven_(proven), now_(now), stops_(plan.stops()) {}

  Task<std::vector<Finding>> run() {
    co_await try_all();
    list_what_cannot_be_tried();
    co_return std::move(findings_);
  }

 private:
  /// Ends early where EC2 gives no answer: it would give none to the others, either.
  Task<void> try_all() {
    const auto& id = plan_.instance.id;
    const std::vector<InstanceId> ids{id};
    if (stops_ && !proven_.starts.contains(id)) {
      note("StartInstances", co_await ec2::may_start_instances(caller_, ids));
    }
    if (stops_ && answered_ && !proven_.stops.contains(id)) {
      note("StopInstances", co_await ec2::may_stop_instances(caller_, ids));
    }
    const bool marks_are_proven = plan_.rotation.empty() && proven_.marks.contains(id);
    if (answered_ && !plan_.goes_on() && !marks_are_proven) {
      co_await try_tags();
    }
    if (answered_ && stops_ && plan_.options.reserve_capacity) {
      note("CreateCapacityReservation", co_await may_reserve_capacity(caller_, plan_, now_));
    }
    if (answered_ && plan_.options.swap) {
      co_await try_swap(plan_.options.swap->volumes.front());
    }
    if (answered_ && plan_.is_backup()) {
      co_await try_method();
    }
  }

  /// What holds for one volume holds for all, as far as policies go.
  Task<void> try_swap(SwappedVolume volume) {
    const auto& id = plan_.instance.id;
    if (volume.request) {
      note("CreateVolume", co_await ec2::may_create_volume(caller_, *volume.request));
    }
    const auto& some = volume.out.empty() ? volume.in : volume.out;
    if (answered_ && !some.empty()) {
      note("DetachVolume", co_await ec2::may_detach_volume(caller_, some, id));
    }
    if (answered_ && !some.empty()) {
      note("AttachVolume", co_await ec2::may_attach_volume(caller_, some, id, volume.device));
    }
  }

  Task<void> try_tags() {
    const std::vector<std::string> resources{plan_.instance.id.str()};
    ec2::Tags tag{{down_tag_key, plan_.run.str()}};
    if (!plan_.rotation.empty()) {
      tag.push_back({rotation_tag_key, plan_.run.str()});
    }
    note("CreateTags", co_await ec2::may_create_tags(caller_, resources, tag));
    if (answered_) {
      note("DeleteTags", co_await ec2::may_delete_tags(caller_, resources, tag));
    }
  }

  Task<void> try_method() {
    if (plan_.options.method == Method::image) {
      auto request = image_request(plan_, Consistency::at_rest, WallTime());
      note("CreateImage", co_await ec2::may_create_image(caller_, std::move(request)));
    }
    const bool takes_sets = plan_.options.method == Method::snapshots || plan_.is_primed();
    if (answered_ && takes_sets && !plan_.attached_volumes().empty()) {
      auto request = snapshot_request(plan_, Consistency::at_rest, WallTime());
      note("CreateSnapshots", co_await ec2::may_create_snapshots(caller_, std::move(request)));
    }
    for (const auto& volume : plan_.detached_volumes()) {
      if (answered_) {
        auto request = snapshot_request_for(plan_, volume, Consistency::at_rest, WallTime());
        note("CreateSnapshot", co_await ec2::may_create_snapshot(caller_, std::move(request)));
      }
    }
  }

  void note(std::string_view action, const Status& tried) {
    if (tried) {
      return;
    }
    const auto& error = tried.error();
    const auto& id = plan_.instance.id.str();
    const bool forbidden = error.kind == ErrorKind::forbidden;
    auto finding =
        forbidden
            ? found(
                  FindingCode::permission,
                  fmt::format("these credentials may not {} for {}: {}", action, id, error.message),
                  fmt::format("allow ec2:{} in their IAM policy; nothing was stopped", action))
            : found(FindingCode::no_answer,
                    fmt::format("{}: the permissions cannot be checked: {}", id, error.message),
                    error.hint);
    finding.ec2_code = error.code;
    findings_.push_back(std::move(finding));
    answered_ = forbidden;
  }

  void list_what_cannot_be_tried() {
    const auto& id = plan_.instance.id.str();
    if (plan_.goes_on() && plan_.options.approach == Approach::frozen) {
      list(
          fmt::format("{}: ssm:SendCommand with the document {} cannot be tried beforehand; if it "
                      "does not work, no snapshot is taken",
                      id, freeze_document));
    }
    if (!stops_) {
      return;
    }
    if (plan_.options.reserve_capacity) {
      list(fmt::format("{}: ec2:CancelCapacityReservation cannot be tried beforehand", id));
    }
    if (plan_.options.swap) {
      list(
          fmt::format("{}: ec2:CreateTags and DeleteTags of volumes, and DeleteVolume of what does "
                      "not come in, cannot be tried beforehand",
                      id));
    }
    if (plan_.is_primed() && !plan_.options.keep_prime) {
      list(fmt::format("{}: ec2:DeleteSnapshot of what primes it cannot be tried beforehand", id));
    }
    if (plan_.rotation.standby) {
      list(fmt::format("{}: autoscaling:EnterStandby and ExitStandby cannot be tried beforehand",
                       id));
    }
    if (!plan_.rotation.targets.empty()) {
      list(fmt::format(
          "{}: elasticloadbalancing:DeregisterTargets and RegisterTargets cannot be tried "
          "beforehand",
          id));
    }
    if (!plan_.options.guard_role.empty()) {
      list(
          fmt::format("{}: scheduler:CreateSchedule and iam:PassRole of {} cannot be tried "
                      "beforehand; if they are missing, it is not stopped",
                      id, plan_.options.guard_role));
    }
  }

  void list(std::string message) {
    findings_.push_back(found(FindingCode::unproven, std::move(message)));
  }

  ec2::Caller& caller_;
  const BackupPlan& plan_;
  const Proven& proven_;
  WallTime now_;
  bool stops_;
  bool answered_ = true;
  std::vector<Finding> findings_;
};

}  // namespace

Task<std::vector<Finding>> try_permissions(ec2::Caller& caller, const BackupPlan& plan,
                                           const Proven& proven, WallTime now) {
  Trials trials(caller, plan, proven, now);
  co_return co_await trials.run();
}

}  // namespace pitstop
