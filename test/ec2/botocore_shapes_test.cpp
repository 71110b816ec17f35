// The names that we send and read, held against AWS's own model of EC2.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "every_verb.hpp"
#include "support/botocore.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

using nlohmann::json;
using testing::IsEmpty;
using BotocoreShapes = test::Botocore;

Task<void> record_every_verb(VirtualTime& time, json& cases) {
  test::ScriptedCaller caller(time);
  for (const auto& [action, elements] : elements_read()) {
    caller.on(action).always().reply("");
  }
  co_await call_every_verb(caller);
  EXPECT_THAT(caller.unused(), IsEmpty());
  for (const auto& made : caller.calls()) {
    const auto& action = made.call.action;
    auto parameters = json::object();
    for (const auto& [name, value] : made.call.parameters.all()) {
      EXPECT_FALSE(parameters.contains(name)) << action << ": " << name << " comes twice";
      parameters[name] = value;
    }
    cases.push_back(
        {{"action", action}, {"parameters", parameters}, {"elements", elements_read().at(action)}});
  }
}

/// All that stands in quotes in the sources of ec2/.
json quoted_words() {
  auto words = json::array();
  const std::regex quoted("\"(\\w+)\"");
  for (const auto& entry : std::filesystem::directory_iterator(PITSTOP_SOURCE_DIR "/src/ec2")) {
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator word(source.begin(), source.end(), quoted), end; word != end;
         ++word) {
      words.push_back((*word)[1].str());
    }
  }
  return words;
}

TEST_F(BotocoreShapes, KnowEveryNameThatWeSendAndRead) {
  auto cases = json::array();
  test::run_in_virtual_time([&](VirtualTime& time) { return record_every_verb(time, cases); });
  auto called = json::array();
  for (const auto& [action, elements] : elements_read()) {
    called.push_back(action);
  }
  cases.push_back({{"words", quoted_words()}, {"called", called}});
  for (const auto& findings : ask("ec2/botocore_shapes.py", cases)) {
    for (const auto& finding : findings) {
      ADD_FAILURE() << finding.get<std::string>();
    }
  }
}

}  // namespace
}  // namespace pitstop::ec2
