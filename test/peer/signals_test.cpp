// Signals, sent to the real program before ec2sim at each phase of a backup: whatever it is, the
// server runs in the end.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <gtest/gtest.h>
#include <algorithm>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "cli/declarations.hpp"
#include "sim/ec2sim_process.hpp"
#include "support/aws_cli.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

struct Phase {
  const char* name;
  const char* text;  ///< what pitstop writes when it begins
};

/// The first line of the log, then steps.
constexpr std::array phases{Phase{"before the stop", "AWS profile"}, Phase{"stopping", "stopping"},
                            Phase{"waiting for the gate", "snapshots begun"},
                            Phase{"starting", "starting"}, Phase{"following", "running: down for"}};

struct SignalCase {
  int number;
  Phase phase;
};

std::string name_of(int number) {
  return number >= SIGRTMIN ? fmt::format("real-time signal {}", number)
                            : fmt::format("SIG{}", ::sigabbrev_np(number));
}

/// What ends a process by default, and whose second phase matters to users.
const std::set<int> at_every_phase{SIGTERM, SIGINT, SIGUSR1, SIGTSTP};

/// All of them at all phases with PITSTOP_SIGNALS=all, as ./dev soak does; else each at one.
std::vector<SignalCase> cases() {
  const char* wanted = std::getenv("PITSTOP_SIGNALS");
  const bool all = wanted != nullptr && std::string_view(wanted) == "all";
  std::vector<int> numbers;
  for (int number = 1; number <= 31; ++number) {
    if (number != SIGKILL && number != SIGSTOP) {
      numbers.push_back(number);
    }
  }
  numbers.push_back(SIGRTMIN + 5);
  std::vector<SignalCase> some;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    for (std::size_t phase = 0; phase < phases.size(); ++phase) {
      if (all || at_every_phase.contains(numbers[i]) || phase == i % phases.size()) {
        some.push_back({numbers[i], phases.at(phase)});
      }
    }
  }
  return some;
}

std::string servers(std::size_t count) {
  return fmt::format(R"(seed = 7
region = "us-east-1"

[throttling]
on = false

[pace.server]
shutdown = "1500ms"
release = "500ms"
boot = "1500ms"

[pace.snapshot]
lag = "1500ms"
silence = "500ms"
mib_per_second = 200

[[server]]
name = "web"
count = {}

[[server.volume]]
device = "/dev/xvda"
used_gib = 0.5
)",
                     count);
}

class PeerSignals : public testing::Test {
 protected:
  void begin(std::size_t count) {
    const auto scenario = directory.write("signals.toml", servers(count));
    cloud = std::make_unique<Ec2sim>(std::vector<std::string>{"--scenario", scenario.string()});
    for (const auto& instance : state()["instances"]) {
      ids.push_back(instance["instance_id"]);
    }
    ASSERT_EQ(ids.size(), count);
  }

  Command pitstop(std::vector<std::string> arguments) const {
    Command command;
    command.arguments = {PITSTOP_BINARY,
                         "--endpoint-url",
                         cloud->endpoint(),
                         "--log-level",
                         "debug",
                         "--state-dir",
                         (directory / fmt::format("of-{}", fmt::join(arguments, "-"))).string()};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.environment = aws_test_environment();
    return command;
  }

  nlohmann::json state() const { return cloud->page("/_sim/state")["regions"]["us-east-1"]; }

  nlohmann::json server(const std::string& id) const {
    for (const auto& instance : state()["instances"]) {
      if (instance["instance_id"] == id) {
        return instance;
      }
    }
    return {};
  }

  /// Until the server runs again, or it is clear that it will not.
  bool comes_up(const std::string& id) const {
    for (int tries = 0; tries < 400; ++tries) {
      if (server(id)["state"] == "running") {
        return true;
      }
      std::this_thread::sleep_for(milliseconds(100));
    }
    return false;
  }

  struct Seen {
    std::optional<ProcessResult> ended;
    bool was_up = true;  ///< before it was told to go on
  };

  /// One backup of one server, and a signal.
  Seen send(const SignalCase& one, const std::string& id) const {
    ChildProcess run(pitstop({"backup", id, "--no-wait"}));
    if (!run.await_text(one.phase.text, Seconds(60))) {
      return {.ended = run.wait(milliseconds(0))};
    }
    run.signal(one.number);
    Seen seen;
    if (one.number == SIGTSTP) {
      seen.was_up = comes_up(id);
      while (run.running() && !seen.ended) {
        run.signal(SIGCONT);
        seen.ended = run.wait(milliseconds(200));
      }
      return seen;
    }
    seen.ended = run.wait(Seconds(90));
    return seen;
  }

  void judge(const SignalCase& one, const std::string& id, const Seen& seen) const {
    const auto what = fmt::format("{} {}", name_of(one.number), one.phase.name);
    ASSERT_TRUE(seen.ended) << what;
    EXPECT_TRUE(seen.was_up) << what << ": suspended while its server was down";
    EXPECT_EQ(seen.ended->signal, 0) << what << ": " << *seen.ended;
    static const std::set<int> goes_on{SIGHUP,  SIGPIPE, SIGXFSZ,  SIGTTIN, SIGTTOU, SIGCHLD,
                                       SIGCONT, SIGURG,  SIGWINCH, SIGUSR1, SIGTSTP};
    EXPECT_EQ(seen.ended->exit_status, goes_on.contains(one.number) ? 0 : 130)
        << what << ": " << *seen.ended;
    if (one.number == SIGUSR1) {
      EXPECT_THAT(seen.ended->errors, HasSubstr(" down\n")) << what;
    }
    const auto now = server(id);
    EXPECT_EQ(now["state"], "running") << what << ": " << *seen.ended;
    EXPECT_FALSE(now["tags"].contains("pitstop:down")) << what;
  }

  TemporaryDirectory directory;
  std::unique_ptr<Ec2sim> cloud;
  std::vector<std::string> ids;
};

TEST_F(PeerSignals, LeaveNoServerDownAtAnyPhase) {
  const auto all = cases();
  begin(all.size());
  std::vector<Seen> seen(all.size());
  constexpr std::size_t at_a_time = 16;
  for (std::size_t first = 0; first < all.size(); first += at_a_time) {
    std::vector<std::jthread> threads;
    for (std::size_t i = first; i < std::min(first + at_a_time, all.size()); ++i) {
      threads.emplace_back([&, i] { seen[i] = send(all[i], ids[i]); });
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    judge(all[i], ids[i], seen[i]);
    fmt::print("{} {}: ended with {}\n", name_of(all[i].number), all[i].phase.name,
               seen[i].ended ? seen[i].ended->exit_status : -1);
  }
}

/// What each server is at, for whoever asks.
TEST_F(PeerSignals, SIGUSR1TellsWhatIsDown) {
  begin(1);
  ChildProcess run(pitstop({"backup", ids[0], "--no-wait"}));
  ASSERT_TRUE(run.await_text("snapshots begun"));
  run.signal(SIGUSR1);
  EXPECT_TRUE(run.await_text("1 server is down"));
  EXPECT_TRUE(run.await_text("awaiting progress"));
  const auto ended = run.wait(Seconds(60));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->exit_status, 0) << *ended;
}

TEST_F(PeerSignals, EndWhatOnlyShowsSomethingAtOnce) {
  begin(1);
  auto command = pitstop({"check", ids[0]});
  command.arguments[2] = "http://192.0.2.1:9";  // where nobody answers
  ChildProcess run(command);
  ASSERT_TRUE(run.await_text("AWS profile"));
  run.signal(SIGTERM);
  const auto ended = run.wait(Seconds(20));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->exit_status, 130) << *ended;
}

/// A shell that does something to the program that it becomes.
ProcessResult with_shell(const std::string& setting, const Command& command,
                         const std::string& redirection) {
  auto changed = command;
  changed.arguments = {"bash", "-c", setting + "; exec \"$@\" " + redirection, "pitstop"};
  changed.arguments.insert(changed.arguments.end(), command.arguments.begin(),
                           command.arguments.end());
  return run_process(std::move(changed));
}

/// A pager that nobody scrolls, a terminal after Ctrl-S.
TEST_F(PeerSignals, AReaderThatDoesNotReadKeepsNoServerDown) {
  begin(1);
  const auto reads = (directory / "reads").string();
  auto command = pitstop({"backup", ids[0], "--no-wait"});
  // What is written while no server is down is waited for, the log too.
  std::ranges::replace(command.arguments, "debug", "warning");
  const auto script = fmt::format(
      "{{ head -c 65536 /dev/zero; exec \"$@\" 2>&1; }} | {{ while [ ! -e {0} ]; do sleep 0.1; "
      "done; "
      "tr -d '\\0'; }}; exit ${{PIPESTATUS[0]}}",
      reads);
  command.arguments.insert(command.arguments.begin(), {"bash", "-c", script, "pitstop"});
  ChildProcess run(command);
  bool was_down = false;
  bool is_up = false;
  for (int tries = 0; tries < 600 && !is_up; ++tries) {
    const auto outages = cloud->page("/_sim/truth")["instances"][0]["outages"];
    was_down = !outages.empty();
    is_up = was_down && server(ids[0])["state"] == "running";
    std::this_thread::sleep_for(milliseconds(100));
  }
  EXPECT_TRUE(was_down);
  EXPECT_TRUE(is_up);
  std::ofstream{reads};
  const auto ended = run.wait(Seconds(60));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->exit_status, 0) << *ended;
  EXPECT_THAT(ended->output, HasSubstr("1 of 1 backed up")) << "nothing of it is lost";
}

/// The log, and a journal, that have reached a limit of their size are no reason to end.
TEST_F(PeerSignals, ALimitOfTheSizeOfFilesKeepsNoServerDown) {
  begin(1);
  const auto log = (directory / "log").string();
  const auto result = with_shell("ulimit -f 200", pitstop({"backup", ids[0], "--no-wait"}),
                                 fmt::format(">>{0}", log));
  EXPECT_EQ(result.signal, 0) << result;
  EXPECT_EQ(server(ids[0])["state"], "running") << result;
  const auto full = with_shell("ulimit -f 1; head -c 1024 /dev/zero >" + log,
                               pitstop({"iam-policy"}), fmt::format(">>{0}", log));
  EXPECT_EQ(full.exit_status, 1) << full;
  EXPECT_THAT(full.errors, HasSubstr("the output could not be written: file too large"));
}

TEST_F(PeerSignals, ADeviceThatIsFullFailsEveryCommandThatPrints) {
  begin(1);
  const std::map<std::string, std::vector<std::string>> arguments{
      {"backup", {ids[0], "--no-wait"}},
      {"run", {"--help"}},
      {"policy", {"check", "--help"}},
      {"check", {ids[0]}},
      {"recover", {}},
      {"list", {}},
      {"show", {"--help"}},
      {"restore", {"--help"}},
      {"rollback", {"--help"}},
      {"prune", {"--keep-last", "1"}},
      {"copy", {"--to-region", "eu-west-1", "--dry-run"}},
      {"report", {"--help"}},
      {"guard", {"template"}},
      {"freeze", {"template"}},
      {"iam-policy", {}},
      {"demo", {"--speed", "0"}}};
  const Declarations line;
  for (const auto& name : line.command_names()) {
    ASSERT_TRUE(arguments.contains(name)) << name << ": say how it prints something";
    std::vector<std::string> words{name};
    words.insert(words.end(), arguments.at(name).begin(), arguments.at(name).end());
    const auto result = with_shell(":", pitstop(words), ">/dev/full");
    EXPECT_EQ(result.exit_status, 1) << name << ": " << result;
    EXPECT_THAT(result.errors,
                HasSubstr("error: the output could not be written: no space left on device\n"))
        << name;
    const auto closed = with_shell(":", pitstop(words), ">&-");
    EXPECT_EQ(closed.exit_status, 1) << name << ": " << closed;
  }
  EXPECT_EQ(server(ids[0])["state"], "running");
}

TEST_F(PeerSignals, AReaderThatHasReadEnoughIsToldNothing) {
  begin(1);
  const auto result = with_shell("set -o pipefail; f() { \"$@\" | head -1; }; f \"$@\"; exit $?",
                                 pitstop({"backup", ids[0], "--no-wait"}), "");
  EXPECT_EQ(result.exit_status, 0) << result;
  EXPECT_THAT(result.errors, Not(HasSubstr("the output"))) << result;
  EXPECT_EQ(server(ids[0])["state"], "running");
}

TEST_F(PeerSignals, TooFewFilesAreOneErrorBeforeAnythingIsStopped) {
  begin(1);
  // UBSan looks at memory through a pipe of its own, and finds fault where it gets none.
  constexpr int fewest = __has_feature(address_sanitizer) ? 6 : 5;
  for (const int files : {fewest, 7, 8, 9, 10, 12, 16, 20, 24, 32, 34, 36, 38, 40, 64}) {
    const auto result = with_shell(fmt::format("ulimit -n {}", files),
                                   pitstop({"backup", ids[0], "--no-wait"}), "");
    EXPECT_EQ(result.signal, 0) << files << ": " << result;
    EXPECT_THAT(result.errors, Not(HasSubstr("terminate called"))) << files;
    EXPECT_EQ(server(ids[0])["state"], "running") << files << ": " << result;
    if (files <= 32) {
      EXPECT_EQ(result.exit_status, 1) << files << ": " << result;
      EXPECT_THAT(result.errors, HasSubstr("error: pitstop cannot work")) << files;
      EXPECT_THAT(result.errors, HasSubstr("HINT: ")) << files;
    }
  }
}

}  // namespace
}  // namespace pitstop::test
