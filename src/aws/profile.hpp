#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/shared_files.hpp"
#include "base/environment.hpp"
#include "base/result.hpp"

namespace pitstop {

/// A named set of settings in the shared files.
struct Profile {
  std::string name = "default";
  bool named_by_flag =
      false;  ///< then the keys in the environment do not count, as in all of AWS's tools
  ConfigSection in_config_file;
  ConfigSection in_credentials_file;
  ConfigSection settings;  ///< of both files; for a key in both, the credentials file counts
};

/// The profile of a name; nothing if neither of the files has it.
std::optional<Profile> find_profile(std::string_view name, const SharedFiles& files);

/// The profile that --profile (`flag`), AWS_PROFILE or AWS_DEFAULT_PROFILE names, else "default". A
/// profile that is named must exist in one of the files.
Result<Profile> choose_profile(const std::optional<std::string>& flag,
                               const Environment& environment, const SharedFiles& files);

}  // namespace pitstop
