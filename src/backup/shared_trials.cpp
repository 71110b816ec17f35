#include "backup/shared_trials.hpp"

#include <functional>

#include "backup/down_tag.hpp"
#include "base/chunks.hpp"
#include "ec2/instances.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

/// In one call.
constexpr std::size_t most_tried_at_once = 100;

using Trial = std::function<Task<Status>(std::vector<InstanceId>)>;

/// One server fails them all. If it is one only, halves and halves of halves find the others; of
/// more than one, the part that they are in stays unproven.
Task<void> prove(const Trial& trial, std::vector<InstanceId> servers,
                 std::set<InstanceId>& proven) {
  const auto whole = co_await trial(servers);
  if (whole) {
    proven.insert(servers.begin(), servers.end());
    co_return;
  }
  while (servers.size() > 1) {
    const auto [first, second] = halves(servers);
    const bool first_holds = (co_await trial(first)).has_value();
    const bool second_holds = (co_await trial(second)).has_value();
    if (first_holds == second_holds) {
      co_return;
    }
    const auto& good = first_holds ? first : second;
    proven.insert(good.begin(), good.end());
    servers = first_holds ? second : first;
  }
}

Task<Status> may_mark(ec2::Caller& caller, std::vector<InstanceId> servers) {
  std::vector<std::string> resources;
  for (const auto& server : servers) {
    resources.push_back(server.str());
  }
  const ec2::Tags tag{{down_tag_key, "tried"}};
  CO_TRY_STATUS(co_await ec2::may_create_tags(caller, resources, tag));
  co_return co_await ec2::may_delete_tags(caller, resources, tag);
}

}  // namespace

Task<Proven> try_for_all(ec2::Caller& caller, std::vector<InstanceId> servers) {
  const Trial start = [&](auto ids) { return ec2::may_start_instances(caller, std::move(ids)); };
  const Trial stop = [&](auto ids) { return ec2::may_stop_instances(caller, std::move(ids)); };
  const Trial mark = [&](auto ids) { return may_mark(caller, std::move(ids)); };
  Proven proven;
  for (const auto& part : chunks(servers, most_tried_at_once)) {
    co_await prove(start, part, proven.starts);
    co_await prove(stop, part, proven.stops);
    co_await prove(mark, part, proven.marks);
  }
  co_return proven;
}

}  // namespace pitstop
