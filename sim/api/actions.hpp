#pragma once

#include "sim/api/action.hpp"

/// The actions, in files by kind. Each one reads its parameters, asks to be admitted, and then does
/// what EC2 does or tells what is there.
namespace pitstop::sim::actions {

Answer<void> allocate_address(ActionCall& call);
Answer<void> associate_address(ActionCall& call);
Answer<void> attach_volume(ActionCall& call);
Answer<void> cancel_capacity_reservation(ActionCall& call);
Answer<void> copy_image(ActionCall& call);
Answer<void> copy_snapshot(ActionCall& call);
Answer<void> create_capacity_reservation(ActionCall& call);
Answer<void> create_image(ActionCall& call);
Answer<void> create_snapshot(ActionCall& call);
Answer<void> create_snapshots(ActionCall& call);
Answer<void> create_tags(ActionCall& call);
Answer<void> create_volume(ActionCall& call);
Answer<void> delete_snapshot(ActionCall& call);
Answer<void> delete_tags(ActionCall& call);
Answer<void> delete_volume(ActionCall& call);
Answer<void> deregister_image(ActionCall& call);
Answer<void> describe_addresses(ActionCall& call);
Answer<void> describe_availability_zones(ActionCall& call);
Answer<void> describe_capacity_reservations(ActionCall& call);
Answer<void> describe_fast_snapshot_restores(ActionCall& call);
Answer<void> describe_images(ActionCall& call);
Answer<void> describe_instance_attribute(ActionCall& call);
Answer<void> get_instance_uefi_data(ActionCall& call);
Answer<void> get_launch_template_data(ActionCall& call);
Answer<void> describe_instance_credit_specifications(ActionCall& call);
Answer<void> describe_placement_groups(ActionCall& call);
Answer<void> describe_instance_status(ActionCall& call);
Answer<void> describe_instance_types(ActionCall& call);
Answer<void> describe_instances(ActionCall& call);
Answer<void> describe_key_pairs(ActionCall& call);
Answer<void> describe_network_interfaces(ActionCall& call);
Answer<void> describe_regions(ActionCall& call);
Answer<void> describe_security_groups(ActionCall& call);
Answer<void> describe_locked_snapshots(ActionCall& call);
Answer<void> describe_snapshot_attribute(ActionCall& call);
Answer<void> describe_snapshots(ActionCall& call);
Answer<void> describe_spot_instance_requests(ActionCall& call);
Answer<void> describe_subnets(ActionCall& call);
Answer<void> describe_tags(ActionCall& call);
Answer<void> describe_volumes(ActionCall& call);
Answer<void> describe_vpcs(ActionCall& call);
Answer<void> detach_volume(ActionCall& call);
Answer<void> disable_fast_snapshot_restores(ActionCall& call);
Answer<void> disassociate_address(ActionCall& call);
Answer<void> enable_fast_snapshot_restores(ActionCall& call);
Answer<void> modify_instance_attribute(ActionCall& call);
Answer<void> modify_instance_capacity_reservation_attributes(ActionCall& call);
Answer<void> modify_instance_metadata_options(ActionCall& call);
Answer<void> modify_snapshot_attribute(ActionCall& call);
Answer<void> reboot_instances(ActionCall& call);
Answer<void> register_image(ActionCall& call);
Answer<void> release_address(ActionCall& call);
Answer<void> run_instances(ActionCall& call);
Answer<void> start_instances(ActionCall& call);
Answer<void> stop_instances(ActionCall& call);
Answer<void> terminate_instances(ActionCall& call);

}  // namespace pitstop::sim::actions
