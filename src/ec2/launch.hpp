#pragma once

#include "ec2/caller.hpp"
#include "ec2/model.hpp"

namespace pitstop::ec2 {

/// A device of the image, where its volume is not made as usual.
struct LaunchDevice {
  std::string name;
  /// MiB/s at which AWS fills it (100 to 300), charged; absent: blocks load when read.
  std::optional<int> initialization_rate = {};
  std::optional<int> ebs_card = {};
};

/// The primary network interface, beyond its subnet, security groups and primary address. Addresses
/// and prefixes are either named or counted.
struct LaunchInterface {
  bool public_ip = false;  ///< an address of Amazon's, whatever the subnet does
  std::vector<std::string> secondary_ips = {};
  int secondary_ip_count = 0;
  std::vector<std::string> ipv6_addresses = {};
  int ipv6_count = 0;
  bool primary_ipv6 = false;
  std::vector<std::string> ipv4_prefixes = {};
  int ipv4_prefix_count = 0;
  std::vector<std::string> ipv6_prefixes = {};
  int ipv6_prefix_count = 0;
  std::string type = {};
  ConnectionTracking tracking = {};
  bool ena_express = false;
  bool ena_express_udp = false;
  std::optional<int> ena_queues = {};

  bool operator==(const LaunchInterface&) const = default;
};

/// What a new instance gets. Empty texts and absent numbers are left to EC2's defaults.
struct LaunchRequest {
  ImageId image;
  std::string type;
  std::string zone;
  std::string subnet;
  std::string private_ip;
  std::vector<std::string> security_groups;
  LaunchInterface interface = {};
  std::string key_name;
  std::string instance_profile_arn;
  std::string user_data;  ///< base64
  std::string tenancy;
  std::string placement_group;
  std::optional<int> partition = {};
  std::string capacity_preference = {};
  std::string shutdown_behavior;
  std::string metadata_http_tokens;
  std::string metadata_http_endpoint;
  std::optional<int> metadata_hop_limit;
  std::string metadata_tags;
  std::string metadata_ipv6 = {};
  std::optional<int> cpu_cores;
  std::optional<int> threads_per_core;
  std::string amd_sev_snp = {};
  std::string nested_virtualization = {};
  std::string cpu_credits = {};
  std::string auto_recovery = {};
  std::string hostname_type = {};
  std::optional<bool> dns_a_record = {};
  std::optional<bool> dns_aaaa_record = {};
  std::string bandwidth_weighting = {};
  std::vector<std::string> licenses = {};
  bool ebs_optimized = false;
  bool detailed_monitoring = false;
  bool hibernation = false;
  bool enclave = false;
  bool termination_protection = false;
  bool stop_protection = false;
  std::vector<LaunchDevice> devices = {};
  Tags tags;
  Tags volume_tags;          ///< on each of its volumes
  std::string client_token;  ///< the same token never makes a second instance
};

/// RunInstances: one instance.
Task<Result<Instance>> run_instance(Caller& caller, LaunchRequest request);

/// DescribeSubnets: the zone of one.
Task<Result<std::string>> zone_of_subnet(Caller& caller, std::string subnet);

struct Address {
  std::string allocation;
  std::string public_ip;
  InstanceId instance;
  std::string network_interface;
};

/// DescribeAddresses: the Elastic IPs of these instances.
Task<Result<std::vector<Address>>> describe_addresses(Caller& caller,
                                                      std::vector<InstanceId> instances);

/// The same of the account's Elastic IP with that number, whoever has it; none if it is not there.
Task<Result<std::vector<Address>>> find_address(Caller& caller, std::string public_ip);

/// AssociateAddress: moves an Elastic IP to the instance.
Task<Status> associate_address(Caller& caller, std::string allocation, InstanceId instance);

}  // namespace pitstop::ec2
