#pragma once

#include <map>
#include <string>
#include <vector>

#include "simulation/crashes.hpp"

/// What EC2 and the services beside it carry out, and answer with an error.
namespace pitstop::test {

struct RunKind {
  std::string name;
  /// Nobody kills it.
  Crash run;
};

/// Runs that together make every changing call of a backup.
std::vector<RunKind> runs_of_every_kind();

/// How often a run makes each changing call when nothing goes wrong.
std::map<std::string, int> changing_calls_of(const Crash& run);

/// Lives through a run one of whose calls is carried out and answered with that error, and through
/// the recovery after it. What is not as it must be, in words.
std::vector<std::string> broken_by(const Crash& run, const sim::ScriptedFault& refusal);

/// The same for every changing call of a run, one at a time, with a code that nobody knows.
std::vector<std::string> broken_by_any_refusal(const RunKind& kind);

/// What two sets of snapshots of one backup leave, where EC2 has made the first unseen.
struct TwoSets {
  std::vector<std::string> broken;
  /// Whether EC2 has made two.
  bool made_two = false;
};
TwoSets live_through_two_sets(std::uint64_t seed);

/// The first seeds with which it is asked for twice.
inline constexpr std::uint64_t seeds_of_two_sets = 30;

}  // namespace pitstop::test
