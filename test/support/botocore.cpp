#include "support/botocore.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "support/process.hpp"

namespace pitstop::test {

using nlohmann::json;

void Botocore::SetUp() {
  // Older ones do not know all partitions.
  constexpr auto check =
      "import botocore; assert [int(n) for n in botocore.__version__.split('.')[:2]] >= [1, 43]";
  static const bool is_here =
      find_program("python3") && run_process({.arguments = {"python3", "-c", check}}).succeeded();
  if (!is_here) {
    GTEST_SKIP() << "python3 cannot import botocore 1.43 or later";
  }
}

json Botocore::ask(std::string_view script, const json& cases) {
  const auto path = fmt::format("{}/test/{}", PITSTOP_SOURCE_DIR, script);
  const auto result = run_process({.arguments = {"python3", path},
                                   .environment = {{"PYTHONUTF8", "1"}},
                                   .input = cases.dump()});
  EXPECT_TRUE(result.succeeded()) << result;
  auto answers = json::parse(result.output, nullptr, false);
  EXPECT_EQ(answers.size(), cases.size()) << result;
  return answers;
}

}  // namespace pitstop::test
