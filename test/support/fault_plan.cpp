#include "support/fault_plan.hpp"

#include <fmt/format.h>

namespace pitstop::test {

Occasion FaultScript::on(std::string calls, std::function<bool(const RecordedRequest&)> matches) {
  auto rule = std::make_shared<FaultRule>();
  rule->calls = std::move(calls);
  rule->matches = std::move(matches);
  return Occasion(*this, std::move(rule));
}

void FaultScript::add(std::shared_ptr<FaultRule> rule) {
  const std::lock_guard lock(mutex_);
  rules_.push_back(std::move(rule));
}

FaultPlan FaultScript::plan_for(const RecordedRequest& request) {
  FaultPlan plan;
  const std::lock_guard lock(mutex_);
  for (const auto& rule : rules_) {
    if (!rule->matches(request)) {
      continue;
    }
    ++rule->seen;
    if (rule->seen >= rule->first && rule->seen <= rule->last && rule->change(plan)) {
      ++rule->used;
    }
  }
  return plan;
}

std::vector<std::string> FaultScript::unused() const {
  std::vector<std::string> descriptions;
  const std::lock_guard lock(mutex_);
  for (const auto& rule : rules_) {
    if (rule->used < rule->uses_expected) {
      descriptions.push_back(fmt::format("{}: {} (happened {} of {} times, {} calls seen)",
                                         rule->calls, rule->fault, rule->used, rule->uses_expected,
                                         rule->seen));
    }
  }
  return descriptions;
}

Fault Occasion::nth(std::size_t number) {
  rule_->calls += fmt::format(", call {}", number);
  rule_->first = number;
  rule_->last = number;
  return Fault(script_, rule_);
}

Fault Occasion::first(std::size_t count) {
  rule_->calls += fmt::format(", first {} calls", count);
  rule_->last = count;
  rule_->uses_expected = count;
  return Fault(script_, rule_);
}

Fault Occasion::always() {
  rule_->calls += ", always";
  return Fault(script_, rule_);
}

}  // namespace pitstop::test
