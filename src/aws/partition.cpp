#include "aws/partition.hpp"

#include <algorithm>
#include <array>

#include "base/contains.hpp"

namespace pitstop {
namespace {

// The last one fits every region that none of the others fits.
constexpr std::array partitions = {
    Partition{"aws-cn", "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    Partition{"aws-us-gov", "us-gov-", "amazonaws.com", "api.aws"},
    Partition{"aws-eusc", "eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
    Partition{"aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
    Partition{"aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    Partition{"aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    Partition{"aws-iso-f", "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    Partition{"aws", "", "amazonaws.com", "api.aws"},
};

}  // namespace

const Partition& partition_of(std::string_view region) {
  return *std::ranges::find_if(partitions, [&](const Partition& partition) {
    return region.starts_with(partition.region_prefix);
  });
}

bool is_partition(std::string_view name) {
  return contains(partitions, name, &Partition::name);
}

}  // namespace pitstop
