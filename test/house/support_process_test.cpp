#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

#include "support/loopback.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;

Command shell(std::string script) {
  return {.arguments = {"sh", "-c", std::move(script)}};
}

/// Whether a process that is not our child goes away. Whoever adopted it may leave it a zombie for
/// a while.
bool ends_soon(pid_t pid) {
  for (int tried = 0; tried < 1000; ++tried) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string status;
    std::getline(file, status);
    if (status.empty() || status.contains(") Z") || status.contains(") X")) {
      return true;
    }
    std::this_thread::sleep_for(Milliseconds(10));
  }
  return false;
}

TEST(RunProcess, GivesStatusOutputAndErrors) {
  const auto result = run_process(shell("echo out; echo err >&2; exit 7"));

  EXPECT_EQ(result.exit_status, 7) << result;
  EXPECT_EQ(result.signal, 0);
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.errors, "err\n");
  EXPECT_GT(result.max_rss_kib, 0);
  EXPECT_GT(result.wall, Duration::zero());
  EXPECT_FALSE(result.succeeded());
}

TEST(RunProcess, HandsOverInputAndTakesMuchOutput) {
  const std::string much(3 << 20, 'x');

  const auto result = run_process({.arguments = {"cat"}, .input = much});

  EXPECT_TRUE(result.succeeded());
  EXPECT_TRUE(result.output == much) << result.output.size() << " bytes came back";
}

TEST(RunProcess, ChangesTheEnvironment) {
  auto command = shell("echo ${ADDED-none} ${HOME-none}");
  command.environment = {{"ADDED", "yes"}, {"HOME", std::nullopt}};

  EXPECT_EQ(run_process(command).output, "yes none\n");
}

TEST(RunProcess, PassesArgumentsUntouched) {
  EXPECT_EQ(run_process({.arguments = {"printf", "%s", "$HOME; 'x' *"}}).output, "$HOME; 'x' *");
}

TEST(RunProcess, KillsWhatTakesTooLong) {
  const auto result = run_process({.arguments = {"sleep", "100"}, .limit = Milliseconds(50)});

  EXPECT_TRUE(result.timed_out);
  EXPECT_NE(result.signal, 0);
  EXPECT_LT(result.wall, Seconds(50));
  std::ostringstream shown;
  shown << result;
  EXPECT_THAT(shown.str(), HasSubstr("took too long"));
}

TEST(RunProcess, TellsWhichSignalEndedIt) {
  const auto result = run_process(shell("kill -9 $$"));

  EXPECT_EQ(result.signal, SIGKILL);
  EXPECT_EQ(result.exit_status, -1);
}

TEST(RunProcess, ThrowsWhenItCannotStart) {
  EXPECT_THROW(run_process({.arguments = {"no-such-program-at-all"}}), std::runtime_error);
  EXPECT_THROW(run_process({.arguments = {"/no/such/program"}}), std::system_error);
}

TEST(RunProcess, DoesNotWaitForDescendantsThatHoldTheOutput) {
  const auto result = run_process(shell("sleep 100 & echo done"));

  EXPECT_EQ(result.output, "done\n");
  EXPECT_LT(result.wall, Seconds(50));
}

TEST(ChildProcess, ShowsWhatItHasWrittenSoFar) {
  ChildProcess child(shell("echo ready; echo oops >&2; sleep 100"));

  EXPECT_TRUE(child.await_text("oops"));
  EXPECT_TRUE(child.running());
  EXPECT_EQ(child.output(), "ready\n");
  EXPECT_FALSE(child.await_text("never", Milliseconds(20)));
  EXPECT_EQ(child.terminate().signal, SIGTERM);
  EXPECT_FALSE(child.running());
}

TEST(ChildProcess, GetsSignals) {
  ChildProcess child(
      shell("trap 'echo caught; exit 3' INT; echo ready; while :; do sleep 0.01; done"));
  ASSERT_TRUE(child.await_text("ready"));

  child.signal(SIGINT);

  const auto result = child.wait(Seconds(30));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_status, 3);
  EXPECT_THAT(result->output, HasSubstr("caught"));
}

TEST(ChildProcess, IsKilledWhenItDoesNotListen) {
  ChildProcess child(shell("trap '' TERM; echo ready; while :; do sleep 0.01; done"));
  ASSERT_TRUE(child.await_text("ready"));

  EXPECT_EQ(child.terminate(Milliseconds(50)).signal, SIGKILL);
}

TEST(ChildProcess, EndsWithItsObjectAndSoDoItsOwnChildren) {
  pid_t child = 0;
  pid_t grandchild = 0;
  {
    ChildProcess parent(shell("sleep 100 & echo $!; wait"));
    ASSERT_TRUE(parent.await_text("\n"));
    child = parent.pid();
    grandchild = std::stoi(parent.output());
    EXPECT_EQ(::kill(grandchild, 0), 0);
  }

  EXPECT_NE(::kill(child, 0), 0);
  EXPECT_TRUE(ends_soon(grandchild));
}

TEST(ChildProcess, EndsWithTheThreadThatStartedIt) {
  std::unique_ptr<ChildProcess> child;
  std::jthread([&child] {
    child = std::make_unique<ChildProcess>(Command{.arguments = {"sleep", "100"}});
  }).join();

  const auto result = child->wait(Seconds(30));

  ASSERT_TRUE(result);
  EXPECT_EQ(result->signal, SIGKILL);
}

TEST(FindProgram, LooksOnThePath) {
  EXPECT_TRUE(find_program("sh"));
  EXPECT_FALSE(find_program("no-such-program-at-all"));
}

TEST(TemporaryDirectory, GoesAwayWithAllThatIsInIt) {
  std::filesystem::path path;
  {
    const TemporaryDirectory directory;
    path = directory.path();
    const auto file = directory.write("a", "text");
    EXPECT_EQ(file, directory / "a");
    EXPECT_EQ(std::filesystem::file_size(file), 4U);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(FreePort, CanBeConnectedToByNobody) {
  EXPECT_THROW(Socket::connect(free_port()), ConnectionLost);
}

}  // namespace
}  // namespace pitstop::test
