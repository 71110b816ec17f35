#include "aws/redacted.hpp"

namespace pitstop {

std::string redacted(std::string_view text, const std::vector<Secret>& secrets) {
  constexpr std::string_view instead = "***";
  std::string shown(text);
  for (const auto& secret : secrets) {
    const std::string& hidden = secret.reveal();
    if (hidden.empty()) {
      continue;
    }
    for (auto at = shown.find(hidden); at != std::string::npos;
         at = shown.find(hidden, at + instead.size())) {
      shown.replace(at, hidden.size(), instead);
    }
  }
  return shown;
}

}  // namespace pitstop
