#include "ec2/xml.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"

namespace pitstop::ec2::xml {
namespace {

// A CDATA section parts the text around it.
std::string text(const pugi::xml_node& element) {
  const auto first = element.first_child();
  std::string joined = first.value();
  for (auto part = first.next_sibling(); part; part = part.next_sibling()) {
    joined += part.value();
  }
  return joined;
}

}  // namespace

std::string text(const pugi::xml_node& node, const char* name) {
  return text(node.child(name));
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

std::optional<int> number(const pugi::xml_node& node, const char* name) {
  const auto digits = trimmed(node.child_value(name));
  int value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || read.ec != std::errc{}) {
    return std::nullopt;
  }
  return value;
}

std::optional<WallTime> time(const pugi::xml_node& node, const char* name) {
  return parse_rfc3339(trimmed(node.child_value(name)));
}

Tags tags(const pugi::xml_node& node) {
  Tags read;
  for (auto item = node.child("tagSet").child("item"); item; item = item.next_sibling("item")) {
    read.push_back({text(item, "key"), text(item, "value")});
  }
  return read;
}

std::vector<std::string> texts(const pugi::xml_node& node, const char* list, const char* name) {
  std::vector<std::string> read;
  for (const auto& item : node.child(list).children("item")) {
    read.push_back(text(item, name));
  }
  return read;
}

}  // namespace pitstop::ec2::xml
