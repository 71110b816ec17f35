#include "sim/api/throttle.hpp"

#include <algorithm>
#include <array>

#include "sim/scenario/scenario.hpp"

namespace pitstop::sim {

struct Throttle::Limits {
  std::string_view action;
  Rate requests;
  Rate instances = {};      ///< none: any number
  bool whole_list = false;  ///< a bucket apart from that of the same action's other calls
};

Throttle::Limits Throttle::limits_of(std::string_view action, bool listed) {
  static constexpr auto named = std::to_array<Limits>({
      {"CopyImage", {100, 1}},
      {"CreateSnapshot", {100, 5}},
      {"CreateSnapshots", {100, 5}},
      {"CreateTags", {100, 10}},
      {"CreateVolume", {100, 5}},
      {"DeleteSnapshot", {100, 5}},
      {"DeleteTags", {100, 10}},
      {"DeleteVolume", {100, 5}},
      {"DeregisterImage", {100, 5}},
      {"ModifySnapshotAttribute", {100, 5}},
      {"RunInstances", {5, 2}, {1000, 2}},
      {"StartInstances", {5, 2}, {1000, 2}},
      {"StopInstances", {50, 5}, {1000, 20}},
      {"TerminateInstances", {100, 5}, {1000, 20}},
  });
  static_assert(std::ranges::is_sorted(named, {}, &Limits::action));
  // These get less when they neither page nor filter.
  static constexpr auto costly = std::to_array<std::string_view>({
      "DescribeInstanceStatus",
      "DescribeInstances",
      "DescribeNetworkInterfaces",
      "DescribeSecurityGroups",
      "DescribeSnapshots",
      "DescribeVolumes",
  });
  static_assert(std::ranges::is_sorted(costly));

  const auto found = std::ranges::lower_bound(named, action, {}, &Limits::action);
  if (found != named.end() && found->action == action) {
    return *found;
  }
  if (!listed && std::ranges::binary_search(costly, action)) {
    return {action, {50, 10}, {}, true};
  }
  const bool looks = action.starts_with("Describe") || action.starts_with("Get");
  return looks ? Limits{action, {100, 20}} : Limits{action, {50, 5}};
}

Throttle::Throttle(const Throttling& settings)
    : on_(settings.on), share_(std::clamp(1 - settings.neighbour, 0.0, 1.0)) {}

Throttle::Bucket& Throttle::filled(Buckets& buckets, std::string_view name, Rate rate,
                                   Instant now) const {
  auto found = buckets.find(name);
  if (found == buckets.end()) {
    return buckets.emplace(name, Bucket{rate.most, now}).first->second;
  }
  auto& bucket = found->second;
  const double gained = seconds(now - bucket.filled) * rate.a_second * share_;
  bucket = {std::min(rate.most, bucket.tokens + gained), now};
  return bucket;
}

bool Throttle::admit(std::string_view action, bool listed, std::size_t instances, Instant now) {
  if (!on_) {
    return true;
  }
  const auto limits = limits_of(action, listed);
  auto& requests =
      filled(limits.whole_list ? whole_lists_ : requests_, action, limits.requests, now);
  if (requests.tokens < 1) {
    return false;
  }
  if (limits.instances.most > 0) {
    auto& places = filled(instances_, action, limits.instances, now);
    const auto wanted = static_cast<double>(instances);
    if (places.tokens < wanted) {
      return false;
    }
    places.tokens -= wanted;
  }
  requests.tokens -= 1;
  return true;
}

}  // namespace pitstop::sim
