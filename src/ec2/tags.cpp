#include "ec2/tags.hpp"

#include "base/check.hpp"

namespace pitstop::ec2 {
namespace {

Task<Status> change_tags(Caller& caller, const char* action, std::vector<std::string> resources,
                         Tags tags) {
  CHECK(!resources.empty() && !tags.empty());
  Call call{.action = action, .effect = Effect::settles};
  call.parameters.add_list("ResourceId", resources);
  call.parameters.add_tags("", tags);
  CO_TRY_STATUS(co_await caller.call(std::move(call)));
  co_return Status();
}

}  // namespace

Task<Status> create_tags(Caller& caller, std::vector<std::string> resources, Tags tags) {
  return change_tags(caller, "CreateTags", std::move(resources), std::move(tags));
}

Task<Status> delete_tags(Caller& caller, std::vector<std::string> resources, Tags tags) {
  return change_tags(caller, "DeleteTags", std::move(resources), std::move(tags));
}

}  // namespace pitstop::ec2
