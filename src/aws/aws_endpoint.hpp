#pragma once

#include <string>
#include <string_view>

#include "aws/service.hpp"

namespace pitstop {

struct EndpointVariant {
  bool fips = false;        ///< cryptography as FIPS 140 asks
  bool dual_stack = false;  ///< IPv6 as well as IPv4
};

/// Where AWS itself serves `service` in `region`: "https://ec2.eu-central-1.amazonaws.com". A
/// region that AWS opens later, or that does not exist, is taken for one of the partition that its
/// name begins like.
std::string aws_endpoint(const Service& service, std::string_view region, EndpointVariant variant);

}  // namespace pitstop
