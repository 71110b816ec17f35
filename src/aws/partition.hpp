#pragma once

#include <string_view>

namespace pitstop {

/// A part of AWS that stands alone: its regions, its names, its accounts.
struct Partition {
  std::string_view name;  ///< in ARNs, after "arn:"
  std::string_view region_prefix;
  std::string_view suffix;             ///< of host names
  std::string_view dual_stack_suffix;  ///< of those that have IPv6 as well
};

/// The partition that the region's name begins like; "aws" for one that begins like none.
const Partition& partition_of(std::string_view region);

/// Whether there is one of that name.
bool is_partition(std::string_view name);

}  // namespace pitstop
