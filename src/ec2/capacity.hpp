#pragma once

#include "ec2/caller.hpp"
#include "ec2/model.hpp"

namespace pitstop::ec2 {

struct CapacityRequest {
  std::string instance_type;
  std::string platform;  ///< as platform_of_reservation names it
  std::string zone;
  std::string tenancy;
  std::string placement_group_arn = {};  ///< of a cluster placement group
  bool ebs_optimized = false;
  WallTime end;  ///< a stop for leaks only: EC2 ends it within the hour after
  Tags tags;
  std::string client_token;
};

/// What a reservation calls the platform of an instance with these PlatformDetails: AWS has two
/// vocabularies for one thing. Nothing if a reservation has no word for it.
std::optional<std::string> platform_of_reservation(std::string_view platform_details);

/// CreateCapacityReservation for one instance, open: a running instance that matches fills it.
Task<Result<std::string>> create_capacity_reservation(Caller& caller, CapacityRequest request);

/// Whether these credentials may make it, without making it (DryRun).
Task<Status> may_create_capacity_reservation(Caller& caller, CapacityRequest request);

/// CancelCapacityReservation.
Task<Status> cancel_capacity_reservation(Caller& caller, std::string reservation);

struct CapacityReservation {
  std::string id;
  std::string state;  ///< "active", "cancelled", "expired", "failed", …
  int available = 0;  ///< places that no instance fills
  int total = 0;
  std::optional<WallTime> created;
  std::optional<WallTime> end;  ///< nothing: it lasts until somebody cancels it
  Tags tags;
};

/// DescribeCapacityReservations.
Task<Result<std::vector<CapacityReservation>>> describe_capacity_reservations(
    Caller& caller, std::vector<Filter> filters);

}  // namespace pitstop::ec2
