#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "sim/cloud/api_error.hpp"

namespace pitstop::sim {

/// How long a text may be, and of which letters; `pattern` is how AWS writes that.
struct TextRule {
  std::size_t least = 1;
  std::size_t most = 1600;
  std::string_view letters = {};  ///< empty: any
  std::string_view pattern = {};
};

/// ValidationException, in AWS's words.
std::unexpected<ApiError> invalid(std::string_view path, std::string_view shown,
                                  std::string_view constraint);
/// ValidationException of something that AWS has, and this simulation has not.
std::unexpected<ApiError> not_simulated(std::string_view what);

Answer<void> check_text(std::string_view path, std::string_view value, const TextRule& rule);

/// The members of a JSON object, read by name: ValidationException for what may not be so,
/// SerializationException for what is of another type. Members that nobody knows are refused, as
/// AWS does not: a name that is misspelt would change nothing.
class Members {
 public:
  /// `path` is for messages: "target". `object` must outlive this.
  Members(const nlohmann::json& object, std::string path) : object_(object), path_(path) {}

  Answer<std::string> required_text(const std::string& name, const TextRule& rule = {});
  Answer<std::optional<std::string>> text(const std::string& name, const TextRule& rule = {});
  Answer<std::string> choice(const std::string& name, const std::vector<std::string>& choices,
                             const std::string& otherwise);
  /// Seconds since 1970, as a number.
  Answer<std::optional<WallTime>> time(const std::string& name);
  Answer<std::optional<int>> whole(const std::string& name, int least, int most);
  /// An empty object if it is not there and not `required`.
  Answer<Members> object(const std::string& name, bool required);

  /// Refuses what AWS knows and this simulation does not, and what has not been read.
  Answer<void> refuse_others(const std::vector<std::string>& known_to_aws);

 private:
  const nlohmann::json* find(const std::string& name);
  std::string path_of(const std::string& name) const;
  std::unexpected<ApiError> missing(const std::string& name) const;
  std::unexpected<ApiError> another_type(const std::string& name, std::string_view expected) const;

  const nlohmann::json& object_;
  std::string path_;
  std::vector<std::string> read_;
};

}  // namespace pitstop::sim
