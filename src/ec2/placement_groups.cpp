#include "ec2/placement_groups.hpp"

#include "base/check.hpp"
#include "ec2/paging.hpp"
#include "ec2/xml.hpp"

namespace pitstop::ec2 {

Task<Result<std::vector<PlacementGroup>>> describe_placement_groups(
    Caller& caller, std::vector<std::string> names) {
  CHECK(!names.empty());
  Call call{.action = "DescribePlacementGroups"};
  // By filter: one name that is unknown would fail the whole call.
  call.parameters.add_filters({{"group-name", std::move(names)}});
  std::vector<PlacementGroup> groups;
  const auto take = [&](const pugi::xml_node& item) {
    groups.push_back(
        {xml::text(item, "groupName"), xml::text(item, "groupArn"), xml::text(item, "strategy")});
  };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "placementGroupSet", take));
  co_return groups;
}

}  // namespace pitstop::ec2
