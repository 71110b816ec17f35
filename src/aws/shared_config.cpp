#include "aws/shared_config.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace pitstop {

std::optional<std::string> ConfigSection::text(std::string_view key) const {
  const auto found = values.find(key);
  if (found == values.end() || found->second.text.empty()) {
    return std::nullopt;
  }
  return found->second.text;
}

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// Takes a line off the front of `text`. It may end with LF, CR LF or CR.
std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find_first_of("\r\n"), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(end);
  text.remove_prefix(text.starts_with("\r\n") ? 2 : std::min<std::size_t>(text.size(), 1));
  return line;
}

/// botocore reads with Python's configparser, and so the rules are its rules: a line that is
/// indented deeper than the key above it continues that key's value, a comment takes a whole line,
/// and what stands twice is a mistake.
class Parser {
 public:
  explicit Parser(std::string_view file_name) : file_name_(file_name) {}

  Result<std::vector<NamedSection>> parse(std::string_view text) {
    while (!text.empty()) {
      ++line_number_;
      TRY_STATUS(read(take_line(text)));
    }
    for (auto& [name, section] : sections_) {
      section.values.insert(defaults_.values.begin(), defaults_.values.end());
    }
    return std::move(sections_);
  }

 private:
  Status read(std::string_view line) {
    const auto content = trimmed(line);
    if (content.empty()) {
      ++empty_lines_;
      return {};
    }
    if (content.starts_with('#') || content.starts_with(';')) {
      return {};
    }
    const auto indent = static_cast<std::size_t>(content.data() - line.data());
    if (value_ != nullptr && indent > indent_) {
      return continue_value(content);
    }
    indent_ = indent;
    const auto closing = content.rfind(']');
    if (content.starts_with('[') && closing != std::string_view::npos && closing > 1) {
      return begin_section(content.substr(1, closing - 1));
    }
    return begin_key(content);
  }

  Status begin_section(std::string_view name) {
    value_ = nullptr;
    if (name == "DEFAULT") {
      section_ = &defaults_;
      return {};
    }
    if (std::ranges::find(sections_, name, &NamedSection::name) != sections_.end()) {
      return mistake(fmt::format("a second section [{}]", printable(name)),
                     "put the keys of both into one section");
    }
    sections_.push_back({std::string(name), {}});
    section_ = &sections_.back().section;
    return {};
  }

  Status begin_key(std::string_view content) {
    if (section_ == nullptr) {
      return mistake("a line before the first section",
                     "begin with a section: [default], [profile NAME], or [NAME] in the "
                     "credentials file");
    }
    const auto equals = content.find_first_of("=:");
    if (equals == std::string_view::npos || equals == 0) {
      return mistake("not a section, not a comment and not KEY = VALUE",
                     "a comment begins with # on a line of its own");
    }
    const auto [place, is_new] =
        section_->values.try_emplace(lower_case(trimmed(content.substr(0, equals))));
    if (!is_new) {
      return mistake("this key stands in its section already", "remove one of the two lines");
    }
    value_ = &place->second;
    value_->text = trimmed(content.substr(equals + 1));
    empty_lines_ = 0;
    return {};
  }

  Status continue_value(std::string_view content) {
    if (!value_->text.empty()) {
      value_->text.append(1 + empty_lines_, '\n').append(content);
      empty_lines_ = 0;
      return {};
    }
    const auto equals = content.find('=');
    if (equals == std::string_view::npos) {
      return mistake("an indented line that is not KEY = VALUE",
                     "write a value on the line of its key, or KEY = VALUE in the lines below it");
    }
    value_->nested.insert_or_assign(std::string(trimmed(content.substr(0, equals))),
                                    std::string(trimmed(content.substr(equals + 1))));
    return {};
  }

  std::unexpected<Error> mistake(std::string_view what, std::string hint) const {
    return fail(ErrorKind::usage,
                fmt::format("{}, line {}: {}", printable(file_name_), line_number_, what),
                std::move(hint));
  }

  std::string_view file_name_;
  int line_number_ = 0;
  std::size_t indent_ = 0;       ///< of the last line that began a section or a key
  std::size_t empty_lines_ = 0;  ///< since the last line of the current value
  std::vector<NamedSection> sections_;
  ConfigSection defaults_;
  ConfigSection* section_ = nullptr;  ///< the current one, or null before the first
  ConfigValue* value_ = nullptr;      ///< the one that an indented line continues, or null
};

}  // namespace

Result<std::vector<NamedSection>> parse_shared_config(std::string_view text,
                                                      std::string_view file_name) {
  if (text.starts_with(byte_order_mark)) {
    text.remove_prefix(byte_order_mark.size());
  }
  return Parser(file_name).parse(text);
}

}  // namespace pitstop
