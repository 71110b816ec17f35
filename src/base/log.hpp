#pragma once

#include <fmt/core.h>

#include <string_view>
#include <utility>

#include "base/result.hpp"

/// Diagnostics, to stderr. What a user is meant to read goes through report/, not through here.
namespace pitstop::log {

enum class Level { debug, info, warning, error, off };

/// Reads "debug", "info", "warning", "error" or "off".
Result<Level> parse_level(std::string_view text);

/// What is less important than this is not written. The default is `warning`.
void set_level(Level level);
bool enabled(Level level);
void write(Level level, std::string_view message);

template <class... Arguments>
void debug(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  if (enabled(Level::debug)) {
    write(Level::debug, fmt::format(format, std::forward<Arguments>(arguments)...));
  }
}

template <class... Arguments>
void warning(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  if (enabled(Level::warning)) {
    write(Level::warning, fmt::format(format, std::forward<Arguments>(arguments)...));
  }
}

}  // namespace pitstop::log
