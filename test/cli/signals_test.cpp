#include "cli/signals.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace pitstop {
namespace {

const Instant beginning{};

constexpr ReceivedSignal ctrl_c{SIGINT, true};

TEST(SignalRules, MakeEveryOtherSignalMeanWhatSigtermMeans) {
  for (int number = 1; number <= SIGRTMAX; ++number) {
    if (number == SIGUSR1 || number == SIGTSTP) {
      continue;
    }
    SignalRules rules;
    for (const auto later : {Milliseconds(0), Milliseconds(10), Milliseconds(60000)}) {
      EXPECT_EQ(rules.action_for({number, false}, beginning + later), SignalAction::end) << number;
    }
  }
}

TEST(SignalRules, EndNowOnlyByASecondCtrlCThatIsNoAccident) {
  SignalRules rules;
  EXPECT_EQ(rules.action_for(ctrl_c, beginning), SignalAction::end);
  EXPECT_EQ(rules.action_for(ctrl_c, beginning + Milliseconds(999)), SignalAction::nothing);
  EXPECT_EQ(rules.action_for({SIGINT, false}, beginning + Seconds(2)), SignalAction::end);
  EXPECT_EQ(rules.action_for({SIGTERM, false}, beginning + Seconds(2)), SignalAction::end);
  EXPECT_EQ(rules.action_for({SIGQUIT, true}, beginning + Seconds(2)), SignalAction::end);
  EXPECT_EQ(rules.action_for(ctrl_c, beginning + Seconds(1)), SignalAction::end_now);
}

TEST(SignalRules, CountCtrlCAfterWhatIsNone) {
  SignalRules rules;
  EXPECT_EQ(rules.action_for({SIGTERM, false}, beginning), SignalAction::end);
  EXPECT_EQ(rules.action_for(ctrl_c, beginning + Seconds(5)), SignalAction::end);
  EXPECT_EQ(rules.action_for(ctrl_c, beginning + Seconds(7)), SignalAction::end_now);
}

TEST(SignalRules, ShowTheStateAndSuspend) {
  SignalRules rules;
  EXPECT_EQ(rules.action_for({SIGUSR1, false}, beginning), SignalAction::show_state);
  EXPECT_EQ(rules.action_for({SIGTSTP, true}, beginning), SignalAction::suspend);
}

/// By what they were before, which the test's own sanitizer wants back.
TEST(SignalPipe, KeepsEverySignalThatEndsAProcessAndTellsWhoSentIt) {
  {
    SignalPipe pipe;
    for (const int number : {SIGTERM, SIGINT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO,
                             SIGXCPU, SIGQUIT, SIGTSTP, SIGSTKFLT, SIGPWR, SIGRTMIN, SIGRTMAX}) {
      ::raise(number);
      const auto taken = pipe.take();
      ASSERT_EQ(taken.size(), 1U) << number;
      EXPECT_EQ(taken.front().number, number);
      EXPECT_FALSE(taken.front().from_terminal) << number;
    }
    for (const int number : {SIGHUP, SIGPIPE, SIGXFSZ, SIGTTIN, SIGTTOU}) {
      ::raise(number);
      EXPECT_TRUE(pipe.take().empty()) << number;
    }
  }
  struct sigaction now{};
  ::sigaction(SIGUSR2, nullptr, &now);
  EXPECT_EQ(now.sa_handler, SIG_DFL);
  std::signal(SIGHUP, SIG_DFL);
  std::signal(SIGTTIN, SIG_DFL);
  std::signal(SIGTTOU, SIG_DFL);
}

}  // namespace
}  // namespace pitstop
