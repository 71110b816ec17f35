#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/load_balancing.hpp"
#include "backup/options.hpp"
#include "ec2/model.hpp"

/// Where a server gets its work from: what it is taken out of before its stop, so that nobody
/// counts on it, and brought back into when it runs.
namespace pitstop {

struct AutoScalingGroup;
struct Survey;

/// The tag of a server that is out of rotation, or on its way: what it is to be brought back into.
/// It comes and goes with the tag `pitstop:down`.
inline constexpr auto rotation_tag_key = "pitstop:rotation";

/// A place in a target group.
struct TargetPlace {
  /// The end of the group's ARN, which tells it in its region: "web/73e2d6bc24d8a067".
  std::string group;
  LoadBalancerTarget target;

  /// "web".
  std::string_view name() const;

  bool operator==(const TargetPlace&) const = default;
};

/// The end of a target group's ARN, as a TargetPlace has it.
std::string_view group_in_arn(std::string_view arn);

struct Rotation {
  /// It goes into Standby in its Auto Scaling group, which takes it out of the group's load
  /// balancers, too.
  bool standby = false;
  /// What it is deregistered from.
  std::vector<TargetPlace> targets = {};

  bool empty() const { return !standby && targets.empty(); }

  bool operator==(const Rotation&) const = default;
};

/// The Auto Scaling group in which a server is in service; null if it is not, or nothing is known
/// of the group.
const AutoScalingGroup* group_in_service(const InstanceId& instance, const Survey& survey);

/// Whether one of its members can go into Standby without another one being launched for it.
bool can_spare_one(const AutoScalingGroup& group);

/// Whether the group registers its members there by itself.
bool attaches(const AutoScalingGroup& group, const TargetPlace& place);

/// Whether a server is out of its rotation.
enum class Away {
  no,
  perhaps,  ///< what was asked for may not have been heard, or may be heard yet
  yes,      ///< it was seen to be
};

/// What these options take a running server out of. The Standby of an Auto Scaling group sees to
/// that group's own target groups.
Rotation rotation_of(const ec2::Instance& instance, const Survey& survey,
                     const BackupOptions& options);

/// As a tag's value, in the characters that EC2 takes; longer than the 256 that it takes if there
/// are very many targets.
std::string to_text(const Rotation& rotation, const InstanceId& instance);

/// Nothing if it is not one of ours.
std::optional<Rotation> parse_rotation(std::string_view text, const InstanceId& instance);

/// What the tag of an instance says; an empty one without a tag of ours.
Rotation rotation_in_tag(const ec2::Instance& instance);

}  // namespace pitstop
