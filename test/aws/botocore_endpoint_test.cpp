// Holds AWS's own endpoints, as we compute them, against the rules that botocore ships.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "aws/aws_endpoint.hpp"
#include "support/botocore.hpp"

namespace pitstop {
namespace {

using nlohmann::json;
using BotocoreEndpoint = test::Botocore;

TEST_F(BotocoreEndpoint, IsTheSameInEveryPartition) {
  auto cases = json::array();
  for (const auto* service : {"ec2", "ebs", "oidc", "portal.sso", "scheduler", "sts", "ssm",
                              "autoscaling", "elasticloadbalancing", "kms"}) {
    for (const auto* region :
         {"af-south-1",     "ap-east-2",      "ap-northeast-3",  "ca-west-1",      "eu-central-1",
          "il-central-1",   "me-south-1",     "mx-central-1",    "sa-east-1",      "us-east-1",
          "us-west-2",      "cn-north-1",     "cn-northwest-1",  "us-gov-east-1",  "us-gov-west-1",
          "eusc-de-east-1", "us-iso-east-1",  "us-iso-west-1",   "us-isob-east-1", "us-isob-west-1",
          "eu-isoe-west-1", "us-isof-east-1", "us-isof-south-1", "us-future-9",    "cn-future-9",
          "us-gov-south-2", "us-iso-south-3", "moon-base-1"}) {
      for (const bool fips : {false, true}) {
        for (const bool dual_stack : {false, true}) {
          cases.push_back({{"service", service},
                           {"region", region},
                           {"fips", fips},
                           {"dual_stack", dual_stack}});
        }
      }
    }
  }
  const auto theirs = ask("aws/botocore_config.py", cases);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& one = cases[i];
    const EndpointVariant variant{.fips = one["fips"], .dual_stack = one["dual_stack"]};
    const auto ours = aws_endpoint(service_named(one["service"].get<std::string>()),
                                   one["region"].get<std::string>(), variant);
    EXPECT_EQ(json(ours), theirs.at(i)) << one;
  }
}

}  // namespace
}  // namespace pitstop
