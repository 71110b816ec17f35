#include "ec2/paced_caller.hpp"

#include <algorithm>

namespace pitstop::ec2 {

Task<Result<Reply>> PacedCaller::call(Call call) {
  const auto need = need_of(call);
  const bool dry = call.parameters.find("DryRun") != nullptr;
  if (!call.paid && (dry || !spend(call.action))) {
    co_await pace_.take(need, call.urgency);
  }
  auto reply = co_await next_.call(std::move(call));
  if (!reply && reply.error().kind == ErrorKind::throttled) {
    pace_.throttled(need);
  }
  co_return reply;
}

Task<Status> PacedCaller::set_aside(Need need, Interruption& interruption) {
  CO_TRY_STATUS(co_await pace_.set_aside(need, interruption));
  set_aside_.push_back(std::move(need));
  co_return Status();
}

bool PacedCaller::spend(const std::string& action) {
  const auto own = std::ranges::find(set_aside_, action, &Need::action);
  if (own == set_aside_.end()) {
    return false;
  }
  pace_.spend(*own);
  set_aside_.erase(own);
  return true;
}

void PacedCaller::give_back() {
  for (const auto& need : set_aside_) {
    pace_.give_back(need);
  }
  set_aside_.clear();
}

}  // namespace pitstop::ec2
