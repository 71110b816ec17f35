#include "aws/aws_endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pitstop {
namespace {

constexpr std::string_view gov_prefix = "us-gov-";

/// A part of AWS that stands alone: its regions, its names, its accounts.
struct Partition {
  std::string_view region_prefix;
  std::string_view suffix;
  std::string_view dual_stack_suffix;
};

// The last one fits every region that none of the others fits.
constexpr std::array partitions = {
    Partition{"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    Partition{gov_prefix, "amazonaws.com", "api.aws"},
    Partition{"eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
    Partition{"us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
    Partition{"us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    Partition{"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    Partition{"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    Partition{"", "amazonaws.com", "api.aws"},
};

const Partition& partition_of(std::string_view region) {
  return *std::ranges::find_if(partitions, [&](const Partition& partition) {
    return region.starts_with(partition.region_prefix);
  });
}

}  // namespace

std::string aws_endpoint(const Service& service, std::string_view region, EndpointVariant variant) {
  const Partition& partition = partition_of(region);
  const bool plain_is_fips =
      service.plain_fips_in_gov && region.starts_with(gov_prefix) && !variant.dual_stack;
  return fmt::format("https://{}{}.{}.{}", service.name,
                     variant.fips && !plain_is_fips ? "-fips" : "", region,
                     variant.dual_stack ? partition.dual_stack_suffix : partition.suffix);
}

}  // namespace pitstop
