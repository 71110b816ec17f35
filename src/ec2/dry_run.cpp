#include "ec2/dry_run.hpp"

#include <fmt/format.h>

namespace pitstop::ec2 {

Task<Status> dry_run(Caller& caller, Call call) {
  const std::string action = call.action;
  call.parameters.add("DryRun", true);
  call.effect = Effect::asks;
  auto reply = co_await caller.call(std::move(call));
  if (!reply && reply.error().kind == ErrorKind::would_work) {
    co_return Status();
  }
  if (!reply) {
    co_return fail(std::move(reply).error());
  }
  co_return fail(ErrorKind::refused, fmt::format("{}: the endpoint does not know dry runs", action),
                 "is the endpoint really EC2's? it has carried the call out instead of trying it");
}

}  // namespace pitstop::ec2
