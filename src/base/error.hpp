#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pitstop {

/// Why something did not work, as far as it matters to what the caller does next: one kind per
/// reaction.
enum class ErrorKind {
  throttled,     ///< certainly did not happen; wait, with jitter, and ask again
  transient,     ///< certainly did not happen; ask again soon
  unknown_fate,  ///< may have happened: look before asking again for anything that creates
  not_found,     ///< not there, or not visible yet if it was made a moment ago
  wrong_state,   ///< cannot be done in the state that the thing is in now; look, and wait for
                 ///< another
  no_capacity,   ///< AWS has no room at the moment; keep asking, slowly
  would_work,    ///< the answer to a dry run that would have been allowed
  forbidden,     ///< the credentials lack a right, are wrong, or have expired
  refused,       ///< asking again will not help
  held,          ///< another run works on it: leave it alone
  deadline,      ///< our own time limit passed first
  interrupted,   ///< the user asked to end
  usage,         ///< what the user typed cannot be meant
  internal,      ///< a surprise of our own making
};

/// The kind's name as logs and JSON show it.
std::string_view to_string(ErrorKind kind);

/// The kind of that name; nothing if there is none.
std::optional<ErrorKind> parse_error_kind(std::string_view name);

/// An expected failure. `message` is one line, lower case, names the thing and has no full stop;
/// `hint` says what to do and may be empty; `code` is the foreign error code
/// ("InvalidInstanceID.NotFound") if there is one.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;
  std::string hint;
  std::string code;
};

/// Puts `context` and ": " before the error's message.
Error within(std::string_view context, Error error);

}  // namespace pitstop
