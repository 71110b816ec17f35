#include "sim/scheduler/arns.hpp"

#include <fmt/format.h>

#include <array>

namespace pitstop::sim {

std::string_view partition_of(std::string_view region) {
  struct Partition {
    std::string_view region_prefix;
    std::string_view name;
  };
  constexpr std::array others = {
      Partition{"cn-", "aws-cn"},         Partition{"us-gov-", "aws-us-gov"},
      Partition{"eusc-", "aws-eusc"},     Partition{"us-iso-", "aws-iso"},
      Partition{"us-isob-", "aws-iso-b"}, Partition{"eu-isoe-", "aws-iso-e"},
      Partition{"us-isof-", "aws-iso-f"},
  };
  for (const auto& other : others) {
    if (region.starts_with(other.region_prefix)) {
      return other.name;
    }
  }
  return "aws";
}

std::string start_instances_target(std::string_view region) {
  return fmt::format("arn:{}:scheduler:::aws-sdk:ec2:startInstances", partition_of(region));
}

bool is_role_of(std::string_view account, std::string_view arn, std::string_view region) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@/-";
  const auto beginning = fmt::format("arn:{}:iam::{}:role/", partition_of(region), account);
  return arn.starts_with(beginning) && arn.size() > beginning.size() &&
         arn.find_first_not_of(letters, beginning.size()) == std::string_view::npos;
}

}  // namespace pitstop::sim
