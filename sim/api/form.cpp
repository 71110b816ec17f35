#include "sim/api/form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "base/text.hpp"

namespace pitstop::sim {
namespace {

int hexadecimal(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_plain(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '%' || c == '+'; });
}

/// An escape that is none stays as it is.
std::string unescaped(std::string_view text) {
  if (is_plain(text)) {
    return std::string(text);
  }
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hexadecimal(text[i + 1]) : -1;
    const int low = high >= 0 ? hexadecimal(text[i + 2]) : -1;
    if (low >= 0) {
      plain += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      plain += text[i] == '+' ? ' ' : text[i];
    }
  }
  return plain;
}

std::unexpected<ApiError> wrong_value(std::string_view name, std::string_view value,
                                      std::string_view expected) {
  return refuse("InvalidParameterValue", fmt::format("Value ({}) for parameter {} is invalid. {}",
                                                     printable(value), name, expected));
}

std::unexpected<ApiError> missing(std::string_view name) {
  return refuse("MissingParameter", fmt::format("The request must contain the parameter {}", name));
}

/// Makes "Name.1", "Name.2", … one after the other.
class Numbered {
 public:
  explicit Numbered(std::string_view name, std::string_view end = {}) : name_(name), end_(end) {
    name_ += '.';
    stem_ = name_.size();
  }

  const std::string& next() {
    name_.resize(stem_);
    name_ += fmt::format_int(++number_).c_str();
    name_ += end_;
    return name_;
  }

 private:
  std::string name_;
  std::string end_;
  std::size_t stem_ = 0;
  int number_ = 0;
};

bool has_beginning(const Form& form, std::string_view beginning) {
  const auto first = form.lower_bound(beginning);
  return first != form.end() && first->first.starts_with(beginning);
}

}  // namespace

Form parse_form(std::string_view text) {
  Form form;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto parameter = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (parameter.empty()) {
      continue;
    }
    const auto equals = std::min(parameter.find('='), parameter.size());
    const auto value = parameter.substr(std::min(equals + 1, parameter.size()));
    form.emplace(unescaped(parameter.substr(0, equals)), unescaped(value));
  }
  return form;
}

const std::string* FormReader::find(std::string_view name) {
  const auto found = form_.find(name);
  if (found == form_.end()) {
    return nullptr;
  }
  read_.push_back(&found->second);
  return &found->second;
}

Answer<std::string> FormReader::required(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr || value->empty()) {
    return missing(name);
  }
  return *value;
}

std::string FormReader::text(std::string_view name) {
  return optional_text(name).value_or("");
}

std::optional<std::string> FormReader::optional_text(std::string_view name) {
  const auto* value = find(name);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

Answer<std::string> FormReader::choice(std::string_view name,
                                       std::initializer_list<std::string_view> allowed,
                                       std::string_view otherwise) {
  const auto* value = find(name);
  if (value == nullptr) {
    return std::string(otherwise);
  }
  if (!contains(allowed, *value)) {
    return wrong_value(name, *value, fmt::format("Expected one of: {}", fmt::join(allowed, ", ")));
  }
  return *value;
}

Answer<bool> FormReader::boolean(std::string_view name, bool otherwise) {
  TRY(const auto value, optional_boolean(name));
  return value.value_or(otherwise);
}

Answer<std::optional<bool>> FormReader::optional_boolean(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  const auto truth = lower_case(*value);
  if (truth != "true" && truth != "false") {
    return wrong_value(name, *value, "Expected true or false");
  }
  return truth == "true";
}

Answer<std::optional<int>> FormReader::number(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  int number = 0;
  const char* end = value->data() + value->size();
  const auto read = std::from_chars(value->data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end) {
    return wrong_value(name, *value, "Expected an integer");
  }
  return number;
}

Answer<std::optional<WallTime>> FormReader::time(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  const auto time = parse_rfc3339(*value);
  if (!time) {
    return wrong_value(name, *value, "Expected a time such as 2026-11-23T00:16:00Z");
  }
  return time;
}

std::vector<std::string> FormReader::list(std::string_view name) {
  std::vector<std::string> values;
  Numbered names(name);
  for (const auto* value = find(names.next()); value != nullptr; value = find(names.next())) {
    values.push_back(*value);
  }
  return values;
}

Answer<std::vector<std::string>> FormReader::required_list(std::string_view name) {
  auto values = list(name);
  if (values.empty()) {
    return missing(name);
  }
  return values;
}

std::vector<std::string> FormReader::items(std::string_view name) const {
  std::vector<std::string> prefixes;
  Numbered names(name, ".");
  for (const auto* prefix = &names.next(); has_beginning(form_, *prefix); prefix = &names.next()) {
    prefixes.push_back(*prefix);
  }
  return prefixes;
}

bool FormReader::has(std::string_view beginning) const {
  return has_beginning(form_, beginning);
}

std::size_t FormReader::count(std::string_view name) const {
  std::size_t number = 0;
  Numbered names(name);
  while (form_.contains(names.next())) {
    ++number;
  }
  return number;
}

std::optional<std::string> FormReader::unread() const {
  auto read = read_;
  std::ranges::sort(read);
  for (const auto& [name, value] : form_) {
    if (!std::ranges::binary_search(read, &value)) {
      return name;
    }
  }
  return std::nullopt;
}

}  // namespace pitstop::sim
