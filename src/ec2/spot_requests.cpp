#include "ec2/spot_requests.hpp"

#include "base/check.hpp"
#include "ec2/paging.hpp"
#include "ec2/xml.hpp"

namespace pitstop::ec2 {

Task<Result<std::vector<std::string>>> one_time_spot_requests(Caller& caller,
                                                              std::vector<std::string> requests) {
  CHECK(!requests.empty());
  Call call{.action = "DescribeSpotInstanceRequests"};
  call.parameters.add_list("SpotInstanceRequestId", requests);
  std::vector<std::string> one_time;
  const auto take = [&](const pugi::xml_node& item) {
    if (xml::text(item, "type") != "persistent") {
      one_time.push_back(xml::text(item, "spotInstanceRequestId"));
    }
  };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "spotInstanceRequestSet", take));
  co_return one_time;
}

}  // namespace pitstop::ec2
