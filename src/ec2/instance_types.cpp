#include "ec2/instance_types.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "ec2/paging.hpp"
#include "ec2/xml.hpp"

namespace pitstop::ec2 {

Task<Result<std::vector<InstanceType>>> describe_instance_types(Caller& caller,
                                                                std::vector<std::string> names) {
  CHECK(!names.empty());
  Call call{.action = "DescribeInstanceTypes"};
  call.parameters.add_list("InstanceType", names);
  std::vector<InstanceType> types;
  const auto take = [&](const pugi::xml_node& item) {
    const auto processors = item.child("vCpuInfo");
    const auto ebs = item.child("ebsInfo");
    types.push_back(
        {.name = xml::text(item, "instanceType"),
         .bare_metal = xml::boolean(item, "bareMetal"),
         .instance_storage = xml::boolean(item, "instanceStorageSupported"),
         .cores = xml::number(processors, "defaultCores").value_or(0),
         .threads_per_core = xml::number(processors, "defaultThreadsPerCore").value_or(0),
         .burstable = xml::boolean(item, "burstablePerformanceSupported"),
         .most_volumes = xml::number(ebs, "maximumEbsAttachments").value_or(0),
         .interfaces_count = xml::text(ebs, "attachmentLimitType") == "shared"});
  };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "instanceTypeSet", take));
  co_return types;
}

bool has_credits(std::string_view type) {
  return type.size() > 1 && type.front() == 't' && type[1] >= '2' && type[1] <= '9';
}

std::optional<int> free_attachments(const InstanceType& type, const Instance& instance) {
  if (type.most_volumes == 0) {
    return std::nullopt;
  }
  const auto volumes = static_cast<int>(instance.volumes.size());
  const auto interfaces =
      type.interfaces_count ? static_cast<int>(instance.network_interfaces.size()) : 0;
  return std::max(0, type.most_volumes - volumes - interfaces);
}

}  // namespace pitstop::ec2
