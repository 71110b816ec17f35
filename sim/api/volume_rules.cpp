#include "sim/api/volume_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/result.hpp"

namespace pitstop::sim {
namespace {

struct Range {
  std::int64_t least = 0;
  std::int64_t most = 0;

  bool has(std::int64_t value) const { return least <= value && value <= most; }
};

/// EBS User Guide, "Amazon EBS volume types".
struct Type {
  std::string_view name;
  Range gib;
  Range iops = {};        ///< that may be chosen; none: it comes with the size
  Range throughput = {};  ///< MiB a second, the same
  bool iops_needed = false;
};

constexpr auto types = std::to_array<Type>({
    {"gp2", {1, 16384}},
    {"gp3", {1, 65536}, {3000, 80000}, {125, 2000}},
    {"io1", {4, 16384}, {100, 64000}, {}, true},
    {"io2", {4, 65536}, {100, 256000}, {}, true},
    {"sc1", {125, 16384}},
    {"st1", {125, 16384}},
    {"standard", {1, 1024}},
});

std::unexpected<ApiError> not_for(std::string_view parameter, std::string_view type) {
  return refuse("InvalidParameterCombination",
                fmt::format("The parameter {} is not supported for {} volumes.", parameter, type));
}

Answer<void> check_speed(std::string_view name, std::optional<int> value, Range range,
                         std::string_view type) {
  if (!value) {
    return {};
  }
  if (range.most == 0) {
    return not_for(name, type);
  }
  if (!range.has(*value)) {
    return refuse("InvalidParameterValue",
                  fmt::format("Volume {} of {} is not between {} and {} for {} volumes.", name,
                              *value, range.least, range.most, type));
  }
  return {};
}

}  // namespace

Answer<void> check_volume(const PlannedVolume& plan) {
  const auto type = std::ranges::find(types, plan.type, &Type::name);
  if (type == types.end()) {
    return refuse("InvalidParameterValue",
                  fmt::format("Value ({}) for parameter volumeType is invalid.", plan.type));
  }
  if (!type->gib.has(plan.size_gib)) {
    return refuse("InvalidParameterValue",
                  fmt::format("Volume of {}GiB is not between {}GiB and {}GiB for volume type {}.",
                              plan.size_gib, type->gib.least, type->gib.most, plan.type));
  }
  if (type->iops_needed && !plan.iops) {
    return refuse("MissingParameter",
                  fmt::format("The parameter iops must be specified for {} volumes.", plan.type));
  }
  TRY_STATUS(check_speed("iops", plan.iops, type->iops, plan.type));
  TRY_STATUS(check_speed("throughput", plan.throughput, type->throughput, plan.type));
  return {};
}

std::optional<int> shown_iops(const Volume& volume) {
  if (volume.type == "gp2") {
    return static_cast<int>(std::clamp<std::int64_t>(volume.size_gib * 3, 100, 16000));
  }
  return volume.type == "gp3" ? volume.iops.value_or(3000) : volume.iops;
}

std::optional<int> shown_throughput(const Volume& volume) {
  return volume.type == "gp3" ? volume.throughput.value_or(125) : volume.throughput;
}

std::unexpected<ApiError> key_without_encryption() {
  return refuse("InvalidParameterDependency",
                "The parameter KmsKeyId requires the parameter Encrypted to be set.");
}

void choose_key(const Region& region, PlannedVolume& plan) {
  const auto source = region.snapshots.find(plan.snapshot);
  if (source != region.snapshots.end() && source->second.encrypted && plan.kms_key.empty()) {
    plan.encrypted = true;
    plan.kms_key = source->second.kms_key;
  }
  if (plan.encrypted) {
    plan.kms_key = key_arn(region, plan.kms_key);
  }
}

}  // namespace pitstop::sim
