#include "sim/api/instance_types.hpp"

#include <fmt/format.h>

#include <array>

namespace pitstop::sim {
namespace {

struct Size {
  std::string_view name;
  int vcpus;
};

constexpr auto sizes = std::to_array<Size>({
    {"medium", 1},
    {"large", 2},
    {"xlarge", 4},
    {"2xlarge", 8},
    {"4xlarge", 16},
    {"8xlarge", 32},
    {"9xlarge", 36},
    {"12xlarge", 48},
    {"16xlarge", 64},
    {"18xlarge", 72},
    {"24xlarge", 96},
    {"32xlarge", 128},
    {"48xlarge", 192},
});

/// Types whose memory grows with their processors.
struct Family {
  std::string_view name;
  std::string_view architecture;
  int threads_per_core;
  int gib_a_vcpu;
  std::string_view sizes;  ///< with a space before and behind each
  bool nitro = true;
  bool storage = false;
};

constexpr std::string_view intel_5 =
    " large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge ";
constexpr std::string_view intel_5_compute =
    " large xlarge 2xlarge 4xlarge 9xlarge 12xlarge 18xlarge 24xlarge ";
constexpr std::string_view intel_6 =
    " large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge ";
constexpr std::string_view amd_6 =
    " large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge ";
constexpr std::string_view intel_7 =
    " large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge ";
constexpr std::string_view amd_7 =
    " medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge ";
constexpr std::string_view graviton =
    " medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge ";
constexpr std::string_view graviton_8 =
    " medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge ";

constexpr auto families = std::to_array<Family>({
    {"c5", "x86_64", 2, 2, intel_5_compute},
    {"c5a", "x86_64", 2, 2, intel_5},
    {"c5d", "x86_64", 2, 2, intel_5_compute, true, true},
    {"c6a", "x86_64", 2, 2, amd_6},
    {"c6g", "arm64", 1, 2, graviton},
    {"c6i", "x86_64", 2, 2, intel_6},
    {"c7a", "x86_64", 1, 2, amd_7},
    {"c7g", "arm64", 1, 2, graviton},
    {"c7i", "x86_64", 2, 2, intel_7},
    {"c8g", "arm64", 1, 2, graviton_8},
    {"i4i", "x86_64", 2, 8, " large xlarge 2xlarge 4xlarge 8xlarge 16xlarge 32xlarge ", true, true},
    {"m4", "x86_64", 2, 4, " large xlarge 2xlarge 4xlarge 16xlarge ", false},
    {"m5", "x86_64", 2, 4, intel_5},
    {"m5a", "x86_64", 2, 4, intel_5},
    {"m5d", "x86_64", 2, 4, intel_5, true, true},
    {"m6a", "x86_64", 2, 4, amd_6},
    {"m6g", "arm64", 1, 4, graviton},
    {"m6i", "x86_64", 2, 4, intel_6},
    {"m7a", "x86_64", 1, 4, amd_7},
    {"m7g", "arm64", 1, 4, graviton},
    {"m7i", "x86_64", 2, 4, intel_7},
    {"m8g", "arm64", 1, 4, graviton_8},
    {"r5", "x86_64", 2, 8, intel_5},
    {"r5a", "x86_64", 2, 8, intel_5},
    {"r6a", "x86_64", 2, 8, amd_6},
    {"r6g", "arm64", 1, 8, graviton},
    {"r6i", "x86_64", 2, 8, intel_6},
    {"r7a", "x86_64", 1, 8, amd_7},
    {"r7g", "arm64", 1, 8, graviton},
    {"r7i", "x86_64", 2, 8, intel_7},
    {"r8g", "arm64", 1, 8, graviton_8},
});

struct BurstableFamily {
  std::string_view name;
  std::string_view architecture;
  bool nitro;
  int threads_per_core;
  std::array<int, 7> vcpus;  ///< nano, micro, small, medium, large, xlarge, 2xlarge
};

constexpr std::array<std::string_view, 7> burstable_sizes{"nano",  "micro",  "small",  "medium",
                                                          "large", "xlarge", "2xlarge"};
constexpr std::array burstable_mib{512, 1024, 2048, 4096, 8192, 16384, 32768};

constexpr auto burstable = std::to_array<BurstableFamily>({
    {"t2", "x86_64", false, 1, {1, 1, 1, 2, 2, 4, 8}},
    {"t3", "x86_64", true, 2, {2, 2, 2, 2, 2, 4, 8}},
    {"t3a", "x86_64", true, 2, {2, 2, 2, 2, 2, 4, 8}},
    {"t4g", "arm64", true, 1, {2, 2, 2, 2, 2, 4, 8}},
});

constexpr bool nitro = true;
constexpr bool burst = true;
constexpr bool disks = true;
constexpr bool metal = true;

const auto machines = std::to_array<InstanceType>({
    {"c5.metal", "x86_64", 96, 2, 192 * 1024, nitro, !burst, !disks, metal},
    {"i4i.metal", "x86_64", 128, 2, 1024 * 1024, nitro, !burst, disks, metal},
    {"m5.metal", "x86_64", 96, 2, 384 * 1024, nitro, !burst, !disks, metal},
    {"mac2.metal", "arm64_mac", 8, 1, 16 * 1024, nitro, !burst, !disks, metal},
});

InstanceTypes all_types() {
  InstanceTypes all;
  const auto add = [&all](InstanceType type) { all.emplace(type.name, std::move(type)); };
  for (const auto& family : families) {
    for (const auto& size : sizes) {
      if (family.sizes.find(fmt::format(" {} ", size.name)) != std::string_view::npos) {
        add({fmt::format("{}.{}", family.name, size.name), family.architecture, size.vcpus,
             family.threads_per_core, size.vcpus * family.gib_a_vcpu * 1024, family.nitro, false,
             family.storage});
      }
    }
  }
  for (const auto& machine : machines) {
    add(machine);
  }
  for (const auto& family : burstable) {
    for (std::size_t i = 0; i < burstable_sizes.size(); ++i) {
      add({fmt::format("{}.{}", family.name, burstable_sizes[i]), family.architecture,
           family.vcpus[i], family.threads_per_core, burstable_mib[i], family.nitro, true});
    }
  }
  return all;
}

}  // namespace

bool InstanceType::shares_attachments() const {
  const auto generation = name.find_first_of("0123456789");
  return generation == std::string::npos || name[generation] < '7';
}

int InstanceType::most_volumes() const {
  if (!nitro) {
    return 0;
  }
  return shares_attachments() ? 28 : 32;
}

const InstanceTypes& instance_types() {
  static const auto all = all_types();
  return all;
}

const InstanceType* instance_type(std::string_view name) {
  const auto found = instance_types().find(name);
  return found != instance_types().end() ? &found->second : nullptr;
}

std::string_view usual_credits(std::string_view type) {
  return type.starts_with("t2.") ? "standard" : "unlimited";
}

}  // namespace pitstop::sim
