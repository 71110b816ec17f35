#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pitstop {

/// The environment variables of the process, handed in: nobody else asks for them.
class Environment {
 public:
  Environment() = default;
  explicit Environment(std::map<std::string, std::string, std::less<>> variables)
      : variables_(std::move(variables)) {}

  static Environment of_process();

  /// The variable's value; nothing if it is unset or empty, which AWS's tools treat alike.
  std::optional<std::string> get(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> variables_;
};

}  // namespace pitstop
