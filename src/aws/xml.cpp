#include "aws/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace pitstop::xml {
namespace {

// A CDATA section parts the text around it.
std::string text_of(const pugi::xml_node& element) {
  const auto first = element.first_child();
  std::string joined = first.value();
  for (auto part = first.next_sibling(); part; part = part.next_sibling()) {
    joined += part.value();
  }
  return joined;
}

}  // namespace

// A node takes 64 bytes on most machines, and an attribute 40; AWS's elements have no attributes
// but for the name space of the root.
bool is_too_dense(std::string_view text) {
  constexpr std::size_t most = std::size_t{96} << 20;
  const auto nodes = static_cast<std::size_t>(std::ranges::count(text, '<'));
  const auto attributes = static_cast<std::size_t>(std::ranges::count(text, '='));
  return nodes * 64 + attributes * 40 > most;
}

std::string text(const pugi::xml_node& node, const char* name) {
  return text_of(node.child(name));
}

Result<std::string> required_text(const pugi::xml_node& node, const char* name) {
  auto found = text(node, name);
  if (trimmed(found).empty()) {
    return fail(ErrorKind::unknown_fate,
                fmt::format("the answer lacks <{}>: the call may have been carried out", name));
  }
  return found;
}

bool boolean(const pugi::xml_node& node, const char* name) {
  return trimmed(node.child_value(name)) == "true";
}

template <class Number>
std::optional<Number> number(const pugi::xml_node& node, const char* name) {
  const auto digits = trimmed(node.child_value(name));
  Number value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || read.ec != std::errc{}) {
    return std::nullopt;
  }
  return value;
}

template std::optional<int> number(const pugi::xml_node& node, const char* name);
template std::optional<std::int64_t> number(const pugi::xml_node& node, const char* name);

std::optional<WallTime> time(const pugi::xml_node& node, const char* name) {
  return parse_rfc3339(trimmed(node.child_value(name)));
}

}  // namespace pitstop::xml
