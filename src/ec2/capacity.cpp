#include "ec2/capacity.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "ec2/dry_run.hpp"
#include "ec2/paging.hpp"
#include "ec2/xml.hpp"

namespace pitstop::ec2 {
namespace {

struct PlatformWords {
  std::string_view details;      ///< EC2 User Guide, "AMI billing information fields"
  std::string_view reservation;  ///< EC2 User Guide, "On-Demand Capacity Reservations"
};

// Without "Windows BYOL", which no reservation is for, and without "Red Hat BYOL Linux": one may be
// reserved for, and AWS does not say as what.
constexpr auto platforms = std::to_array<PlatformWords>({
    {"Linux/UNIX", "Linux/UNIX"},
    {"Red Hat Enterprise Linux", "Red Hat Enterprise Linux"},
    {"Red Hat Enterprise Linux with HA", "RHEL with HA"},
    {"Red Hat Enterprise Linux with SQL Server Standard and HA",
     "RHEL with HA and SQL Server Standard"},
    {"Red Hat Enterprise Linux with SQL Server Enterprise and HA",
     "RHEL with HA and SQL Server Enterprise"},
    {"Red Hat Enterprise Linux with SQL Server Standard", "RHEL with SQL Server Standard"},
    {"Red Hat Enterprise Linux with SQL Server Web", "RHEL with SQL Server Web"},
    {"Red Hat Enterprise Linux with SQL Server Enterprise", "RHEL with SQL Server Enterprise"},
    {"SQL Server Enterprise", "Linux with SQL Server Enterprise"},
    {"SQL Server Standard", "Linux with SQL Server Standard"},
    {"SQL Server Web", "Linux with SQL Server Web"},
    {"SUSE Linux", "SUSE Linux"},
    {"Ubuntu Pro", "Ubuntu Pro"},
    {"Windows", "Windows"},
    {"Windows with SQL Server", "Windows with SQL Server"},
    {"Windows with SQL Server Enterprise", "Windows with SQL Server Enterprise"},
    {"Windows with SQL Server Standard", "Windows with SQL Server Standard"},
    {"Windows with SQL Server Web", "Windows with SQL Server Web"},
});

Call creation_call(const CapacityRequest& request) {
  CHECK(!request.client_token.empty());
  Call call{.action = "CreateCapacityReservation",
            .effect = Effect::settles};  // thanks to the token
  call.parameters.add("InstanceType", request.instance_type);
  call.parameters.add("InstancePlatform", request.platform);
  call.parameters.add("AvailabilityZone", request.zone);
  call.parameters.add("InstanceCount", 1);
  call.parameters.add("InstanceMatchCriteria", "open");
  call.parameters.add_unless_empty("Tenancy", request.tenancy);
  call.parameters.add_unless_empty("PlacementGroupArn", request.placement_group_arn);
  call.parameters.add("EbsOptimized", request.ebs_optimized);
  call.parameters.add("EndDateType", "limited");
  call.parameters.add("EndDate", request.end);
  call.parameters.add("ClientToken", request.client_token);
  // Of our actions the only one that has this name in the plural.
  call.parameters.add_tag_specification(1, "capacity-reservation", request.tags,
                                        "TagSpecifications");
  return call;
}

}  // namespace

std::optional<std::string> platform_of_reservation(std::string_view platform_details) {
  const auto* found = std::ranges::find(platforms, platform_details, &PlatformWords::details);
  return found == platforms.end() ? std::nullopt : std::optional<std::string>(found->reservation);
}

Task<Result<std::string>> create_capacity_reservation(Caller& caller, CapacityRequest request) {
  CO_TRY(const Reply reply, co_await caller.call(creation_call(request)));
  co_return xml::required_text(reply.root().child("capacityReservation"), "capacityReservationId");
}

Task<Status> may_create_capacity_reservation(Caller& caller, CapacityRequest request) {
  return dry_run(caller, creation_call(request));
}

Task<Status> cancel_capacity_reservation(Caller& caller, std::string reservation) {
  Call call{.action = "CancelCapacityReservation", .effect = Effect::settles};
  call.parameters.add("CapacityReservationId", reservation);
  CO_TRY_STATUS(co_await caller.call(std::move(call)));
  co_return Status();
}

Task<Result<std::vector<CapacityReservation>>> describe_capacity_reservations(
    Caller& caller, std::vector<Filter> filters) {
  Call call{.action = "DescribeCapacityReservations"};
  call.parameters.add_filters(filters);
  std::vector<CapacityReservation> reservations;
  const auto read = [&](const pugi::xml_node& item) {
    reservations.push_back({xml::text(item, "capacityReservationId"), xml::text(item, "state"),
                            xml::number(item, "availableInstanceCount").value_or(0),
                            xml::number(item, "totalInstanceCount").value_or(0),
                            xml::time(item, "createDate"), xml::time(item, "endDate"),
                            xml::tags(item)});
  };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "capacityReservationSet", read));
  co_return reservations;
}

}  // namespace pitstop::ec2
