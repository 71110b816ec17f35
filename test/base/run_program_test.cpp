#include "base/run_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/launch.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

using testing::StartsWith;

Program shell(std::string script) {
  return {.command = {"sh", "-c", std::move(script)}};
}

CO_TEST(RunProgram, BringsWhatItHasWrittenAndHowItEnded) {
  const auto ended = co_await run_program(shell("echo out; echo err >&2; exit 3"));
  CO_ASSERT_TRUE(ended);
  EXPECT_EQ(ended->exit_status, 3);
  EXPECT_EQ(ended->output, "out\n");
  EXPECT_EQ(ended->errors, "err\n");
}

CO_TEST(RunProgram, GivesArgumentsAsTheyAreAndNoInput) {
  Program program{.command = {"sh", "-c", "cat; printf '%s' \"$1\"", "sh", "$HOME; a 'b'"}};
  const auto ended = co_await run_program(std::move(program));
  CO_ASSERT_TRUE(ended);
  EXPECT_EQ(ended->output, "$HOME; a 'b'");
}

CO_TEST(RunProgram, ReadsMoreThanAPipeHolds) {
  const auto ended =
      co_await run_program(shell("head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2"));
  CO_ASSERT_TRUE(ended);
  EXPECT_EQ(ended->output.size(), 1000000U);
  EXPECT_EQ(ended->errors.size(), 4096U);
}

CO_TEST(RunProgram, TellsASignalAsShellsDo) {
  const auto ended = co_await run_program(shell("kill -9 $$"));
  CO_ASSERT_TRUE(ended);
  EXPECT_EQ(ended->exit_status, 128 + 9);
}

CO_TEST(RunProgram, ItsOwnEndCountsNotThatOfWhatItLeavesBehind) {
  const auto ended = co_await run_program(shell("sleep 100 & echo done"));
  CO_ASSERT_TRUE(ended);
  EXPECT_EQ(ended->output, "done\n");
}

CO_TEST(RunProgram, SaysWhyItCannotStart) {
  Program program{.command = {"/nonexistent/keys"}};
  const auto ended = co_await run_program(std::move(program));
  CO_ASSERT_TRUE(!ended);
  EXPECT_EQ(ended.error().kind, ErrorKind::refused);
  EXPECT_EQ(ended.error().message,
            "\"/nonexistent/keys\" cannot be started: no such file or directory");
}

CO_TEST(RunProgram, KillsWhatWritesForEver) {
  const auto ended = co_await run_program(shell("yes"));
  CO_ASSERT_TRUE(!ended);
  EXPECT_EQ(ended.error().message, "\"sh\" writes more than 1024 KiB");
}

CO_TEST(RunProgram, KillsWhatRunsForEverWithAllThatItHasStarted) {
  auto program = shell("sleep 1000 | sleep 1000");
  program.time_limit = Milliseconds(100);
  const auto ended = co_await run_program(std::move(program));
  CO_ASSERT_TRUE(!ended);
  EXPECT_EQ(ended.error().kind, ErrorKind::deadline);
  EXPECT_THAT(ended.error().message, StartsWith("\"sh\" has not ended within 0.1s"));
}

CO_TEST(RunProgram, NobodyElseBuriesItsChild) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(launch({"true"}, ""));
    const auto ended = co_await run_program(shell("exit 7"));
    CO_ASSERT_TRUE(ended);
    EXPECT_EQ(ended->exit_status, 7);
  }
}

}  // namespace
}  // namespace pitstop
