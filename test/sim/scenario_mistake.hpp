#pragma once

#include <gtest/gtest.h>

#include "sim/scenario/read_scenario.hpp"

namespace pitstop::sim {

/// A scenario with a mistake, and what its author reads.
struct Mistake {
  std::string name;
  std::string text;
  std::string message;
  std::string hint = "";
};

inline std::ostream& operator<<(std::ostream& out, const Mistake& mistake) {
  return out << mistake.name;
}

inline std::string name_of(const testing::TestParamInfo<Mistake>& info) {
  return info.param.name;
}

inline void expect_explained(const Mistake& mistake) {
  const auto scenario = read_scenario(mistake.text, "demo.toml");
  ASSERT_FALSE(scenario.has_value());
  EXPECT_EQ(scenario.error().kind, ErrorKind::usage);
  EXPECT_EQ(scenario.error().message, mistake.message);
  EXPECT_EQ(scenario.error().hint, mistake.hint);
}

}  // namespace pitstop::sim
