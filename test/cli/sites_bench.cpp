#include "sites_bench.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <list>
#include <sstream>

#include "aws/role_arn.hpp"
#include "aws/sts_replies.hpp"
#include "base/concurrently.hpp"
#include "cli/command_line.hpp"
#include "sim/door/simulated_http.hpp"
#include "support/closed_doors.hpp"
#include "support/killed_run.hpp"
#include "support/recorded_request.hpp"

namespace pitstop::test {

/// A network in which STS is, and the EC2 of each account for whoever has its keys.
class ManyAccounts final : public Http {
 public:
  explicit ManyAccounts(SitesBench& bench) : bench_(bench) {
    for (const auto& [account, simulator] : bench.accounts_) {
      doors_.emplace(account, std::make_unique<sim::SimulatedHttp>(*simulator, bench.faults,
                                                                   bench.time, doors_.size()));
    }
  }

  Task<Result<HttpResponse>> send(HttpRequest request) override {
    ++bench_.calls;
    const auto received = recorded(request);
    if (bench_.on_call) {
      bench_.on_call(received.action());
    }
    if (!bench_.kill_at_.empty() && received.action() == bench_.kill_at_ &&
        !received.parameters.contains("DryRun") && --bench_.calls_to_kill_ == 0) {
      bench_.time.kill();
      co_await bench_.time.sleep(Seconds(1));
    }
    const auto signature = request.signature.value();
    if (signature.service == "sts") {
      co_return assume(received.parameter("RoleArn"));
    }
    auto& door = doors_.at(signature.access_key_id.substr(4));
    co_return co_await door->send(std::move(request));
  }

 private:
  HttpResponse assume(const std::string& arn) {
    const auto account = account_of_role(arn);
    const auto forbidden = bench_.forbidden_roles.find(account);
    if (forbidden != bench_.forbidden_roles.end()) {
      return {403, {}, sts_error("AccessDenied", forbidden->second)};
    }
    ++bench_.assumed;
    return {200, {}, sts_reply("AssumeRole", "ASIA" + account)};
  }

  SitesBench& bench_;
  std::map<std::string, std::unique_ptr<sim::SimulatedHttp>> doors_;
};

namespace {

Task<void> run_line_into(CommandResult& result, std::vector<std::string> arguments,
                         Surroundings& surroundings) {
  result.status = number(co_await run_command_line(std::move(arguments), surroundings));
}

Task<bool> answer_with(bool answer) {
  co_return answer;
}

}  // namespace

void SitesBench::add_account(const std::string& account, sim::Scenario scenario) {
  scenario.account = account;
  auto added = std::make_unique<sim::Simulator>(time, std::move(scenario));
  for (const auto& [number, other] : accounts_) {
    other->add_neighbour(*added);
    added->add_neighbour(*other);
  }
  accounts_.emplace(account, std::move(added));
}

CommandResult SitesBench::run(std::vector<std::string> arguments) {
  CommandResult result;
  EXPECT_TRUE(run_into(result, std::move(arguments)));
  time.drain();
  return result;
}

void SitesBench::run_until(const std::string& action, std::vector<std::string> arguments,
                           int which) {
  kill_at_ = action;
  calls_to_kill_ = which;
  CommandResult result;
  EXPECT_FALSE(run_into(result, std::move(arguments)));
  kill_at_.clear();
  const auto left = std::filesystem::path(variables["XDG_STATE_HOME"]);
  const auto copy = state.path() / std::to_string(runs_);
  std::filesystem::copy(left, copy, std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(copy / "pitstop" / "runs");
  variables["XDG_STATE_HOME"] = copy.string();
}

/// What one process has for itself.
struct SitesBench::Process {
  Process(SitesBench& bench, const std::string& state_home)
      : environment(with(bench.variables, state_home)),
        random(static_cast<std::uint64_t>(++bench.runs_)),
        surroundings{
            .environment = environment,
            .clock = bench.time,
            .random = random,
            .open_network =
                [&bench](CurlSettings) { return std::make_unique<ManyAccounts>(bench); },
            .launch = [](const std::vector<std::string>&, std::string_view) { return Status(); },
            .run_program = closed_doors().run_program,
            .interruption = bench.interruption,
            .down = down,
            .output = output,
            .diagnostics = diagnostics,
            .terminal_size = {}} {
    if (bench.answer) {
      surroundings.ask = [&bench](std::string question) {
        bench.questions.push_back(std::move(question));
        return answer_with(*bench.answer);
      };
    }
  }

  static std::map<std::string, std::string, std::less<>> with(
      std::map<std::string, std::string, std::less<>> variables, const std::string& state_home) {
    variables["XDG_STATE_HOME"] = state_home;
    return variables;
  }

  std::ostringstream output;
  std::ostringstream diagnostics;
  Environment environment;
  SeededRandom random;
  std::vector<InstanceId> down;
  Surroundings surroundings;
};

Task<void> SitesBench::run_later(Duration after, CommandResult& result,
                                 std::vector<std::string> arguments, Process& process) {
  co_await time.sleep(after);
  co_await run_line_into(result, std::move(arguments), process.surroundings);
  result.output = process.output.str();
  result.diagnostics = process.diagnostics.str();
}

std::vector<CommandResult> SitesBench::run_together(std::vector<OnHost> commands) {
  std::vector<CommandResult> results(commands.size());
  std::list<Process> processes;
  std::vector<Task<void>> tasks;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    auto& command = commands[i];
    auto& process = processes.emplace_back(*this, (state.path() / command.host).string());
    process.surroundings.host = command.host;
    tasks.push_back(run_later(command.after, results[i], std::move(command.arguments), process));
  }
  time.run(concurrently(std::move(tasks)));
  time.drain();
  return results;
}

bool SitesBench::run_into(CommandResult& result, std::vector<std::string> arguments) {
  Process process(*this, variables["XDG_STATE_HOME"]);
  auto line = run_line_into(result, std::move(arguments), process.surroundings);
  const bool ended =
      kill_at_.empty() ? time.run(std::move(line)) : run_to_be_killed(time, std::move(line));
  result.output = process.output.str();
  result.diagnostics = process.diagnostics.str();
  return ended;
}

}  // namespace pitstop::test
