#include "backup/iam_policy.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "backup/down_tag.hpp"
#include "backup/fast_restore.hpp"
#include "backup/freezing.hpp"
#include "backup/plan.hpp"
#include "backup/priming.hpp"
#include "backup/rotation.hpp"
#include "backup/swap.hpp"

namespace pitstop {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view run_tag = "pitstop:run";
constexpr std::string_view restore_tag = "pitstop:restore";
constexpr auto restored_from_tag = "pitstop:restored-from";

class Policy {
 public:
  explicit Policy(const PolicyScope& scope) : scope_(scope) {}

  std::string run() {
    if (scope_.checks) {
      look();
    }
    if (scope_.lists || scope_.prunes || scope_.restores_in_place || scope_.copies) {
      look_at_backups();
    }
    if (scope_.backs_up) {
      if (scope_.stops) {
        allow("Stop", {"ec2:StopInstances"}, {ec2("instance")});
      }
      take_snapshots();
      if (scope_.makes_images) {
        make_images();
      }
      if (scope_.freezes) {
        freeze();
      }
    }
    if (scope_.backs_up || scope_.recovers) {
      tag_its_own();
    }
    if (scope_.stops && (scope_.backs_up || scope_.recovers)) {
      start();
      mark();
      leave_rotation();
      if (scope_.removes_primes) {
        allow("RemoveWhatPrimed", {"ec2:DeleteSnapshot"}, {snapshots()},
              {{"StringEquals",
                {{fmt::format("aws:ResourceTag/{}", prime_tag_key), prime_to_remove}}}});
      }
      if (scope_.reserves_capacity) {
        reserve();
      }
      if (!scope_.guard_role.empty()) {
        guard();
      }
    }
    if (scope_.prunes) {
      prune();
    }
    if (scope_.copies) {
      copy();
    }
    if (scope_.restores || scope_.restores_in_place) {
      make_volumes();
    }
    if (scope_.restores) {
      launch();
    }
    if (scope_.restores_fast) {
      restore_fast();
    }
    const Json policy{{"Version", "2012-10-17"}, {"Statement", statements_}};
    return policy.dump(2) + '\n';
  }

 private:
  void allow(std::string_view sid, std::vector<std::string> actions,
             std::vector<std::string> resources, Json condition = {}) {
    Json statement{{"Sid", sid}, {"Effect", "Allow"}, {"Action", actions}, {"Resource", resources}};
    if (!condition.is_null()) {
      statement["Condition"] = std::move(condition);
    }
    statements_.push_back(std::move(statement));
  }

  /// The ARN of things of EC2.
  std::string ec2(std::string_view things) const {
    return fmt::format("arn:{}:ec2:{}:{}:{}/*", scope_.partition, scope_.region, scope_.account,
                       things);
  }

  /// Snapshots belong to no account in their ARNs.
  std::string snapshots() const {
    return fmt::format("arn:{}:ec2:{}::snapshot/*", scope_.partition, scope_.region);
  }

  std::string images() const {
    return fmt::format("arn:{}:ec2:{}::image/*", scope_.partition, scope_.region);
  }

  /// Of any account: the keys of many belong to one that keeps them for all.
  std::string keys() const {
    return fmt::format("arn:{}:kms:{}:*:key/*", scope_.partition, scope_.region);
  }

  /// EC2, under both of its names where it has two (IAM User Guide, "AWS services in China").
  std::vector<std::string> ec2_principals() const {
    std::vector<std::string> names{"ec2.amazonaws.com"};
    if (scope_.partition == "aws-cn") {
      names.emplace_back("ec2.amazonaws.com.cn");
    }
    return names;
  }

  static Json has_tag(std::string_view which, std::string_view key) {
    return {{"Null", {{fmt::format("aws:{}/{}", which, key), "false"}}}};
  }

  Json in_region() const {
    return scope_.region == "*" ? Json()
                                : Json{{"StringEquals", {{"aws:RequestedRegion", scope_.region}}}};
  }

  void look() {
    std::vector<std::string> actions{"ec2:DescribeInstances", "ec2:DescribeSnapshots",
                                     "ec2:DescribeVolumes", "ec2:GetLaunchTemplateData",
                                     // EC2 asks for them while it answers the call before, and so
                                     // does pitstop where that answer leaves the credits out.
                                     "ec2:DescribeInstanceCreditSpecifications",
                                     "ec2:DescribeSpotInstanceRequests"};
    if (scope_.stops) {
      for (const auto* what : {"InstanceStatus", "InstanceTypes"}) {
        actions.push_back(fmt::format("ec2:Describe{}", what));
      }
    }
    if (scope_.reserves_capacity) {
      actions.emplace_back("ec2:DescribeCapacityReservations");
      actions.emplace_back("ec2:DescribePlacementGroups");
    }
    if (scope_.makes_images) {
      actions.emplace_back("ec2:DescribeImages");
    }
    if (scope_.restores) {
      actions.emplace_back("ec2:DescribeAddresses");
      actions.emplace_back("ec2:GetInstanceUefiData");
    }
    allow("Look", std::move(actions), {"*"}, in_region());
    allow("LookAtAttributes", {"ec2:DescribeInstanceAttribute"}, {ec2("instance")});
    if (scope_.stops) {
      look_at_who_would_notice();
    }
  }

  /// What there is of them, and of their servers.
  void look_at_backups() {
    std::vector<std::string> actions{"ec2:DescribeImages", "ec2:DescribeInstances",
                                     "ec2:DescribeSnapshots", "ec2:DescribeVolumes"};
    if (scope_.prunes) {
      actions.emplace_back("ec2:DescribeLockedSnapshots");
    }
    allow("LookAtBackups", std::move(actions), {"*"}, in_region());
  }

  /// Only what carries the run that made it; an image of a restore carries its backup.
  void prune() {
    allow("RemoveBackups", {"ec2:DeleteSnapshot", "ec2:CreateTags", "ec2:DeleteTags"},
          {snapshots()}, has_tag("ResourceTag", run_tag));
    allow("RemoveTheirImages", {"ec2:DeregisterImage"}, {images()},
          has_tag("ResourceTag", run_tag));
    allow("RemoveImagesOfRestores", {"ec2:DeregisterImage"}, {images()},
          has_tag("ResourceTag", restore_tag));
  }

  /// Where the copies are, and where the originals are open to another account meanwhile. EC2 asks
  /// for the original, too, when it is asked for a copy.
  void copy() {
    allow("CopyBackups", {"ec2:CopySnapshot", "ec2:CopyImage"}, {snapshots(), images()});
    allow("TagCopiesAsTheyAreMade", {"ec2:CreateTags"}, {snapshots(), images()},
          {{"StringEquals", {{"ec2:CreateAction", {"CopySnapshot", "CopyImage"}}}}});
    allow("TagWhatIsCopied", {"ec2:CreateTags", "ec2:DeleteTags"}, {snapshots()},
          has_tag("ResourceTag", run_tag));
    allow("OpenOriginalsToTheAccountOfTheCopies",
          {"ec2:DescribeSnapshotAttribute", "ec2:ModifySnapshotAttribute"}, {snapshots()},
          has_tag("ResourceTag", run_tag));
    allow("RemoveCopiesThatFailed", {"ec2:DeleteSnapshot"}, {snapshots()},
          has_tag("ResourceTag", copied_from_tag_key));
    allow("RemoveImagesThatFailed", {"ec2:DeregisterImage"}, {images()},
          has_tag("ResourceTag", copied_from_tag_key));
    allow("UseKeysForCopies",
          {"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey",
           "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"},
          {keys()}, {{"StringLike", {{"kms:ViaService", "ec2.*"}}}});
  }

  void look_at_who_would_notice() {
    std::vector<std::string> others{"autoscaling:DescribeAutoScalingInstances",
                                    "elasticloadbalancing:DescribeTargetGroups",
                                    "elasticloadbalancing:DescribeTargetHealth"};
    if (scope_.standby) {
      others.emplace_back("autoscaling:DescribeAutoScalingGroups");
    }
    allow("LookAtWhoSendsRequests", std::move(others), {"*"}, in_region());
    allow("LookAtKeys", {"kms:DescribeKey"}, {keys()});
  }

  /// Whoever starts a server attaches its volumes, those with a customer managed key, too.
  void start() {
    allow("Start", {"ec2:StartInstances"}, {ec2("instance")});
    allow("AttachEncryptedVolumes", {"kms:CreateGrant"}, {keys()},
          {{"Bool", {{"kms:GrantIsForAWSResource", "true"}}},
           {"StringLike", {{"kms:ViaService", "ec2.*"}}}});
  }

  void tag_its_own() {
    std::vector<std::string> things{snapshots()};
    if (scope_.makes_images) {
      things.push_back(images());
    }
    allow("TagWhatIsItsOwn", {"ec2:CreateTags"}, std::move(things),
          has_tag("ResourceTag", run_tag));
  }

  /// The tag that a server has while it is down.
  void mark() {
    allow("MarkWhatIsDown", {"ec2:CreateTags", "ec2:DeleteTags"}, {ec2("instance")},
          {{"ForAllValues:StringEquals", {{"aws:TagKeys", passing_tags()}}}});
  }

  std::vector<std::string> passing_tags() const {
    std::vector<std::string> keys{down_tag_key};
    if (scope_.standby || scope_.drain) {
      keys.emplace_back(rotation_tag_key);
    }
    return keys;
  }

  void leave_rotation() {
    if (scope_.standby) {
      allow("PutIntoStandby", {"autoscaling:EnterStandby", "autoscaling:ExitStandby"},
            {fmt::format("arn:{}:autoscaling:{}:{}:autoScalingGroup:*:autoScalingGroupName/*",
                         scope_.partition, scope_.region, scope_.account)});
    }
    if (scope_.drain) {
      allow("Drain",
            {"elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"},
            {fmt::format("arn:{}:elasticloadbalancing:{}:{}:targetgroup/*", scope_.partition,
                         scope_.region, scope_.account)});
    }
  }

  void take_snapshots() {
    allow("SnapshotVolumes", {"ec2:CreateSnapshots"}, {ec2("instance"), ec2("volume")});
    std::vector<std::string> actions{"ec2:CreateSnapshots"};
    std::vector<std::string> makers{"CreateSnapshots"};
    if (scope_.takes_detached) {
      allow("SnapshotDetachedVolumes", {"ec2:CreateSnapshot"}, {ec2("volume")});
      actions.emplace_back("ec2:CreateSnapshot");
      makers.emplace_back("CreateSnapshot");
    }
    allow("MakeSnapshotsThatSayWhose", std::move(actions), {snapshots()},
          has_tag("RequestTag", run_tag));
    allow("TagSnapshotsAsTheyAreMade", {"ec2:CreateTags"}, {snapshots()},
          {{"StringEquals", {{"ec2:CreateAction", std::move(makers)}}}});
  }

  void make_images() {
    allow("ImageServers", {"ec2:CreateImage"}, {ec2("instance")});
    allow("MakeImagesThatSayWhose", {"ec2:CreateImage"}, {images(), snapshots()},
          has_tag("RequestTag", run_tag));
    allow("TagImagesAsTheyAreMade", {"ec2:CreateTags"}, {images(), snapshots()},
          {{"StringEquals", {{"ec2:CreateAction", "CreateImage"}}}});
  }

  /// Volumes of snapshots, and where they go.
  void make_volumes() {
    allow("MakeVolumesThatSayWhose", {"ec2:CreateVolume"}, {ec2("volume")},
          has_tag("RequestTag", restore_tag));
    allow("MakeThemOfItsSnapshots", {"ec2:CreateVolume"}, {snapshots()},
          has_tag("ResourceTag", run_tag));
    // A server whose volumes are replaced has the tag of one that is down; one that gets further
    // volumes has none.
    allow("AttachToServers", {"ec2:AttachVolume", "ec2:DetachVolume"}, {ec2("instance")},
          scope_.restores ? Json() : has_tag("ResourceTag", down_tag_key));
    allow("AttachVolumesThatItMade", {"ec2:AttachVolume", "ec2:DetachVolume"}, {ec2("volume")},
          has_tag("ResourceTag", restore_tag));
    allow("AttachVolumesThatItHasReplaced", {"ec2:AttachVolume", "ec2:DetachVolume"},
          {ec2("volume")}, has_tag("ResourceTag", replaced_by_tag_key));
    auto made_of_snapshot = has_tag("ResourceTag", restore_tag);
    made_of_snapshot["ArnLike"] = {{"ec2:ParentSnapshot", snapshots()}};
    allow("DeleteVolumesThatItMade", {"ec2:DeleteVolume"}, {ec2("volume")},
          std::move(made_of_snapshot));
    allow("DeleteVolumesThatItHasReplaced", {"ec2:DeleteVolume"}, {ec2("volume")},
          has_tag("ResourceTag", replaced_by_tag_key));
    allow("UseTheirKeys",
          {"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext",
           "kms:ReEncryptFrom", "kms:ReEncryptTo"},
          {keys()}, {{"StringLike", {{"kms:ViaService", "ec2.*"}}}});
    allow("TagVolumesAsTheyAreMade", {"ec2:CreateTags"}, {ec2("volume")},
          {{"StringEquals", {{"ec2:CreateAction", "CreateVolume"}}}});
    allow("TagVolumesWithItsOwn", {"ec2:CreateTags", "ec2:DeleteTags"}, {ec2("volume")},
          {{"ForAllValues:StringLike", {{"aws:TagKeys", "pitstop:*"}}},
           {"Null", {{"aws:TagKeys", "false"}}}});
    allow("KeepWhatGoesWithTheServer", {"ec2:ModifyInstanceAttribute"}, {ec2("instance")});
  }

  void launch() {
    allow("RegisterImagesThatSayWhose", {"ec2:RegisterImage"}, {images()},
          has_tag("RequestTag", restore_tag));
    allow("RegisterThemOnItsSnapshots", {"ec2:RegisterImage"}, {snapshots()},
          has_tag("ResourceTag", run_tag));
    allow("DeregisterWhatItRegistered", {"ec2:DeregisterImage"}, {images()},
          has_tag("ResourceTag", restore_tag));
    allow("TagWhatIsRegisteredAndLaunched", {"ec2:CreateTags"},
          {images(), ec2("instance"), ec2("volume")},
          {{"StringEquals", {{"ec2:CreateAction", {"RegisterImage", "RunInstances"}}}}});
    allow("LaunchServers", {"ec2:RunInstances"}, {"*"});
    allow("PassTheirProfiles", {"iam:PassRole"},
          {fmt::format("arn:{}:iam::{}:role/*", scope_.partition, scope_.account)},
          {{"StringEquals", {{"iam:PassedToService", ec2_principals()}}}});
    allow("AdoptWhatIsRestored", {"ec2:DeleteTags"}, {ec2("instance")},
          {{"ForAllValues:StringEquals",
            {{"aws:TagKeys", std::vector<std::string>{restored_from_tag}}}}});
    allow("MoveElasticIps", {"ec2:AssociateAddress"}, {"*"});
  }

  /// Of its own snapshots, and whoever prunes or recovers may end what was lost.
  void restore_fast() {
    std::vector<std::string> looks{"ec2:DescribeFastSnapshotRestores"};
    std::vector<std::string> changes{"ec2:DisableFastSnapshotRestores"};
    std::vector<std::string> tagging{"ec2:DeleteTags"};
    if (scope_.restores_in_place) {
      changes.emplace_back("ec2:EnableFastSnapshotRestores");
      tagging.emplace_back("ec2:CreateTags");
    }
    if (scope_.restores) {
      looks.emplace_back("ec2:DescribeSubnets");
    }
    allow("LookAtFastRestores", std::move(looks), {"*"}, in_region());
    allow("RestoreFast", std::move(changes), {snapshots()}, has_tag("ResourceTag", run_tag));
    auto its_own = has_tag("ResourceTag", run_tag);
    its_own["ForAllValues:StringEquals"] = {
        {"aws:TagKeys", std::vector<std::string>{fast_restore_tag_key}}};
    allow("TagWhatIsRestoredFast", std::move(tagging), {snapshots()}, std::move(its_own));
  }

  void freeze() {
    allow("Freeze", {"ssm:SendCommand"},
          {ec2("instance"), fmt::format("arn:{}:ssm:{}:{}:document/{}", scope_.partition,
                                        scope_.region, scope_.account, freeze_document)});
    allow("SeeThatItIsFrozen", {"ssm:GetCommandInvocation"}, {"*"}, in_region());
  }

  void reserve() {
    const auto reservations = ec2("capacity-reservation");
    allow("ReserveCapacity", {"ec2:CreateCapacityReservation"}, {reservations},
          has_tag("RequestTag", run_tag));
    allow("TagReservationsAsTheyAreMade", {"ec2:CreateTags"}, {reservations},
          {{"StringEquals", {{"ec2:CreateAction", "CreateCapacityReservation"}}}});
    allow("CancelReservationsOfItsOwn", {"ec2:CancelCapacityReservation"}, {reservations},
          has_tag("ResourceTag", run_tag));
  }

  void guard() {
    allow("SetAndRemoveTheGuard",
          {"scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:GetSchedule"},
          {fmt::format("arn:{}:scheduler:{}:{}:schedule/default/pitstop-*", scope_.partition,
                       scope_.region, scope_.account)});
    allow("HandTheRoleToTheGuard", {"iam:PassRole"}, {scope_.guard_role},
          {{"StringEquals", {{"iam:PassedToService", "scheduler.amazonaws.com"}}}});
  }

  const PolicyScope& scope_;
  Json statements_ = Json::array();
};

}  // namespace

std::string iam_policy(const PolicyScope& scope) {
  Policy policy(scope);
  return policy.run();
}

}  // namespace pitstop
