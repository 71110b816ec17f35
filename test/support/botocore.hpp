#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace pitstop::test {

/// Tests that hold us against botocore; they are skipped where Python has none.
class Botocore : public testing::Test {
 protected:
  void SetUp() override;

  /// What a script in the tests' folder ("aws/botocore_config.py") answers to a list of cases; the
  /// script tells their forms.
  static nlohmann::json ask(std::string_view script, const nlohmann::json& cases);
};

}  // namespace pitstop::test
