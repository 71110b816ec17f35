#include "copy_bench.hpp"

#include <gtest/gtest.h>

namespace pitstop::test {
namespace {

ApiParameters and_more(ApiParameters parameters, const ApiParameters& more) {
  parameters.insert(parameters.end(), more.begin(), more.end());
  return parameters;
}

}  // namespace

sim::Scenario encrypted_scenario() {
  auto scenario = api_scenario();
  scenario.keys = {
      {"backup", "", "", "Enabled"}, {"far", "", far, "Enabled"}, {"lost", "", far, "Disabled"}};
  auto& volumes = scenario.servers.front().volumes;
  volumes[1].encrypted = true;
  volumes.push_back(volumes[1]);
  volumes[2].device = "/dev/sdg";
  volumes[2].kms_key = "backup";
  return scenario;
}

std::string finished_snapshot(ApiBench& bench, std::size_t volume) {
  const auto made = bench.call("CreateSnapshot", {{"VolumeId", bench.volume(volume)}});
  EXPECT_TRUE(made.succeeded()) << made;
  bench.pass(std::chrono::minutes(10));
  return made.text("snapshotId");
}

ApiParameters copy_of(const std::string& snapshot, const ApiParameters& more) {
  return and_more({{"SourceRegion", "us-east-1"}, {"SourceSnapshotId", snapshot}}, more);
}

ApiParameters image_copy_of(const std::string& image, const std::string& name,
                            const ApiParameters& more) {
  return and_more({{"SourceRegion", "us-east-1"}, {"SourceImageId", image}, {"Name", name}}, more);
}

ApiParameters presigned_parameters(const std::string& snapshot) {
  return {{"Action", "CopySnapshot"},
          {"Version", "2016-11-15"},
          {"SourceRegion", "us-east-1"},
          {"SourceSnapshotId", snapshot},
          {"DestinationRegion", far},
          {"X-Amz-Algorithm", "AWS4-HMAC-SHA256"},
          {"X-Amz-Credential", "KEY/20260101/us-east-1/ec2/aws4_request"},
          {"X-Amz-Date", "20260101T001000Z"},
          {"X-Amz-Expires", "3600"},
          {"X-Amz-SignedHeaders", "host"},
          {"X-Amz-Signature", std::string(64, 'a')}};
}

std::string presigned_url(ApiParameters parameters) {
  return "https://ec2.us-east-1.amazonaws.com/?" + canonical_query(std::move(parameters));
}

ApiReply described_snapshot(sim::Simulator& simulator, const std::string& id,
                            const std::string& region) {
  return call(simulator, "DescribeSnapshots", {{"SnapshotId.1", id}}, region);
}

std::string arn_of_key(ApiBench& bench, const std::string& alias) {
  const auto& region = bench.simulator.region(far);
  const auto* key = sim::find_key(region, "alias/" + alias);
  return key == nullptr ? "none" : sim::arn_of(region, *key);
}

}  // namespace pitstop::test
