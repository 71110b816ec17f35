#include "sim/api/received_form.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "sim/api/characters.hpp"

namespace pitstop::sim {
namespace {

/// The longest forms that make sense have some hundred ids, or filters, or 64 KB of UEFI data.
constexpr std::size_t longest_form = 1 << 20;
constexpr std::ptrdiff_t most_parameters = 20'000;

}  // namespace

Answer<Form> read_form(const std::string& text) {
  if (text.size() > longest_form || std::ranges::count(text, '&') >= most_parameters) {
    return refuse("RequestEntityTooLarge", "The request is too large.", 413);
  }
  auto form = parse_form(text);
  for (const auto& [name, value] : form) {
    if (!count_characters(name) || !count_characters(value)) {
      return refuse("InvalidCharacter",
                    fmt::format("A specified character is invalid in {}", printable(name)));
    }
  }
  return form;
}

void read_signature(FormReader& form) {
  if (!form.has("X-Amz-") && !form.has("Signature")) {
    return;
  }
  for (const auto* name :
       {"AWSAccessKeyId", "Expires", "SecurityToken", "Signature", "SignatureMethod",
        "SignatureVersion", "Timestamp", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date",
        "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-Signature", "X-Amz-SignedHeaders"}) {
    form.text(name);
  }
}

}  // namespace pitstop::sim
