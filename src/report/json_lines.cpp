#include "report/json_lines.hpp"

#include <nlohmann/json.hpp>

namespace pitstop {

std::string line_of(const Json& message) {
  // Foreign bytes that are not UTF-8 (a tag, an error text) are replaced, not thrown over.
  return message.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void write_line(std::ostream& output, const Json& message) {
  output << line_of(message) << '\n' << std::flush;
}

Json in_seconds(const std::optional<Duration>& duration) {
  if (!duration) {
    return nullptr;
  }
  return static_cast<double>(std::chrono::round<Milliseconds>(*duration).count()) / 1000;
}

Json in_rfc3339(const std::optional<WallTime>& time) {
  return time ? Json(rfc3339(*time)) : Json(nullptr);
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

}  // namespace pitstop
