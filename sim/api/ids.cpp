#include "sim/api/ids.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace pitstop::sim {

bool is_id(const IdKind& kind, std::string_view text) {
  if (!text.starts_with(kind.prefix)) {
    return false;
  }
  const auto digits = text.substr(kind.prefix.size());
  return (digits.size() == 8 || digits.size() == 17) &&
         digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Answer<void> check_id(const IdKind& kind, std::string_view text) {
  if (kind.prefix.empty() || is_id(kind, text)) {
    return {};
  }
  if (!kind.parameter.empty() && !text.starts_with(kind.prefix)) {
    return refuse("InvalidParameterValue",
                  fmt::format("Value ({}) for parameter {} is invalid. Expected: '{}...'.",
                              printable(text), kind.parameter, kind.prefix));
  }
  return refuse(std::string(kind.malformed), fmt::format("Invalid id: {}", in_quotes(text)));
}

std::unexpected<ApiError> not_found(const IdKind& kind, const std::vector<std::string>& missing) {
  const auto text = missing.size() == 1 ? kind.one : kind.several;
  return refuse(std::string(kind.not_found),
                fmt::format(fmt::runtime(text), printable(join(missing, ", "), 2000)));
}

}  // namespace pitstop::sim
