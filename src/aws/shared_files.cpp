#include "aws/shared_files.hpp"

#include "aws/shell_words.hpp"
#include "aws/small_file.hpp"

namespace pitstop {
namespace {

std::string path_of(const Environment& environment, std::string_view variable,
                    std::string_view usual_path) {
  return expand_home(environment.get(variable).value_or(std::string(usual_path)), environment);
}

Result<std::vector<NamedSection>> read_sections(const std::string& path) {
  TRY(const auto text, read_small_file(path,
                                       "let this user read it, or name another file by "
                                       "AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE"));
  return parse_shared_config(text.value_or(""), path);
}

void sort_credentials_sections(std::vector<NamedSection> sections, SharedFiles& files) {
  for (auto& [name, section] : sections) {
    files.credentials_profiles.insert_or_assign(name, std::move(section));
  }
}

}  // namespace

void sort_config_sections(std::vector<NamedSection> sections, SharedFiles& files) {
  for (auto& [name, section] : sections) {
    if (name == "default") {
      files.config_profiles.insert_or_assign(name, std::move(section));
      continue;
    }
    // botocore goes by how the name begins, and takes the last section if two mean the same.
    ConfigSections* kind = name.starts_with("profile")       ? &files.config_profiles
                           : name.starts_with("sso-session") ? &files.sso_sessions
                           : name.starts_with("services")    ? &files.services
                                                             : nullptr;
    const auto words = shell_words(name);
    if (kind != nullptr && words && words->size() == 2) {
      kind->insert_or_assign(words->back(), std::move(section));
    }
  }
}

Result<SharedFiles> read_shared_files(const Environment& environment) {
  SharedFiles files;
  files.config_file = path_of(environment, "AWS_CONFIG_FILE", "~/.aws/config");
  files.credentials_file =
      path_of(environment, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  TRY(auto config, read_sections(files.config_file));
  sort_config_sections(std::move(config), files);
  TRY(auto credentials, read_sections(files.credentials_file));
  sort_credentials_sections(std::move(credentials), files);
  return files;
}

Result<std::optional<ConfigSection>> read_profile_section(SharedFile which, const std::string& path,
                                                          std::string_view profile) {
  TRY(auto sections, read_sections(path));
  SharedFiles files;
  const bool is_config = which == SharedFile::config;
  if (is_config) {
    sort_config_sections(std::move(sections), files);
  } else {
    sort_credentials_sections(std::move(sections), files);
  }
  const auto& profiles = is_config ? files.config_profiles : files.credentials_profiles;
  const auto found = profiles.find(profile);
  return found == profiles.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace pitstop
