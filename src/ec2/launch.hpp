#pragma once

#include "ec2/caller.hpp"
#include "ec2/model.hpp"

namespace pitstop::ec2 {

/// What a new instance gets. Empty texts and absent numbers are left to EC2's defaults.
struct LaunchRequest {
  ImageId image;
  std::string type;
  std::string zone;
  std::string subnet;
  std::string private_ip;
  std::vector<std::string> security_groups;
  std::string key_name;
  std::string instance_profile_arn;
  std::string user_data;  ///< base64
  std::string tenancy;
  std::string placement_group;
  std::string shutdown_behavior;
  std::string metadata_http_tokens;
  std::string metadata_http_endpoint;
  std::optional<int> metadata_hop_limit;
  std::string metadata_tags;
  std::optional<int> cpu_cores;
  std::optional<int> threads_per_core;
  bool ebs_optimized = false;
  bool detailed_monitoring = false;
  bool hibernation = false;
  bool enclave = false;
  bool termination_protection = false;
  bool stop_protection = false;
  /// Devices of the image whose volumes AWS fills at that many MiB/s (100 to 300), charged; none:
  /// blocks load when read.
  std::vector<std::string> initialized_devices = {};
  int initialization_rate = 0;
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
