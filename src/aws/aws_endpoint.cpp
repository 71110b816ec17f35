#include "aws/aws_endpoint.hpp"

#include <fmt/format.h>

#include "aws/partition.hpp"

namespace pitstop {

std::string aws_endpoint(const Service& service, std::string_view region, EndpointVariant variant) {
  const Partition& partition = partition_of(region);
  const bool plain_is_fips =
      service.plain_fips_in_gov && partition.name == "aws-us-gov" && !variant.dual_stack;
  return fmt::format("https://{}{}.{}.{}", service.name,
                     variant.fips && !plain_is_fips ? "-fips" : "", region,
                     variant.dual_stack ? partition.dual_stack_suffix : partition.suffix);
}

}  // namespace pitstop
