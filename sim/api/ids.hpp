#pragma once

#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "sim/api/form.hpp"

namespace pitstop::sim {

/// How EC2 writes the ids of one kind of thing, and how it refuses those that are wrong.
struct IdKind {
  std::string_view prefix;     ///< "vol-"; empty: any text may be one
  std::string_view malformed;  ///< the code of an id that cannot be one
  std::string_view not_found;  ///< the code of an id that nothing has
  /// "The volume '{}' does not exist.", and for several of them.
  std::string_view one;
  std::string_view several;
  /// What EC2 calls it when it refuses a text that does not even have the prefix; empty: then that
  /// is malformed like any other.
  std::string_view parameter = {};
};

inline constexpr IdKind instance_ids{
    "i-", "InvalidInstanceID.Malformed", "InvalidInstanceID.NotFound",
    "The instance ID '{}' does not exist", "The instance IDs '{}' do not exist"};
inline constexpr IdKind volume_ids{"vol-",
                                   "InvalidVolumeID.Malformed",
                                   "InvalidVolume.NotFound",
                                   "The volume '{}' does not exist.",
                                   "The volumes '{}' do not exist.",
                                   "volumeId"};
inline constexpr IdKind snapshot_ids{"snap-",
                                     "InvalidSnapshotID.Malformed",
                                     "InvalidSnapshot.NotFound",
                                     "The snapshot '{}' does not exist.",
                                     "The snapshots '{}' do not exist.",
                                     "snapshotId"};
inline constexpr IdKind image_ids{"ami-", "InvalidAMIID.Malformed", "InvalidAMIID.NotFound",
                                  "The image id '[{}]' does not exist",
                                  "The image ids '[{}]' do not exist"};
inline constexpr IdKind allocation_ids{
    "eipalloc-", "InvalidAllocationID.Malformed", "InvalidAllocationID.NotFound",
    "The allocation ID '{}' does not exist", "The allocation IDs '{}' do not exist"};
inline constexpr IdKind capacity_reservation_ids{"cr-", "InvalidCapacityReservationId.Malformed",
                                                 "InvalidCapacityReservationId.NotFound",
                                                 "The capacity reservation ID '{}' does not exist",
                                                 "The capacity reservation IDs '{}' do not exist"};
inline constexpr IdKind vpc_ids{"vpc-", "InvalidVpcID.Malformed", "InvalidVpcID.NotFound",
                                "The vpc ID '{}' does not exist", "The vpc IDs '{}' do not exist"};
inline constexpr IdKind subnet_ids{"subnet-", "InvalidSubnetID.Malformed",
                                   "InvalidSubnetID.NotFound", "The subnet ID '{}' does not exist",
                                   "The subnet IDs '{}' do not exist"};
inline constexpr IdKind security_group_ids{
    "sg-", "InvalidGroupId.Malformed", "InvalidGroup.NotFound",
    "The security group '{}' does not exist", "The security groups '{}' do not exist"};
inline constexpr IdKind network_interface_ids{
    "eni-", "InvalidNetworkInterfaceId.Malformed", "InvalidNetworkInterfaceID.NotFound",
    "The networkInterface ID '{}' does not exist", "The networkInterface IDs '{}' do not exist"};
inline constexpr IdKind instance_type_names{
    "", "", "InvalidInstanceType", "The following supplied instance types do not exist: [{}]",
    "The following supplied instance types do not exist: [{}]"};
inline constexpr IdKind spot_request_ids{"sir-", "InvalidSpotInstanceRequestID.Malformed",
                                         "InvalidSpotInstanceRequestID.NotFound",
                                         "The spot instance request ID '{}' does not exist",
                                         "The spot instance request IDs '{}' do not exist"};
inline constexpr IdKind region_names{"", "", "InvalidParameterValue",
                                     "Invalid region names provided: {}",
                                     "Invalid region names provided: {}"};
inline constexpr IdKind zone_names{"", "", "InvalidParameterValue",
                                   "Invalid availability zones: [{}]",
                                   "Invalid availability zones: [{}]"};
inline constexpr IdKind key_pair_names{"", "", "InvalidKeyPair.NotFound",
                                       "The key pair '{}' does not exist",
                                       "The key pairs '{}' do not exist"};

inline constexpr IdKind placement_group_names{"", "", "InvalidPlacementGroup.Unknown",
                                              "The Placement Group '{}' is unknown.",
                                              "The Placement Groups '{}' are unknown."};

template <class ThingId>
inline constexpr IdKind kind_of_id{};
template <>
inline constexpr IdKind kind_of_id<InstanceId> = instance_ids;
template <>
inline constexpr IdKind kind_of_id<VolumeId> = volume_ids;
template <>
inline constexpr IdKind kind_of_id<SnapshotId> = snapshot_ids;
template <>
inline constexpr IdKind kind_of_id<ImageId> = image_ids;

inline std::string_view text_of(const std::string& id) {
  return id;
}
template <class Kind>
std::string_view text_of(const Id<Kind>& id) {
  return id.str();
}

/// The prefix, and 8 or 17 hexadecimal digits.
bool is_id(const IdKind& kind, std::string_view text);

/// EC2's refusal of a text that cannot be an id.
Answer<void> check_id(const IdKind& kind, std::string_view text);

std::unexpected<ApiError> not_found(const IdKind& kind, const std::vector<std::string>& missing);

/// A parameter that must be there, and be an id.
template <class ThingId>
Answer<ThingId> read_id(FormReader& form, std::string_view parameter) {
  TRY(auto text, form.required(parameter));
  TRY_STATUS(check_id(kind_of_id<ThingId>, text));
  return ThingId(std::move(text));
}

/// A list that must not be empty, of ids.
template <class ThingId>
Answer<std::vector<ThingId>> read_ids(FormReader& form, std::string_view parameter) {
  TRY(auto texts, form.required_list(parameter));
  std::vector<ThingId> ids;
  for (auto& text : texts) {
    TRY_STATUS(check_id(kind_of_id<ThingId>, text));
    ids.emplace_back(std::move(text));
  }
  return ids;
}

}  // namespace pitstop::sim
