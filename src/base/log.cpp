#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>

#include "base/text.hpp"

namespace pitstop::log {
namespace {

struct LevelName {
  std::string_view name;
  Level level;
  spdlog::level::level_enum spdlog_level;
};

constexpr std::array level_names = {
    LevelName{"debug", Level::debug, spdlog::level::debug},
    LevelName{"info", Level::info, spdlog::level::info},
    LevelName{"warning", Level::warning, spdlog::level::warn},
    LevelName{"error", Level::error, spdlog::level::err},
    LevelName{"off", Level::off, spdlog::level::off},
};

spdlog::level::level_enum to_spdlog(Level level) {
  return level_names.at(static_cast<std::size_t>(level)).spdlog_level;
}

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>("pitstop",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l: %v", spdlog::pattern_time_type::utc);
    made->set_level(spdlog::level::warn);
    return made;
  }();
  return *instance;
}

}  // namespace

Result<Level> parse_level(std::string_view text) {
  for (const auto& candidate : level_names) {
    if (candidate.name == text) {
      return candidate.level;
    }
  }
  return fail(ErrorKind::usage, fmt::format("{} is not a log level", in_quotes(text)),
              "choose one of debug, info, warning, error, off");
}

void set_level(Level level) {
  logger().set_level(to_spdlog(level));
}

bool enabled(Level level) {
  return logger().should_log(to_spdlog(level));
}

void write(Level level, std::string_view message) {
  logger().log(to_spdlog(level), "{}", printable(message, 2000));
}

}  // namespace pitstop::log
