#pragma once

#include <iterator>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/random.hpp"

// What tests against botocore share: answers that are refusals, and cases by chance.
namespace pitstop::test {

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
