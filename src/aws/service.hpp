#pragma once

#include <string_view>

namespace pitstop {

/// A service of AWS that pitstop talks to.
struct Service {
  std::string_view name;  ///< in host names and signatures
  std::string_view key;   ///< in the shared files, and in upper case after AWS_ENDPOINT_URL_
  /// In the us-gov regions the plain host name is the FIPS endpoint, and there is none with
  /// "-fips".
  bool plain_fips_in_gov = false;
};

/// Only services of the table in service.cpp have an endpoint.
const Service& service_named(std::string_view name);

}  // namespace pitstop
