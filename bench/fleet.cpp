// What a fleet costs, in virtual time under AWS's documented token buckets: how much longer than
// necessary each server is down, how long all of it takes, calls, processor and memory.
//
//     fleet [--neighbour PART] [--max-down N] [--calls] SERVERS…

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <queue>
#include <ranges>

#include "measuring.hpp"
#include "sim/cloud/truth.hpp"
#include "support/simulated_world.hpp"

namespace pitstop::test {
namespace {

struct Question {
  int servers = 1;
  double neighbour = 0;  ///< the part of every bucket that somebody else uses up
  Share max_down;
  bool tell_calls = false;
};

/// When so many tokens can have been taken, of a bucket that is full at the beginning.
double time_for(double tokens, double bucket, double a_second, double neighbour) {
  return std::max(0.0, (tokens - bucket) / (a_second * (1 - neighbour)));
}

/// The soonest that all can be up again: nobody is stopped before the buckets have had what he and
/// those before him need, nor before there is a place, and each takes as long as EC2 took.
///
/// A server needs a CreateSnapshots and its dry run, which EC2 takes for one server each; it is
/// named twice in a StartInstances and a StopInstances, once in a dry run for many. All other calls
/// can be shared, or have larger buckets.
double lower_bound(const Question& question, const std::vector<double>& limits) {
  std::priority_queue<double, std::vector<double>, std::greater<>> places;
  const auto servers = static_cast<double>(limits.size());
  double number = 0;
  double last = 0;
  for (const double limit : limits) {
    ++number;
    const auto when = [&](double tokens, double bucket, double a_second) {
      return time_for(tokens, bucket, a_second, question.neighbour);
    };
    double begin = std::max({when(2 * number, 100, 5), when(servers + number, 1000, 2),
                             when(servers + number, 1000, 20)});
    if (places.size() >= question.max_down.of(limits.size())) {
      begin = std::max(begin, places.top());
      places.pop();
    }
    places.push(begin + limit);
    last = std::max(last, begin + limit);
  }
  return last;
}

sim::Scenario fleet(const Question& question) {
  sim::Scenario scenario;
  scenario.seed = 7;
  scenario.throttling.neighbour = question.neighbour;
  sim::ServerPlan server;
  server.name = "web";
  server.count = question.servers;
  server.volumes = {sim::VolumePlan{}, sim::VolumePlan{}};
  server.volumes.back().device = "/dev/sdf";
  scenario.servers = {server};
  return scenario;
}

/// What a run took of this machine; the simulator apart, but for its memory, which is told beside.
struct Footprint {
  double cpu = 0;
  double peak_mib = 0;
  double simulator_mib = 0;
};

struct Run {
  std::ptrdiff_t good = 0;
  Footprint footprint;
};

Run run(SimulatedWorld& world) {
  double of_simulator = 0;
  world.simulator.on_answer = [&of_simulator](bool begins) {
    of_simulator += begins ? -thread_cpu_seconds() : thread_cpu_seconds();
  };
  const double before = thread_cpu_seconds();
  auto outcomes = world.back_up();
  Run run;
  run.footprint.cpu = thread_cpu_seconds() - before - of_simulator;
  run.footprint.peak_mib = static_cast<double>(used().ru_maxrss) / 1024;
  run.good = std::ranges::count(*outcomes, Outcome::completed, &BackupOutcome::outcome);
  // All that is left is the simulator then.
  outcomes.reset();
  world.journal = Journal::in_memory();
  run.footprint.simulator_mib = allocated_mib();
  return run;
}

/// Of the servers that were down, in the order of their stops.
struct Outages {
  std::vector<double> limits;
  std::vector<double> over;  ///< sorted
  Instant last;              ///< when the last of them was up again
};

Outages outages_in(SimulatedWorld& world) {
  Outages all;
  std::multimap<Instant, double> limits;
  for (const auto& id : world.servers()) {
    for (const auto& outage : sim::outages_of(world.region(), id)) {
      if (outage.limit() && outage.downtime()) {
        all.over.push_back(seconds(*outage.downtime() - *outage.limit()));
        limits.emplace(outage.stop_accepted, seconds(*outage.limit()));
        all.last = std::max(all.last, *outage.running);
      }
    }
  }
  std::ranges::sort(all.over);
  std::ranges::copy(std::views::values(limits), std::back_inserter(all.limits));
  return all;
}

void answer(const Question& question) {
  SimulatedWorld world(fleet(question));
  world.round_trip = sim::always(Milliseconds(50));
  world.rules.max_down = question.max_down;
  const Instant begun = world.time.now();
  const auto [good, footprint] = run(world);
  const auto outages = outages_in(world);
  const auto& over = outages.over;
  const double took = seconds(outages.last - begun);
  const double bound = lower_bound(question, outages.limits);
  std::cout << fmt::format(
      "{:>7}  {:>6}  {:>6.2f} s  {:>6.2f} s  {:>7.2f} s  {:>7.0f} s  {:>7.0f} s  {:>5.2f}  "
      "{:>5.1f}  {:>6.2f} ms  {:>6.0f} MB  {:>6.0f} MB\n",
      question.servers, good, part(over, 0.5), part(over, 0.99), part(over, 1), took, bound,
      took / bound, static_cast<double>(world.calls) / question.servers,
      footprint.cpu * 1000 / question.servers, footprint.peak_mib, footprint.simulator_mib);
  for (const auto& [action, calls] : world.simulator.all_calls()) {
    if (question.tell_calls) {
      std::cout << fmt::format("{:>30.2f}  {}\n", static_cast<double>(calls) / question.servers,
                               action);
    }
  }
}

/// In a process of its own, whose memory is its own.
void answer_apart(const Question& question) {
  std::cout << std::flush;
  const auto child = fork();
  if (child == 0) {
    answer(question);
    std::cout << std::flush;
    _exit(0);
  }
  waitpid(child, nullptr, 0);
}

}  // namespace
}  // namespace pitstop::test

int main(int count, char** arguments) {
  using namespace pitstop::test;
  CLI::App app("What a fleet costs, in virtual time under AWS's documented token buckets");
  Question question;
  std::vector<int> fleets;
  app.add_option("servers", fleets, "How many servers; several fleets one after the other")
      ->required();
  app.add_option("--neighbour", question.neighbour, "The part of what flows in that others use up")
      ->check(CLI::Range(0.0, 0.99));
  std::string max_down = "100000";
  app.add_option("--max-down", max_down, "How many may be down at a time: N or N%");
  app.add_flag("--calls", question.tell_calls,
               "Tell for each action how often it is called, per server");
  CLI11_PARSE(app, count, arguments);
  const auto share = pitstop::parse_share(max_down);
  if (!share) {
    std::cerr << share.error().message << '\n';
    return 2;
  }
  question.max_down = *share;
  std::cout << "servers    good  over the limit: median, p99, worst   run took      bound  ratio  "
               "calls   CPU each   peak mem  simulator\n";
  for (const int servers : fleets) {
    question.servers = servers;
    answer_apart(question);
  }
}
