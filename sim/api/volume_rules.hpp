#pragma once

#include "sim/cloud/instances.hpp"

namespace pitstop::sim {

/// Size, speed and type of a volume as EBS allows them together.
Answer<void> check_volume(const PlannedVolume& plan);

/// What EBS shows as the speed of a volume; nothing for types that have none.
std::optional<int> shown_iops(const Volume& volume);
std::optional<int> shown_throughput(const Volume& volume);

/// An encrypted volume without a key gets the account's own, and one that is made from an encrypted
/// snapshot is encrypted with that one's.
void choose_key(const Region& region, PlannedVolume& plan);

/// The refusal of a call that names a key, and does not say that it is to encrypt.
std::unexpected<ApiError> key_without_encryption();

}  // namespace pitstop::sim
