#include "journal/run_locks.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "support/temporary_directory.hpp"

namespace pitstop {
namespace {

using test::TemporaryDirectory;

const RunId run("r-0123456789ab");

TEST(RunLocks, OneHolderAtATime) {
  const TemporaryDirectory directory;
  RunLocks ours(directory.path());
  RunLocks theirs(directory.path());
  ASSERT_TRUE(ours.lock(run));
  EXPECT_TRUE(ours.lock(run)) << "it is ours already";
  const auto refused = theirs.lock(run);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::held);
  EXPECT_TRUE(theirs.lock(RunId("r-another")));
}

TEST(RunLocks, AreFreeWhenTheyAreLetGo) {
  const TemporaryDirectory directory;
  RunLocks ours(directory.path());
  RunLocks theirs(directory.path());
  ASSERT_TRUE(ours.lock(run));
  ours.unlock(run);
  EXPECT_TRUE(theirs.lock(run));
  ours.unlock(run);
  EXPECT_FALSE(ours.lock(run)) << "what is not ours is not let go";
}

TEST(RunLocks, LeaveNoFile) {
  const TemporaryDirectory directory;
  RunLocks locks(directory.path());
  ASSERT_TRUE(locks.lock(run));
  EXPECT_TRUE(std::filesystem::exists(directory / "runs/r-0123456789ab.lock"));
  locks.unlock(run);
  EXPECT_TRUE(std::filesystem::is_empty(directory / "runs"));
}

TEST(RunLocks, GoOnWithTheObjectThatTheyAreMovedTo) {
  const TemporaryDirectory directory;
  RunLocks first(directory.path());
  ASSERT_TRUE(first.lock(run));
  const RunLocks moved(std::move(first));
  EXPECT_FALSE(RunLocks(directory.path()).lock(run));
}

TEST(RunLocks, GoWithTheObject) {
  const TemporaryDirectory directory;
  {
    RunLocks locks(directory.path());
    ASSERT_TRUE(locks.lock(run));
  }
  EXPECT_TRUE(RunLocks(directory.path()).lock(run));
}

/// What it is all about.
TEST(RunLocks, GoWithTheProcessHoweverItEnds) {
  const TemporaryDirectory directory;
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    RunLocks locks(directory.path());
    const char locked = locks.lock(run) ? 'y' : 'n';
    [[maybe_unused]] const auto written = ::write(told[1], &locked, 1);
    while (true) {
      ::pause();
    }
  }
  char locked = 0;
  ASSERT_EQ(::read(told[0], &locked, 1), 1);
  ASSERT_EQ(locked, 'y');
  RunLocks ours(directory.path());
  EXPECT_FALSE(ours.lock(run));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(ours.lock(run));
  ::close(told[0]);
  ::close(told[1]);
}

TEST(RunLocks, AreSweptTogetherWhereTheirHoldersHaveEnded) {
  const TemporaryDirectory directory;
  RunLocks alive(directory.path());
  ASSERT_TRUE(alive.lock(run));
  {
    ASSERT_TRUE(RunLocks(directory.path()).lock(RunId("r-killed")));
  }
  RunLocks ours(directory.path());
  ASSERT_TRUE(ours.lock(RunId("r-ours")));
  ours.sweep();
  EXPECT_FALSE(std::filesystem::exists(directory / "runs/r-killed.lock"));
  EXPECT_TRUE(std::filesystem::exists(directory / "runs/r-0123456789ab.lock"));
  EXPECT_FALSE(RunLocks(directory.path()).lock(RunId("r-ours")));
  RunLocks(directory / "nowhere").sweep();
  RunLocks().sweep();
}

TEST(RunLocks, OfAJournalInMemoryAreAlwaysFree) {
  RunLocks one;
  RunLocks other;
  EXPECT_TRUE(one.lock(run));
  EXPECT_TRUE(other.lock(run));
}

TEST(RunLocks, SayWhereTheyCannotBeTaken) {
  const TemporaryDirectory directory;
  const auto file = directory.write("state", "not a directory");
  const auto refused = RunLocks(file).lock(run);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::refused);
  EXPECT_NE(refused.error().message.find("state/runs"), std::string::npos);
}

}  // namespace
}  // namespace pitstop
