// What one backup costs, beside the budgets of the design: start-up time, peak memory, API calls.
// Measured on the program that is given, as whole processes, against moto on loopback.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "support/aws_cli.hpp"
#include "support/moto_server.hpp"
#include "support/process.hpp"

namespace pitstop::test {
namespace {

constexpr int start_up_runs = 40;
constexpr int backup_runs = 5;

struct Figure {
  std::string what;
  std::string unit;
  std::vector<double> values;
  double budget;
};

std::string row(Figure figure) {
  std::ranges::sort(figure.values);
  return fmt::format("{:<44} {:>9.2f} {:>9.2f} {:>9.2f} {:>9.2f}  {}\n", figure.what,
                     figure.values.front(), figure.values[figure.values.size() / 2],
                     figure.values.back(), figure.budget, figure.unit);
}

Figure start_up(const std::string& program) {
  Figure figure{"start-up: pitstop --version", "ms", {}, 20};
  for (int i = 0; i < start_up_runs; ++i) {
    const auto result = run_process({.arguments = {program, "--version"}});
    figure.values.push_back(seconds(result.wall) * 1000);
  }
  return figure;
}

std::vector<Figure> backups(const std::string& program) {
  Figure memory{"peak memory of one backup, 3 volumes", "MB", {}, 25};
  Figure calls{"API calls of one backup, 3 volumes", "calls", {}, 8};
  auto environment = aws_test_environment();
  for (int i = 0; i < backup_runs; ++i) {
    const auto made = make_instance(moto().endpoint());
    const auto result = run_process({.arguments = {program, "--endpoint-url", moto().endpoint(),
                                                   "--output", "json", "backup", made.id.str()},
                                     .environment = environment});
    if (!result.succeeded()) {
      throw std::runtime_error(result.output + result.errors);
    }
    const auto summary = nlohmann::json::parse(
        result.output.substr(result.output.rfind("{\"message_type\":\"summary\"")));
    memory.values.push_back(static_cast<double>(result.max_rss_kib) / 1024);
    calls.values.push_back(summary["api_calls"]);
  }
  return {memory, calls};
}

int run(const std::string& program) {
  std::cout << fmt::format("{:<44} {:>9} {:>9} {:>9} {:>9}\n", "", "min", "median", "max",
                           "budget");
  std::cout << row(start_up(program));
  for (const auto& figure : backups(program)) {
    std::cout << row(figure);
  }
  std::cout << "The budget of calls is for a server of a fleet of 1,000, which shares its looks "
               "with the others.\n";
  return 0;
}

}  // namespace
}  // namespace pitstop::test

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: cost_of_a_backup PROGRAM\n";
    return 2;
  }
  return pitstop::test::run(arguments[1]);
}
