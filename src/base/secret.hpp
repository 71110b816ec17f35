#pragma once

#include <string>
#include <utility>

namespace pitstop {

/// Text that must not be shown. It cannot be formatted, printed or compared by accident; `reveal`
/// is the one way out, and easy to search for.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

}  // namespace pitstop
