#pragma once

#include "api_bench.hpp"

namespace pitstop::test {

/// Where copies are made.
inline constexpr auto far = "eu-west-1";

/// A scenario whose server has an encrypted data volume (by the account's own key for EBS) and a
/// third one, at /dev/sdg, encrypted by the key "backup". Far away there are the keys "far" and
/// "lost", which is disabled.
sim::Scenario encrypted_scenario();

/// A completed snapshot of one of the server's volumes.
std::string finished_snapshot(ApiBench& bench, std::size_t volume);

/// What CopySnapshot, or CopyImage, is asked for: from us-east-1.
ApiParameters copy_of(const std::string& snapshot, const ApiParameters& more = {});
ApiParameters image_copy_of(const std::string& image, const std::string& name,
                            const ApiParameters& more = {});

/// The parameters of the URL that a copy to there is signed by, and the URL that they make.
ApiParameters presigned_parameters(const std::string& snapshot);
std::string presigned_url(ApiParameters parameters);

/// A completed or failed snapshot, as it is described.
ApiReply described_snapshot(sim::Simulator& simulator, const std::string& id,
                            const std::string& region);

/// The ARN of a key there, by the name of its alias.
std::string arn_of_key(ApiBench& bench, const std::string& alias);

}  // namespace pitstop::test
