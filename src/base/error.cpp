#include "base/error.hpp"

#include "base/check.hpp"

namespace pitstop {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::throttled:
      return "throttled";
    case ErrorKind::transient:
      return "transient";
    case ErrorKind::unknown_fate:
      return "unknown_fate";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::wrong_state:
      return "wrong_state";
    case ErrorKind::no_capacity:
      return "no_capacity";
    case ErrorKind::would_work:
      return "would_work";
    case ErrorKind::forbidden:
      return "forbidden";
    case ErrorKind::refused:
      return "refused";
    case ErrorKind::held:
      return "held";
    case ErrorKind::deadline:
      return "deadline";
    case ErrorKind::interrupted:
      return "interrupted";
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::internal:
      return "internal";
  }
  unreachable();
}

std::optional<ErrorKind> parse_error_kind(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(ErrorKind::internal); ++i) {
    if (name == to_string(static_cast<ErrorKind>(i))) {
      return static_cast<ErrorKind>(i);
    }
  }
  return std::nullopt;
}

Error within(std::string_view context, Error error) {
  error.message.insert(0, ": ");
  error.message.insert(0, context);
  return error;
}

}  // namespace pitstop
