#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "sim/cloud/api_error.hpp"

namespace pitstop::sim {

/// "A=1&B.1=x" taken apart: percent-escapes and "+" undone. Any bytes give something; of a name
/// that comes twice, the first.
using Form = std::map<std::string, std::string, std::less<>>;
Form parse_form(std::string_view text);

/// The parameters of a call, read by name; remembers which ones were read, so that those that
/// nobody knows can be refused. Names are case sensitive, as EC2's are.
class FormReader {
 public:
  explicit FormReader(Form form) : form_(std::move(form)) {}
  FormReader(const FormReader&) = delete;
  FormReader& operator=(const FormReader&) = delete;

  /// MissingParameter if it is not there or empty.
  Answer<std::string> required(std::string_view name);
  /// Empty if it is not there.
  std::string text(std::string_view name);
  std::optional<std::string> optional_text(std::string_view name);
  /// InvalidParameterValue unless one of those.
  Answer<std::string> choice(std::string_view name, std::initializer_list<std::string_view> allowed,
                             std::string_view otherwise = {});
  /// InvalidParameterValue unless "true" or "false" (any case).
  Answer<bool> boolean(std::string_view name, bool otherwise = false);
  Answer<std::optional<bool>> optional_boolean(std::string_view name);
  Answer<std::optional<int>> number(std::string_view name);
  Answer<std::optional<WallTime>> time(std::string_view name);
  /// "Name.1", "Name.2", … up to the first number that is missing. What comes after a gap is never
  /// read.
  std::vector<std::string> list(std::string_view name);
  /// The same, and MissingParameter if there is none.
  Answer<std::vector<std::string>> required_list(std::string_view name);
  /// The prefixes "Name.1.", "Name.2.", … that have at least one parameter, up to the first that
  /// has none.
  std::vector<std::string> items(std::string_view name) const;

  /// Whether there is a parameter whose name begins so.
  bool has(std::string_view beginning) const;
  /// How many a list has, without reading it.
  std::size_t count(std::string_view name) const;

  /// A parameter that nobody has asked for, if there is one.
  std::optional<std::string> unread() const;

 private:
  const std::string* find(std::string_view name);

  Form form_;
  std::vector<const std::string*> read_;
};

}  // namespace pitstop::sim
