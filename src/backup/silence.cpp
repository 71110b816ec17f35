#include "backup/silence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr Duration first_alarm_of_silence = std::chrono::minutes(1);

/// Only what EC2 itself has written has a code.
bool is_answer(const Result<ec2::Reply>& reply) {
  return reply || !reply.error().code.empty();
}

}  // namespace

Silence::Down::Down(Silence& silence, InstanceId instance)
    : silence_(silence), instance_(std::move(instance)) {
  silence_.down_.insert(instance_);
}

Silence::Down::~Down() {
  silence_.down_.erase(instance_);
}

void Silence::heard() {
  last_answer_ = clock_.now();
  if (has_rung_) {
    say_of_all(Step::warning,
               fmt::format(": EC2 answers again after {}", human(last_answer_ - *since_)), "");
  }
  since_.reset();
  alarm_.reset();
  has_rung_ = false;
}

void Silence::heard_nothing(Instant called, const Error& why) {
  if (!since_) {
    since_ = std::max(called, last_answer_);
    alarm_.emplace(first_alarm_of_silence);
  }
  const auto lasted = clock_.now() - *since_;
  if (!down_.empty() && alarm_->rings(lasted)) {
    has_rung_ = true;
    say_of_all(
        Step::alarm,
        fmt::format(" is DOWN, and EC2 has not answered for {}: {}", human(lasted), why.message),
        "pitstop asks on, and goes on when EC2 answers; see the network, and AWS's health "
        "dashboard");
  }
}

void Silence::say_of_all(Step step, const std::string& what, const std::string& hint) const {
  const auto down = down_;  // whoever hears of it may change it
  for (const auto& instance : down) {
    observer_.saw({instance, step, clock_.wall(), instance.str() + what, hint});
  }
}

Task<Result<ec2::Reply>> ListeningCaller::call(ec2::Call call) {
  const Instant called = clock_.now();
  auto reply = co_await next_.call(std::move(call));
  if (is_answer(reply)) {
    silence_.heard();
  } else {
    silence_.heard_nothing(called, reply.error());
  }
  co_return reply;
}

}  // namespace pitstop
