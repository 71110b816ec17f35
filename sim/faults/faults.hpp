#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/time.hpp"
#include "sim/cloud/spread.hpp"

namespace pitstop::sim {

/// What can befall one call between the client and the cloud.
enum class FaultKind {
  none,
  throttled,       ///< RequestLimitExceeded, 503 (in EC2's words); nothing happened
  unavailable,     ///< Unavailable, 503; nothing happened
  internal_error,  ///< InternalError, 500; it happened all the same
  no_capacity,     ///< InsufficientInstanceCapacity, 500; nothing happened
  contention,      ///< of Auto Scaling ResourceContention, 500; else as unavailable
  denied,          ///< UnauthorizedOperation, 403; nothing happened
  html_page,       ///< 503 with a page of the front end's; nothing happened
  cut_reply,       ///< half of the answer, and it happened
  lost_request,    ///< no answer; nothing happened
  lost_reply,      ///< no answer; it happened
  late,            ///< the request arrives when its sender has given up
  false_refusal,   ///< an error of whatever code; it happened all the same
};

/// "lost-reply", as scenarios have it.
std::string_view to_string(FaultKind kind);
std::optional<FaultKind> parse_fault_kind(std::string_view text);
/// All but "none".
std::vector<std::string_view> fault_kind_names();

/// A fault that must happen: to the nth call of a name (from 1; see call_name), and to `times` in
/// a row.
struct ScriptedFault {
  std::string action;
  int nth = 1;
  int times = 1;
  FaultKind kind = FaultKind::none;
  // Of a false_refusal: what it says.
  std::string code = "ValidationError";
  int status = 400;
};

/// What befalls one call.
struct Fault {
  FaultKind kind = FaultKind::none;
  /// Of a false_refusal.
  std::string code = {};
  int status = 400;
};

/// Faults by chance: the part of all calls that each kind befalls. They add up, and are drawn
/// again for each call.
struct RandomFaults {
  std::map<FaultKind, double> parts;
  /// From then on nothing goes wrong any more: what was broken has been mended.
  std::optional<Duration> until;
};

struct FaultPlan {
  std::vector<ScriptedFault> scripted;
  RandomFaults random;
};

/// Decides call by call, by the plan and the seed.
class Faults {
 public:
  Faults(FaultPlan plan, std::uint64_t seed) : plan_(std::move(plan)), random_(seed) {}

  /// `age` is how long the simulation has run. A false_refusal by chance says one of several codes.
  Fault strike(const std::string& call_name, Duration age);

  /// Scripted faults that no call has met, each in words: the test did not test what it says.
  std::vector<std::string> unused() const;

 private:
  Fault by_chance(FaultKind kind);

  FaultPlan plan_;
  SeededRandom random_;
  std::map<std::string, int> calls_;
  /// Counted by their place in the plan.
  std::set<std::size_t> met_;
};

}  // namespace pitstop::sim
