#include "cli/policy_file.hpp"

#include <fmt/format.h>

#include "aws/small_file.hpp"
#include "base/text.hpp"
#include "cli/own_directory.hpp"

namespace pitstop {
namespace {

namespace fs = std::filesystem;

constexpr auto config_variable = "PITSTOP_CONFIG";
constexpr auto where_to_read = "doc/policies.md shows what such a file says";

constexpr DirectoryKind of_config{
    .variable = "XDG_CONFIG_HOME", .of_root = "/etc", .below_home = ".config"};

Result<fs::path> choose_file(const std::optional<std::string>& config,
                             const Surroundings& surroundings) {
  const auto& environment = surroundings.environment;
  if (config) {
    return fs::path(*config);
  }
  if (const auto path = environment.get(config_variable)) {
    return fs::path(*path);
  }
  if (const auto own = own_directory(of_config, environment, surroundings.is_root)) {
    return *own / "pitstop.toml";
  }
  return fail(ErrorKind::usage, "there is no file with policies: HOME is not set",
              "name one by --config");
}

Result<std::string> read_text(const fs::path& path) {
  TRY(auto text, read_small_file(path.string(), "it should have the policies"));
  if (!text) {
    return fail(
        ErrorKind::usage, fmt::format("there is no file {}", printable(path.string())),
        fmt::format("it should have the policies; --config names another one; {}", where_to_read));
  }
  return *std::move(text);
}

}  // namespace

std::map<std::string, RetentionRules> retention_of_all(const PolicyFile& file) {
  std::map<std::string, RetentionRules> all;
  for (const auto& [name, policy] : file.policies) {
    if (policy && !policy->retention.empty()) {
      all.emplace(name, policy->retention);
    }
  }
  return all;
}

Result<PolicyFile> read_policy_file(const std::optional<std::string>& config,
                                    const GlobalOptions& options,
                                    const Surroundings& surroundings) {
  TRY(const auto path, choose_file(config, surroundings));
  TRY(const auto text, read_text(path));
  const auto name = printable(path.string());
  TRY(const auto whole, parse_toml(text, name, where_to_read));
  std::vector<TomlValue> for_all;
  const TomlValue* tables = nullptr;
  for (const auto& member : whole.as<TomlValue::Table>()->members) {
    if (member.key == "policy") {
      tables = &member;
    } else {
      for_all.push_back(member);
    }
  }
  PolicyFile file{.path = name, .policies = {}, .mistakes = {}};
  const auto* policies = tables == nullptr ? nullptr : tables->as<TomlValue::Table>();
  if (policies == nullptr || policies->members.empty()) {
    file.mistakes.push_back(
        whole.wrong("no policy is in it", "a policy is a table, such as [policy.web]"));
    return file;
  }
  const PolicyReading reading{options, surroundings.environment, path.parent_path()};
  for (const auto& table : policies->members) {
    auto& entry = file.policies.emplace_back(table.key);
    if (table.as<TomlValue::Table>() == nullptr) {
      file.mistakes.push_back(table.expected("a table", "a policy is one, such as [policy.web]"));
    } else {
      entry.policy = read_policy(table, for_all, reading, file.mistakes);
    }
  }
  return file;
}

}  // namespace pitstop
