#include "aws/shared_files.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "aws/shell_words.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20;

/// A service that systemd starts as root has no HOME, and root's files are meant all the same.
std::string home_directory(const Environment& environment) {
  if (auto home = environment.get("HOME")) {
    return *std::move(home);
  }
  const passwd* user = ::getpwuid(::getuid());
  return user == nullptr ? "/" : user->pw_dir;
}

std::string path_of(const Environment& environment, std::string_view variable,
                    std::string_view usual_path) {
  std::string path = environment.get(variable).value_or(std::string(usual_path));
  if (path == "~" || path.starts_with("~/")) {
    path.replace(0, 1, home_directory(environment));
  }
  return path;
}

std::unexpected<Error> unreadable(std::string_view path, int error) {
  return fail(ErrorKind::usage,
              fmt::format("{} cannot be read: {}", printable(path),
                          lower_case(std::generic_category().message(error))),
              "let this user read it, or name another file by AWS_CONFIG_FILE or "
              "AWS_SHARED_CREDENTIALS_FILE");
}

Result<std::string> read_file(const std::string& path) {
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "rbe"));
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return std::string();
    }
    return unreadable(path, errno);
  }
  std::string text(largest_file + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) {
    return unreadable(path, errno);
  }
  if (text.size() > largest_file) {
    return fail(ErrorKind::usage,
                fmt::format("{} is larger than {} KiB", printable(path), largest_file >> 10),
                "this is not a configuration file of AWS");
  }
  return text;
}

Result<std::vector<NamedSection>> read_sections(const std::string& path) {
  TRY(const std::string text, read_file(path));
  return parse_shared_config(text, path);
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
  for (auto& [name, section] : credentials) {
    files.credentials_profiles.insert_or_assign(name, std::move(section));
  }
  return files;
}

}  // namespace pitstop
