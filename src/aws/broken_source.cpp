#include "aws/broken_source.hpp"

#include <fmt/format.h>

#include "aws/shell_words.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

class BrokenSource final : public CredentialSource {
 public:
  explicit BrokenSource(std::optional<Error> error) : error_(std::move(error)) {}

  std::string_view name() const override { return "a source that does not work"; }

  Task<Result<std::optional<Credentials>>> load() override {
    if (error_) {
      co_return fail(*error_);
    }
    co_return std::nullopt;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace

std::unique_ptr<CredentialSource> broken_source(Error error) {
  return std::make_unique<BrokenSource>(std::move(error));
}

std::unique_ptr<CredentialSource> unsupported_source(const Profile& profile, std::string_view key) {
  std::optional<Error> error;
  if (profile.settings.values.contains(key)) {
    error = Error{ErrorKind::usage,
                  fmt::format("profile {} uses {}, which pitstop does not support",
                              in_quotes(profile.name), key),
                  export_keys_hint(profile),
                  {}};
  }
  return std::make_unique<BrokenSource>(std::move(error));
}

/// With --profile the exported keys would not count, so the profile has to be named otherwise.
std::string export_keys_hint(const Profile& profile) {
  const auto name = shell_word(printable(profile.name));
  auto hint = fmt::format(
      "export its keys: eval \"$(aws configure export-credentials --profile {} --format env)\"",
      name);
  if (profile.named_by_flag) {
    hint += fmt::format("; then set AWS_PROFILE={} instead of --profile {}", name, name);
  }
  return hint;
}

}  // namespace pitstop
