#include "aws/unsupported_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "aws/shell_words.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

class UnsupportedSource final : public CredentialSource {
 public:
  explicit UnsupportedSource(std::optional<Error> error) : error_(std::move(error)) {}

  std::string_view name() const override { return "a source that is not supported"; }

  Task<Result<std::optional<Credentials>>> load() override {
    if (error_) {
      co_return fail(*error_);
    }
    co_return std::nullopt;
  }

 private:
  std::optional<Error> error_;
};

Error not_supported(std::string_view who_uses_what, std::string hint) {
  return {ErrorKind::usage,
          fmt::format("{}, which pitstop does not support", who_uses_what),
          std::move(hint),
          {}};
}

/// With --profile the exported keys would not count, so the profile has to be named otherwise.
std::string hint_for(const Profile& profile) {
  const auto name = shell_word(printable(profile.name));
  auto hint = fmt::format(
      "export its keys: eval \"$(aws configure export-credentials --profile {} --format env)\"",
      name);
  if (profile.named_by_flag) {
    hint += fmt::format("; then set AWS_PROFILE={} instead of --profile {}", name, name);
  }
  return hint;
}

}  // namespace

std::unique_ptr<CredentialSource> unsupported_keys(const Profile& profile,
                                                   std::vector<std::string_view> keys) {
  std::optional<Error> error;
  const auto used = std::ranges::find_if(
      keys, [&](std::string_view key) { return profile.settings.values.contains(key); });
  if (used != keys.end()) {
    error = not_supported(fmt::format("profile {} uses {}", in_quotes(profile.name), *used),
                          hint_for(profile));
  }
  return std::make_unique<UnsupportedSource>(std::move(error));
}

std::unique_ptr<CredentialSource> unsupported_variable(const Environment& environment,
                                                       std::string_view variable) {
  std::optional<Error> error;
  if (environment.get(variable)) {
    error =
        not_supported(fmt::format("the environment has {}", variable),
                      "export the keys: eval \"$(aws configure export-credentials --format env)\"");
  }
  return std::make_unique<UnsupportedSource>(std::move(error));
}

}  // namespace pitstop
