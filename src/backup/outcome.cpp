#include "backup/outcome.hpp"

#include "base/check.hpp"

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
  }
  unreachable();
}

std::string_view to_string(Consistency consistency) {
  switch (consistency) {
    case Consistency::at_rest:
      return "at-rest";
    case Consistency::crash:
      return "crash";
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
  }
  unreachable();
}

}  // namespace pitstop
