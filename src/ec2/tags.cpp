#include "ec2/tags.hpp"

#include "base/check.hpp"
#include "ec2/dry_run.hpp"

namespace pitstop::ec2 {
namespace {

Call tags_call(const char* action, const std::vector<std::string>& resources, const Tags& tags) {
  CHECK(!resources.empty() && !tags.empty());
  Call call{.action = action, .effect = Effect::settles};
  call.parameters.add_list("ResourceId", resources);
  call.parameters.add_tags("", tags);
  return call;
}

Task<Status> change_tags(Caller& caller, Call call) {
  CO_TRY_STATUS(co_await caller.call(std::move(call)));
  co_return Status();
}

}  // namespace

Task<Status> create_tags(Caller& caller, std::vector<std::string> resources, Tags tags) {
  return change_tags(caller, tags_call("CreateTags", resources, tags));
}

Task<Status> delete_tags(Caller& caller, std::vector<std::string> resources, Tags tags) {
  return change_tags(caller, tags_call("DeleteTags", resources, tags));
}

Task<Status> may_create_tags(Caller& caller, std::vector<std::string> resources, Tags tags) {
  return dry_run(caller, tags_call("CreateTags", resources, tags));
}

Task<Status> may_delete_tags(Caller& caller, std::vector<std::string> resources, Tags tags) {
  return dry_run(caller, tags_call("DeleteTags", resources, tags));
}

}  // namespace pitstop::ec2
