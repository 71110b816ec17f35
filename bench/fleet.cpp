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

void answer(const Question& question) {
  SimulatedWorld world(fleet(question));
  world.round_trip = sim::always(Milliseconds(50));
  world.rules.max_down = question.max_down;
  const Instant begun = world.time.now();
  const auto outcomes = world.back_up();
  std::vector<double> over;
  std::multimap<Instant, double> limits;  ///< by the time of the stop
  Instant last = begun;
  for (const auto& id : world.servers()) {
    for (const auto& outage : sim::outages_of(world.region(), id)) {
      if (outage.limit() && outage.downtime()) {
        over.push_back(seconds(*outage.downtime() - *outage.limit()));
        limits.emplace(outage.stop_accepted, seconds(*outage.limit()));
        last = std::max(last, *outage.running);
      }
    }
  }
  std::ranges::sort(over);
  const auto good = std::ranges::count(*outcomes, Outcome::completed, &BackupOutcome::outcome);
  const double took = seconds(last - begun);
  std::vector<double> in_order;
  for (const auto& [stopped, limit] : limits) {
    in_order.push_back(limit);
  }
  const double bound = lower_bound(question, in_order);
  const auto usage = used();
  std::cout << fmt::format(
      "{:>7}  {:>6}  {:>6.2f} s  {:>6.2f} s  {:>7.2f} s  {:>7.0f} s  {:>7.0f} s  {:>5.2f}  "
      "{:>5.1f}  "
      "{:>8.3f} s  {:>6.0f} MB\n",
      question.servers, good, part(over, 0.5), part(over, 0.99), part(over, 1), took, bound,
      took / bound, static_cast<double>(world.calls) / question.servers,
      cpu_seconds(usage) / question.servers, static_cast<double>(usage.ru_maxrss) / 1024);
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
               "calls    CPU each  peak mem\n";
  for (const int servers : fleets) {
    question.servers = servers;
    answer_apart(question);
  }
}
