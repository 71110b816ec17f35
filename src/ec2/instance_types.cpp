#include "ec2/instance_types.hpp"

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
    types.push_back(
        {.name = xml::text(item, "instanceType"),
         .bare_metal = xml::boolean(item, "bareMetal"),
         .instance_storage = xml::boolean(item, "instanceStorageSupported"),
         .cores = xml::number(processors, "defaultCores").value_or(0),
         .threads_per_core = xml::number(processors, "defaultThreadsPerCore").value_or(0)});
  };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "instanceTypeSet", take));
  co_return types;
}

}  // namespace pitstop::ec2
