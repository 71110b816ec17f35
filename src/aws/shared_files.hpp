#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/shared_config.hpp"
#include "base/environment.hpp"
#include "base/result.hpp"

namespace pitstop {

using ConfigSections = std::map<std::string, ConfigSection, std::less<>>;

/// What AWS's two shared files say, by the names that users give: "x" for [profile x].
struct SharedFiles {
  std::string config_file;
  std::string credentials_file;
  ConfigSections config_profiles;
  ConfigSections credentials_profiles;
  ConfigSections sso_sessions;
  ConfigSections services;
};

/// Reads AWS_CONFIG_FILE (or ~/.aws/config) and AWS_SHARED_CREDENTIALS_FILE (or
/// ~/.aws/credentials). A file that does not exist is empty; one that cannot be read or understood
/// is an error.
Result<SharedFiles> read_shared_files(const Environment& environment);

/// The two files, which write the names of profiles differently.
enum class SharedFile { config, credentials };

/// The section of a profile as a file has it now; nothing if the file or the section is not there.
Result<std::optional<ConfigSection>> read_profile_section(SharedFile which, const std::string& path,
                                                          std::string_view profile);

/// Sorts the sections of the configuration file into `files`; those that mean nothing to AWS are
/// left out.
void sort_config_sections(std::vector<NamedSection> sections, SharedFiles& files);

}  // namespace pitstop
