#include "restore/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/contains.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

class Comparing {
 public:
  Comparing(const NewServerPlan& plan, const ec2::Instance& made,
            const std::vector<ec2::Volume>& volumes)
      : plan_(plan), made_(made), volumes_(volumes) {}

  std::vector<std::string> run() {
    for (const auto& planned : plan_.volumes) {
      if (!planned.device.empty()) {
        compare(planned);
      }
    }
    for (const auto& attached : made_.volumes) {
      if (!contains(plan_.volumes, attached.device, &PlannedVolume::device)) {
        deviates(fmt::format("it has a volume at {} that was not planned ({})",
                             printable(attached.device), attached.volume.str()));
      }
    }
    compare_server();
    return std::move(deviations_);
  }

 private:
  void deviates(std::string text) { deviations_.push_back(std::move(text)); }

  void compare(const PlannedVolume& planned) {
    const auto attached =
        std::ranges::find(made_.volumes, planned.device, &ec2::AttachedVolume::device);
    if (attached == made_.volumes.end()) {
      deviates(fmt::format("it has no volume at {}", planned.device));
      return;
    }
    const auto volume = std::ranges::find(volumes_, attached->volume, &ec2::Volume::id);
    if (volume == volumes_.end()) {
      deviates(fmt::format("EC2 does not describe the volume at {} ({})", planned.device,
                           attached->volume.str()));
      return;
    }
    const auto what = fmt::format("the volume at {} ({})", planned.device, volume->id.str());
    if (volume->made_from != planned.snapshot) {
      deviates(fmt::format("{} is not made from {}", what, planned.snapshot.str()));
    }
    if (volume->size < planned.size) {
      deviates(fmt::format("{} has {} GiB, and not {}", what,
                           static_cast<std::int64_t>(volume->size),
                           static_cast<std::int64_t>(planned.size)));
    }
    expect(what + " is of the type", volume->type, planned.type);
    expect(what + " has so many IOPS:", volume->iops, planned.iops);
    expect(what + " has a throughput in MiB/s of", volume->throughput, planned.throughput);
  }

  void compare_server() {
    const auto& launch = plan_.launch;
    expect("its type is", made_.type, launch.type);
    expect("its subnet is", made_.subnet, launch.subnet);
    expect("its zone is", made_.zone, launch.zone);
    expect("its private address is", made_.private_ip, launch.private_ip);
    expect("its key pair is", made_.key_name, launch.key_name);
    expect("its instance profile is", made_.instance_profile_arn, launch.instance_profile_arn);
    expect("its placement group is", made_.placement_group, launch.placement_group);
    const std::set<std::string> wanted(launch.security_groups.begin(),
                                       launch.security_groups.end());
    const std::set<std::string> found(made_.security_groups.begin(), made_.security_groups.end());
    if (!wanted.empty() && wanted != found) {
      deviates(fmt::format("its security groups are {}, and not {}",
                           join(made_.security_groups, " "), join(launch.security_groups, " ")));
    }
    compare_addresses();
  }

  void compare_addresses() {
    const auto& planned = plan_.launch.interface;
    const auto* primary = made_.primary_interface();
    if (primary == nullptr) {
      return;
    }
    const auto at_least = [&](std::string_view what, std::size_t found, std::size_t wanted) {
      if (found < wanted) {
        deviates(fmt::format("it has {} {} of {}", found, what, wanted));
      }
    };
    at_least("secondary private addresses", primary->secondary_ips.size(),
             planned.secondary_ips.size() + static_cast<std::size_t>(planned.secondary_ip_count));
    at_least("IPv6 addresses", primary->ipv6_addresses.size(),
             planned.ipv6_addresses.size() + static_cast<std::size_t>(planned.ipv6_count));
  }

  /// What the plan leaves to EC2 is right as it is.
  void expect(std::string_view what, const std::string& found, const std::string& wanted) {
    if (!wanted.empty() && found != wanted) {
      deviates(fmt::format("{} {}, and not {}", what, printable(found.empty() ? "none" : found),
                           wanted));
    }
  }
  void expect(std::string_view what, std::optional<int> found, std::optional<int> wanted) {
    if (wanted && found != wanted) {
      deviates(
          fmt::format("{} {}, and not {}", what, found ? std::to_string(*found) : "none", *wanted));
    }
  }

  const NewServerPlan& plan_;
  const ec2::Instance& made_;
  const std::vector<ec2::Volume>& volumes_;
  std::vector<std::string> deviations_;
};

}  // namespace

std::vector<std::string> deviations_of(const NewServerPlan& plan, const ec2::Instance& made,
                                       const std::vector<ec2::Volume>& volumes) {
  Comparing comparing(plan, made, volumes);
  return comparing.run();
}

}  // namespace pitstop
