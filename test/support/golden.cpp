#include "support/golden.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/environment.hpp"

namespace pitstop::test {

void expect_golden(std::string_view file, const std::string& text) {
  const auto path = std::filesystem::path(PITSTOP_SOURCE_DIR) / "test" / file;
  if (Environment::of_process().get("PITSTOP_UPDATE_GOLDEN") == "1") {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream golden(path, std::ios::binary);
  ASSERT_TRUE(golden) << path << " is missing: make it with PITSTOP_UPDATE_GOLDEN=1";
  std::ostringstream expected;
  expected << golden.rdbuf();
  EXPECT_EQ(expected.str(), text) << "is not as in " << path
                                  << "; if it should be so, run with PITSTOP_UPDATE_GOLDEN=1";
}

}  // namespace pitstop::test
