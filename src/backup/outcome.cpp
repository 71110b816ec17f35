#include "backup/outcome.hpp"

#include "base/check.hpp"
#include "base/value_named.hpp"

namespace pitstop {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::completed:
      return "completed";
    case Outcome::following:
      return "following";
    case Outcome::failed:
      return "failed";
    case Outcome::refused:
      return "refused";
    case Outcome::done_elsewhere:
      return "done_elsewhere";
  }
  unreachable();
}

std::string_view to_string(Consistency consistency) {
  switch (consistency) {
    case Consistency::at_rest:
      return "at-rest";
    case Consistency::crash:
      return "crash";
    case Consistency::frozen:
      return "frozen";
    case Consistency::unmounted:
      return "unmounted";
  }
  unreachable();
}

std::string_view to_string(GateOpening opening) {
  switch (opening) {
    case GateOpening::progress:
      return "progress";
    case GateOpening::accepted:
      return "accepted";
    case GateOpening::completed:
      return "completed";
    case GateOpening::deadline:
      return "deadline";
    case GateOpening::recovery:
      return "recovery";
  }
  unreachable();
}

std::optional<Outcome> parse_outcome(std::string_view text) {
  return value_named(text, {Outcome::completed, Outcome::following, Outcome::failed,
                            Outcome::refused, Outcome::done_elsewhere});
}

std::optional<Consistency> parse_consistency(std::string_view text) {
  return value_named(text, {Consistency::at_rest, Consistency::crash, Consistency::frozen,
                            Consistency::unmounted});
}

std::optional<GateOpening> parse_gate_opening(std::string_view text) {
  return value_named(text, {GateOpening::progress, GateOpening::accepted, GateOpening::completed,
                            GateOpening::deadline, GateOpening::recovery});
}

bool is_good(const BackupOutcome& backup) {
  const bool is_only_a_restore = backup.swapped && backup.snapshots.empty();
  return !is_only_a_restore &&
         (backup.outcome == Outcome::completed || backup.outcome == Outcome::following);
}

}  // namespace pitstop
