#pragma once

#include <gtest/gtest.h>

#include <iterator>
#include <nlohmann/json_fwd.hpp>

#include "base/random.hpp"

namespace pitstop::test {

/// Tests that hold us against botocore; they are skipped where Python has none.
class Botocore : public testing::Test {
 protected:
  void SetUp() override;

  /// botocore's answers to a list of cases; botocore_config.py tells their forms.
  static nlohmann::json ask(const nlohmann::json& cases);
};

/// Whether an answer, theirs or ours, is a refusal.
bool refused(const nlohmann::json& answer);

nlohmann::json refusal(std::string_view reason);

template <class List>
const auto& one_of(const List& list, Random& random) {
  return list[random.next() % std::size(list)];
}

inline bool chance(double probability, Random& random) {
  return random.unit() < probability;
}

}  // namespace pitstop::test
