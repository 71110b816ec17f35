#include "aws/profile.hpp"

#include <fmt/format.h>

#include <set>

#include "base/text.hpp"

namespace pitstop {
namespace {

std::string existing_profiles(const SharedFiles& files) {
  std::set<std::string> names;
  for (const auto* sections : {&files.config_profiles, &files.credentials_profiles}) {
    for (const auto& [name, section] : *sections) {
      names.insert(name);
    }
  }
  if (names.empty()) {
    return fmt::format("neither {} nor {} has a profile", printable(files.config_file),
                       printable(files.credentials_file));
  }
  return printable("there are " + join({names.begin(), names.end()}, ", "));
}

ConfigSection section_of(const ConfigSections& sections, std::string_view name) {
  const auto found = sections.find(name);
  return found == sections.end() ? ConfigSection{} : found->second;
}

}  // namespace

std::optional<Profile> find_profile(std::string_view name, const SharedFiles& files) {
  if (!files.config_profiles.contains(name) && !files.credentials_profiles.contains(name)) {
    return std::nullopt;
  }
  Profile profile;
  profile.name = name;
  profile.in_config_file = section_of(files.config_profiles, name);
  profile.in_credentials_file = section_of(files.credentials_profiles, name);
  profile.settings = profile.in_credentials_file;
  profile.settings.values.insert(profile.in_config_file.values.begin(),
                                 profile.in_config_file.values.end());
  return profile;
}

Result<Profile> choose_profile(const std::optional<std::string>& flag,
                               const Environment& environment, const SharedFiles& files) {
  const auto named = flag.or_else([&] { return environment.get("AWS_PROFILE"); }).or_else([&] {
    return environment.get("AWS_DEFAULT_PROFILE");
  });
  const std::string name = named.value_or("default");
  auto found = find_profile(name, files);
  if (named && !found) {
    return fail(ErrorKind::usage, fmt::format("there is no profile {}", in_quotes(name)),
                existing_profiles(files));
  }
  auto profile = std::move(found).value_or(Profile());
  profile.named_by_flag = flag.has_value();
  return profile;
}

}  // namespace pitstop
