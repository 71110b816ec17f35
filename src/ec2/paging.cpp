#include "ec2/paging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"

namespace pitstop::ec2 {
namespace {

// EC2 API Reference, "MaxResults" of each action, and botocore's model of them. In a large account
// an answer in one piece takes EC2 longer than anybody waits for it.
constexpr std::array lists = std::to_array<PagedList>({
    {"DescribeCapacityReservations", "CapacityReservationId"},
    {"DescribeFastSnapshotRestores", "", 200},
    {"DescribeImages", "ImageId"},
    {"DescribeInstanceCreditSpecifications", "InstanceId"},
    {"DescribeInstanceStatus", "InstanceId"},
    {"DescribeInstanceTypes", "InstanceType", 100},
    {"DescribeInstances", "InstanceId"},
    {"DescribeLockedSnapshots", "SnapshotId"},
    {"DescribeSnapshots", "SnapshotId"},
    {"DescribeSpotInstanceRequests", "SpotInstanceRequestId"},
    {"DescribeSubnets", "SubnetId"},
    {"DescribeVolumes", "VolumeId", 500},
});

/// What one item may take of an answer: a server with all its tags takes half of it.
constexpr std::size_t longest_item = std::size_t{128} << 10;

/// How many of these things a call names by id.
std::ptrdiff_t ids_in(const Call& call, std::string_view name) {
  return std::ranges::count_if(call.parameters.all(), [&](const auto& parameter) {
    const std::string_view key = parameter.first;
    return !name.empty() && key.starts_with(name) && key.substr(name.size()).starts_with('.');
  });
}

/// By id an answer has as many items as are asked for, else EC2 is asked for pages.
void bound(Call& call) {
  const auto* const list = std::ranges::find(lists, call.action, &PagedList::action);
  const auto ids = list == lists.end() ? 0 : ids_in(call, list->ids);
  call.longest_answer = longest_list;
  if (ids > 0) {
    const auto needed = longest_of_few + static_cast<std::size_t>(ids) * longest_item;
    call.longest_answer = std::min(needed, longest_list);
  } else if (list != lists.end()) {
    call.parameters.add("MaxResults", list->most);
  }
}

}  // namespace

std::span<const PagedList> paged_lists() {
  return lists;
}

Task<Status> for_each_item(Caller& caller, Call call, std::string list_name,
                           std::function<void(const pugi::xml_node&)> item) {
  bound(call);
  std::set<std::string> seen_tokens;
  std::string token;
  do {
    Call page = call;
    if (!token.empty()) {
      page.parameters.add("NextToken", token);
    }
    CO_TRY(const Reply reply, co_await caller.call(std::move(page)));
    for (const auto& node : reply.root().child(list_name.c_str()).children("item")) {
      item(node);
    }
    token = trimmed(reply.root().child_value("nextToken"));
    if (!token.empty() && !seen_tokens.insert(token).second) {
      co_return fail(
          ErrorKind::refused,
          fmt::format("{}: the endpoint gives the same page again and again", call.action),
          "is the endpoint really EC2's? check --endpoint-url");
    }
  } while (!token.empty());
  co_return Status();
}

}  // namespace pitstop::ec2
