#include "aws/service.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace pitstop {
namespace {

constexpr std::array services = {
    Service{.name = "ec2", .key = "ec2", .plain_fips_in_gov = true},
    Service{.name = "ebs", .key = "ebs"},
    Service{.name = "scheduler", .key = "scheduler"},
    Service{.name = "oidc", .key = "sso_oidc", .plain_fips_in_gov = true},
    Service{.name = "portal.sso", .key = "sso", .plain_fips_in_gov = true},
    Service{.name = "sts", .key = "sts", .plain_fips_in_gov = true},
    Service{.name = "ssm", .key = "ssm", .plain_fips_in_gov = true},
    Service{.name = "autoscaling", .key = "auto_scaling", .plain_fips_in_gov = true},
    Service{.name = "elasticloadbalancing",
            .key = "elastic_load_balancing_v2",
            .plain_fips_in_gov = true},
    Service{.name = "kms", .key = "kms"},
    Service{.name = "ssm", .key = "ssm"},
};

}  // namespace

const Service& service_named(std::string_view name) {
  const auto* found = std::ranges::find(services, name, &Service::name);
  CHECK(found != services.end());
  return *found;
}

}  // namespace pitstop
