// Whether every verb that changes something is in the list of those that are tried with answers
// that say otherwise.
#include "support/changing_actions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "every_verb.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

VIRTUAL_TEST(ChangingVerbs, AreAllListed) {
  test::ScriptedCaller caller(time);
  for (const auto& [action, elements] : elements_read()) {
    caller.on(action).always().reply("");
  }
  co_await call_every_verb(caller);
  for (const auto& made : caller.calls()) {
    const auto& call = made.call;
    const bool changes = call.effect != Effect::asks && call.parameters.find("DryRun") == nullptr;
    const bool is_listed = std::ranges::any_of(
        test::changing_actions,
        [&](const test::ChangingAction& each) { return each.action == call.action; });
    EXPECT_TRUE(!changes || is_listed)
        << call.action << ": add it to test/support/changing_actions.hpp";
  }
}

}  // namespace
}  // namespace pitstop::ec2
