// Output that cannot be written.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "cli/command_line.hpp"
#include "cli/some_id.hpp"
#include "command_bench.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Takes so many characters, and then no more.
class FullSink final : public std::streambuf {
 public:
  explicit FullSink(std::size_t room) : room_(room) {}

 protected:
  int_type overflow(int_type next) override {
    if (room_ == 0) {
      return traits_type::eof();
    }
    --room_;
    return traits_type::not_eof(next);
  }

 private:
  std::size_t room_;
};

Task<void> run_into(CommandResult& result, std::vector<std::string> arguments,
                    Surroundings& surroundings) {
  const auto status = co_await run_command_line(std::move(arguments), surroundings);
  result.status = number(status);
}

class OutputThatCannotBeWritten : public testing::Test {
 protected:
  CommandResult run(std::vector<std::string> arguments, int error, std::size_t room = 0) {
    FullSink sink(room);
    std::ostream output(&sink);
    std::ostringstream diagnostics;
    const Environment environment(bench.variables);
    auto surroundings = bench.surroundings(environment, output, diagnostics);
    surroundings.output_error = [error] { return error; };
    CommandResult result;
    bench.time.run(run_into(result, std::move(arguments), surroundings));
    bench.time.drain();
    result.diagnostics = diagnostics.str();
    return result;
  }

  CommandBench bench;
};

TEST_F(OutputThatCannotBeWritten, FailsACommandThatOnlyShowsSomething) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                    {"backup", "--help"},
                                                    {"--version"},
                                                    {"iam-policy"},
                                                    {"guard", "template"},
                                                    {"freeze", "template"},
                                                    {"check", some_id},
                                                    {"backup", some_id, "--dry-run"},
                                                    {"check", some_id, "--output", "json"}}) {
    for (const std::size_t room : {0U, 5U}) {
      const auto full = run(arguments, ENOSPC, room);
      EXPECT_EQ(full.status, 1) << testing::PrintToString(arguments);
      EXPECT_THAT(full.diagnostics,
                  HasSubstr("error: the output could not be written: no space left on device\n"));
      const auto left = run(arguments, EPIPE, room);
      EXPECT_EQ(left.status, 1) << testing::PrintToString(arguments);
      EXPECT_THAT(left.diagnostics, Not(HasSubstr("output"))) << "its reader has read enough";
    }
  }
}

TEST_F(OutputThatCannotBeWritten, KeepsNoServerDown) {
  for (const int error : {ENOSPC, EFBIG, EIO}) {
    const auto result = run({"backup", some_id}, error);
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.diagnostics, HasSubstr("error: the output could not be written: "));
    EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running);
  }
  EXPECT_EQ(bench.cloud.count("StartInstances"), bench.cloud.count("StopInstances"));
}

TEST_F(OutputThatCannotBeWritten, IsNoFailureOfARunWhoseReaderHasLeft) {
  const auto result = run({"backup", some_id}, EPIPE);
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_THAT(result.diagnostics, Not(HasSubstr("output")));
}

TEST_F(OutputThatCannotBeWritten, HidesNoOtherFailure) {
  EXPECT_EQ(run({"backup", some_id, "--output", "xml"}, ENOSPC).status, 2);
  bench.cloud.terminates_instead_of_stopping = true;
  EXPECT_EQ(run({"backup", some_id}, ENOSPC).status, 20);
}

}  // namespace
}  // namespace pitstop::test
