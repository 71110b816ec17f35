// What a fleet costs, in virtual time under AWS's documented token buckets: how much longer than
// necessary each server is down, how long all of it takes, calls, processor and memory.
//
//     fleet [--neighbour PART] [--max-down N] SERVERS…

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <map>
#include <queue>
#include <string_view>

#include "sim/cloud/truth.hpp"
#include "support/simulated_world.hpp"

namespace pitstop::test {
namespace {

struct Question {
  int servers = 1;
  double neighbour = 0;  ///< the part of every bucket that somebody else uses up
  std::size_t max_down = 100'000;
};

double part(const std::vector<double>& sorted, double fraction) {
  return sorted.empty()
             ? 0
             : sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * fraction)];
}

double cpu_seconds(const rusage& usage) {
  const auto in_seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
}

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
    if (places.size() >= question.max_down) {
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
  world.max_down = question.max_down;
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
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::cout << fmt::format(
      "{:>7}  {:>6}  {:>6.2f} s  {:>6.2f} s  {:>7.2f} s  {:>7.0f} s  {:>7.0f} s  {:>5.2f}  "
      "{:>5.1f}  "
      "{:>8.3f} s  {:>6.0f} MB\n",
      question.servers, good, part(over, 0.5), part(over, 0.99), part(over, 1), took, bound,
      took / bound, static_cast<double>(world.calls) / question.servers,
      cpu_seconds(usage) / question.servers, static_cast<double>(usage.ru_maxrss) / 1024);
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

template <class Number>
bool read(std::string_view text, Number& number) {
  const auto end = text.data() + text.size();
  return std::from_chars(text.data(), end, number).ptr == end;
}

}  // namespace
}  // namespace pitstop::test

int main(int count, char** arguments) {
  using namespace pitstop::test;
  Question question;
  std::vector<int> fleets;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    const bool has_value = i + 1 < count;
    bool understood = false;
    if (argument == "--neighbour" && has_value) {
      understood = read(arguments[++i], question.neighbour);
    } else if (argument == "--max-down" && has_value) {
      understood = read(arguments[++i], question.max_down);
    } else {
      understood = read(argument, fleets.emplace_back());
    }
    if (!understood) {
      std::cerr << "usage: fleet [--neighbour PART] [--max-down N] SERVERS…\n";
      return 2;
    }
  }
  std::cout << "servers    good  over the limit: median, p99, worst   run took      bound  ratio  "
               "calls    CPU each  peak mem\n";
  for (const int servers : fleets) {
    question.servers = servers;
    answer_apart(question);
  }
}
