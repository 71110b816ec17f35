#include "aws/static_keys.hpp"

#include <fmt/format.h>

#include "aws/expiry.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

/// A value as somebody has set it, under the name by which messages call it.
struct Field {
  std::string_view name;
  Secret value;

  bool missing() const { return value.empty(); }
};

struct StaticKeys {
  std::string place;
  Field access_key_id;
  Field secret_access_key;
  Field session_token;
  Field expires;
};

std::unexpected<Error> wrong(const StaticKeys& keys, std::string_view what, std::string hint) {
  return fail(ErrorKind::usage, fmt::format("{}: {}", keys.place, what), std::move(hint));
}

Status check_both_are_there(const StaticKeys& keys) {
  const auto& id = keys.access_key_id;
  const auto& secret = keys.secret_access_key;
  if (id.missing() == secret.missing()) {
    return {};
  }
  const auto& missing = id.missing() ? id : secret;
  const auto& present = id.missing() ? secret : id;
  return wrong(keys, fmt::format("{} is missing, but {} is there", missing.name, present.name),
               "set both of them, or neither");
}

Status check_characters(const StaticKeys& keys) {
  for (const auto* field : {&keys.access_key_id, &keys.secret_access_key, &keys.session_token}) {
    if (!fits_into_header(field->value.reveal())) {
      return wrong(keys, fmt::format("{} has white space or other strange characters", field->name),
                   "copy it again; in a file, a comment needs a line of its own");
    }
  }
  return {};
}

Result<std::optional<WallTime>> read_expiry(const StaticKeys& keys) {
  if (keys.expires.missing()) {
    return std::nullopt;
  }
  const auto time = parse_expiry(keys.expires.value.reveal());
  if (!time) {
    return wrong(keys, fmt::format("{} is not a time", keys.expires.name),
                 "it looks like 2026-11-23T00:16:00Z");
  }
  return time;
}

Result<std::optional<Credentials>> read(const StaticKeys& keys) {
  TRY_STATUS(check_both_are_there(keys));
  if (keys.access_key_id.missing()) {
    return std::nullopt;
  }
  TRY_STATUS(check_characters(keys));
  TRY(const auto expires, read_expiry(keys));
  return Credentials{keys.access_key_id.value.reveal(), keys.secret_access_key.value,
                     keys.session_token.value, expires};
}

class KeysInEnvironment final : public CredentialSource {
 public:
  explicit KeysInEnvironment(StaticKeys keys) : keys_(std::move(keys)) {}

  std::string_view name() const override { return keys_.place; }
  Task<Result<std::optional<Credentials>>> load() override { co_return read(keys_); }

 private:
  StaticKeys keys_;
};

class KeysInFile final : public CredentialSource {
 public:
  KeysInFile(std::string profile, ConfigSection section, SharedFile which, std::string path)
      : profile_(std::move(profile)),
        which_(which),
        path_(std::move(path)),
        name_(fmt::format("profile {} in {}", in_quotes(profile_), printable(path_))),
        read_before_(std::move(section)) {}

  std::string_view name() const override { return name_; }

  Task<Result<std::optional<Credentials>>> load() override {
    if (!has_answered_) {
      CO_TRY(auto first, read(keys_of(read_before_)));
      has_answered_ = first.has_value();
      co_return first;
    }
    CO_TRY(const auto section, read_profile_section(which_, path_, profile_));
    CO_TRY(auto now, read(keys_of(section.value_or(ConfigSection()))));
    if (!now) {
      // Whoever writes it may not be done.
      co_return fail(ErrorKind::transient, fmt::format("{} has no keys any more", name_));
    }
    co_return now;
  }

 private:
  StaticKeys keys_of(const ConfigSection& section) const {
    const auto field = [&](std::string_view name) {
      return Field{name, Secret(section.text(name).value_or(""))};
    };
    const auto old_token = field("aws_security_token");
    return {.place = name_,
            .access_key_id = field("aws_access_key_id"),
            .secret_access_key = field("aws_secret_access_key"),
            .session_token = old_token.missing() ? field("aws_session_token") : old_token,
            .expires = {}};
  }

  std::string profile_;
  SharedFile which_;
  std::string path_;
  std::string name_;
  ConfigSection read_before_;
  bool has_answered_ = false;
};

}  // namespace

std::unique_ptr<CredentialSource> keys_in_environment(const Environment& environment) {
  const auto field = [&](std::string_view name) {
    return Field{name, Secret(environment.get(name).value_or(""))};
  };
  // botocore prefers the older name of the token, too.
  const auto old_token = field("AWS_SECURITY_TOKEN");
  return std::make_unique<KeysInEnvironment>(
      StaticKeys{.place = "the environment",
                 .access_key_id = field("AWS_ACCESS_KEY_ID"),
                 .secret_access_key = field("AWS_SECRET_ACCESS_KEY"),
                 .session_token = old_token.missing() ? field("AWS_SESSION_TOKEN") : old_token,
                 .expires = field("AWS_CREDENTIAL_EXPIRATION")});
}

std::unique_ptr<CredentialSource> keys_in_profile(std::string_view profile, ConfigSection section,
                                                  SharedFile which, const std::string& path) {
  return std::make_unique<KeysInFile>(std::string(profile), std::move(section), which, path);
}

}  // namespace pitstop
