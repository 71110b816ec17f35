#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/auto_scaling.hpp"
#include "aws/load_balancing.hpp"
#include "backup/rotation.hpp"
#include "backup/tools.hpp"
#include "base/check.hpp"

namespace pitstop {

inline constexpr Duration between_looks_at_rotation = Seconds(5);

/// Where a server is in its rotation: what leaving and coming back have in common.
class Places {
 public:
  Places(Tools tools, InstanceId instance, std::optional<Duration> patience)
      : tools_(tools), instance_(std::move(instance)), patience_(patience) {}

  /// Its place in an Auto Scaling group; nothing if it has none.
  Task<Result<std::optional<GroupMember>>> member() {
    CHECK(tools_.others.auto_scaling != nullptr);
    auto look = [this] {
      const std::vector<InstanceId> one{instance_};
      return tools_.others.auto_scaling->describe_instances(one, patience_);
    };
    auto looking = look_patiently<std::vector<GroupMember>>(std::move(look));
    CO_TRY(const auto members, co_await std::move(looking));
    co_return members.empty() ? std::optional<GroupMember>() : members.front();
  }

  /// Learns the ARNs of the groups that these places are in.
  Task<Status> find_groups(const std::vector<TargetPlace>& places) {
    if (places.empty()) {
      co_return Status();
    }
    CHECK(tools_.others.load_balancing != nullptr);
    auto look = [this] {
      return tools_.others.load_balancing->describe_target_groups({}, patience_);
    };
    auto looking = look_patiently<std::vector<TargetGroup>>(std::move(look));
    CO_TRY(const auto groups, co_await std::move(looking));
    for (const auto& group : groups) {
      arns_[std::string(group_in_arn(group.arn))] = group.arn;
    }
    co_return Status();
  }

  bool is_there(const TargetPlace& place) const { return arns_.contains(place.group); }
  const std::string& arn_of(const TargetPlace& place) const { return arns_.at(place.group); }

  /// How its target in a group is; nothing if the group is not there any more.
  Task<Result<std::optional<TargetHealth>>> health(TargetPlace place) {
    auto look = [this, &place] {
      std::vector<LoadBalancerTarget> targets{place.target};
      return tools_.others.load_balancing->describe_target_health(arn_of(place), std::move(targets),
                                                                  patience_);
    };
    auto looking = look_patiently<std::vector<TargetHealth>>(std::move(look));
    const auto seen = co_await std::move(looking);
    if (!seen && seen.error().kind == ErrorKind::not_found) {
      co_return std::nullopt;
    }
    if (!seen) {
      co_return fail(seen.error());
    }
    co_return seen->empty() ? std::optional<TargetHealth>() : seen->front();
  }

 private:
  /// One refused look does not keep a server out of its rotation.
  template <class Seen>
  Task<Result<Seen>> look_patiently(std::function<Task<Result<Seen>>()> look) {
    const Instant end = tools_.clock.now() + patience_.value_or(Duration());
    while (true) {
      auto seen = co_await look();
      const bool refused = !seen && (seen.error().kind == ErrorKind::forbidden ||
                                     seen.error().kind == ErrorKind::refused);
      if (!refused || tools_.clock.now() >= end) {
        co_return seen;
      }
      co_await tools_.clock.sleep(between_looks_at_rotation);
    }
  }

  Tools tools_;
  InstanceId instance_;
  std::optional<Duration> patience_;
  std::map<std::string, std::string> arns_;  ///< by the ends of them
};

}  // namespace pitstop
