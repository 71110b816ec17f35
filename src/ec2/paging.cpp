#include "ec2/paging.hpp"

#include <fmt/format.h>

#include <set>

#include "base/text.hpp"

namespace pitstop::ec2 {

Task<Status> for_each_item(Caller& caller, Call call, std::string list_name,
                           std::function<void(const pugi::xml_node&)> item) {
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
