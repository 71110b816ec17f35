#include "sim/api/actions.hpp"

#include <algorithm>
#include <array>

namespace pitstop::sim {
namespace {

struct Row {
  std::string_view name;
  Action action;
};

// Sorted by name.
constexpr std::array action_table = std::to_array<Row>({
    {"AllocateAddress", actions::allocate_address},
    {"AssociateAddress", actions::associate_address},
    {"AttachVolume", actions::attach_volume},
    {"CancelCapacityReservation", actions::cancel_capacity_reservation},
    {"CopyImage", actions::copy_image},
    {"CopySnapshot", actions::copy_snapshot},
    {"CreateCapacityReservation", actions::create_capacity_reservation},
    {"CreateImage", actions::create_image},
    {"CreateSnapshot", actions::create_snapshot},
    {"CreateSnapshots", actions::create_snapshots},
    {"CreateTags", actions::create_tags},
    {"CreateVolume", actions::create_volume},
    {"DeleteSnapshot", actions::delete_snapshot},
    {"DeleteTags", actions::delete_tags},
    {"DeleteVolume", actions::delete_volume},
    {"DeregisterImage", actions::deregister_image},
    {"DescribeAddresses", actions::describe_addresses},
    {"DescribeAvailabilityZones", actions::describe_availability_zones},
    {"DescribeCapacityReservations", actions::describe_capacity_reservations},
    {"DescribeFastSnapshotRestores", actions::describe_fast_snapshot_restores},
    {"DescribeImages", actions::describe_images},
    {"DescribeInstanceAttribute", actions::describe_instance_attribute},
    {"DescribeInstanceCreditSpecifications", actions::describe_instance_credit_specifications},
    {"DescribeInstanceStatus", actions::describe_instance_status},
    {"DescribeInstanceTypes", actions::describe_instance_types},
    {"DescribeInstances", actions::describe_instances},
    {"DescribeKeyPairs", actions::describe_key_pairs},
    {"DescribeLockedSnapshots", actions::describe_locked_snapshots},
    {"DescribeNetworkInterfaces", actions::describe_network_interfaces},
    {"DescribePlacementGroups", actions::describe_placement_groups},
    {"DescribeRegions", actions::describe_regions},
    {"DescribeSecurityGroups", actions::describe_security_groups},
    {"DescribeSnapshotAttribute", actions::describe_snapshot_attribute},
    {"DescribeSnapshots", actions::describe_snapshots},
    {"DescribeSpotInstanceRequests", actions::describe_spot_instance_requests},
    {"DescribeSubnets", actions::describe_subnets},
    {"DescribeTags", actions::describe_tags},
    {"DescribeVolumes", actions::describe_volumes},
    {"DescribeVpcs", actions::describe_vpcs},
    {"DetachVolume", actions::detach_volume},
    {"DisableFastSnapshotRestores", actions::disable_fast_snapshot_restores},
    {"DisassociateAddress", actions::disassociate_address},
    {"EnableFastSnapshotRestores", actions::enable_fast_snapshot_restores},
    {"GetInstanceUefiData", actions::get_instance_uefi_data},
    {"GetLaunchTemplateData", actions::get_launch_template_data},
    {"ModifyInstanceAttribute", actions::modify_instance_attribute},
    {"ModifyInstanceCapacityReservationAttributes",
     actions::modify_instance_capacity_reservation_attributes},
    {"ModifyInstanceMetadataOptions", actions::modify_instance_metadata_options},
    {"ModifySnapshotAttribute", actions::modify_snapshot_attribute},
    {"RebootInstances", actions::reboot_instances},
    {"RegisterImage", actions::register_image},
    {"ReleaseAddress", actions::release_address},
    {"RunInstances", actions::run_instances},
    {"StartInstances", actions::start_instances},
    {"StopInstances", actions::stop_instances},
    {"TerminateInstances", actions::terminate_instances},
});
static_assert(std::ranges::is_sorted(action_table, {}, &Row::name));

}  // namespace

Action find_action(std::string_view name) {
  const auto found = std::ranges::lower_bound(action_table, name, {}, &Row::name);
  return found != action_table.end() && found->name == name ? found->action : nullptr;
}

}  // namespace pitstop::sim
