#include "cli/exit_status.hpp"

#include <gtest/gtest.h>

namespace pitstop {
namespace {

BackupOutcome outcome(Outcome kind) {
  BackupOutcome backup;
  backup.outcome = kind;
  if (kind == Outcome::failed || kind == Outcome::refused) {
    backup.error = Error{};
  }
  return backup;
}

const BackupOutcome completed = outcome(Outcome::completed);
const BackupOutcome following = outcome(Outcome::following);
const BackupOutcome failed = outcome(Outcome::failed);
const BackupOutcome refused = outcome(Outcome::refused);

BackupOutcome late() {
  auto backup = completed;
  backup.gate = GateOpening::deadline;
  return backup;
}

BackupOutcome left_down() {
  auto backup = failed;
  backup.left_down = true;
  return backup;
}

BackupOutcome held() {
  auto backup = refused;
  backup.error->kind = ErrorKind::held;
  return backup;
}

struct Case {
  const char* what;
  std::vector<BackupOutcome> outcomes;
  int status;
  int status_if_interrupted;
};

TEST(ExitStatus, IsWhatAPersonMustHearOfFirst) {
  const std::vector<Case> cases{
      {"nothing to do", {}, 0, 130},
      {"completed", {completed}, 0, 130},
      {"following", {completed, following}, 0, 130},
      {"at the deadline", {completed, late()}, 4, 130},
      {"failed", {failed}, 1, 130},
      {"all failed", {failed, failed}, 1, 130},
      {"one failed", {completed, failed}, 3, 130},
      {"one refused", {completed, refused}, 3, 130},
      {"refused", {refused}, 10, 130},
      {"all refused", {refused, refused}, 10, 130},
      {"none backed up", {failed, refused}, 1, 130},
      {"held by another run", {held()}, 11, 130},
      {"one held, one refused", {held(), refused}, 11, 130},
      {"one held", {completed, held()}, 3, 130},
      {"held, and left down", {held(), left_down()}, 20, 20},
      {"one failed, one at the deadline", {late(), failed}, 3, 130},
      {"left down", {left_down()}, 20, 20},
      {"left down among others", {completed, late(), refused, left_down()}, 20, 20},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(number(exit_status_of(one.outcomes, false, false)), one.status) << one.what;
    EXPECT_EQ(number(exit_status_of(one.outcomes, true, false)), one.status_if_interrupted)
        << one.what;
  }
}

TEST(ExitStatus, OfAnErrorThatTouchedNoServer) {
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::internal); ++kind) {
    const Error error{static_cast<ErrorKind>(kind), "", "", ""};
    const int expected = error.kind == ErrorKind::usage         ? 2
                         : error.kind == ErrorKind::held        ? 11
                         : error.kind == ErrorKind::interrupted ? 130
                                                                : 1;
    EXPECT_EQ(number(exit_status_of(error)), expected) << to_string(error.kind);
  }
}

TEST(ExitStatus, IsExplainedInTheHelp) {
  for (const auto status : {ExitStatus::done, ExitStatus::failed, ExitStatus::usage,
                            ExitStatus::some_failed, ExitStatus::at_deadline, ExitStatus::refused,
                            ExitStatus::held, ExitStatus::left_down, ExitStatus::interrupted}) {
    EXPECT_NE(exit_status_help().find("  " + std::to_string(number(status)) + ' '),
              std::string::npos)
        << number(status);
  }
}

}  // namespace
}  // namespace pitstop
