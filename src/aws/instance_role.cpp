#include "aws/instance_role.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "aws/broken_source.hpp"
#include "aws/credential_document.hpp"
#include "aws/instance_metadata.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

using nlohmann::json;

constexpr const char* roles_path = "latest/meta-data/iam/security-credentials/";

bool is_role_name(std::string_view text) {
  return !text.empty() && fits_into_header(text) &&
         text.find_first_of("<>/?#%") == std::string_view::npos;
}

/// A success may say that it is none: {"Code": "AssumeRoleUnauthorizedAccess", "Message": …}.
Result<Credentials> read(const std::string& body, std::string_view role) {
  const auto document = json::parse(body, nullptr, false);
  if (document.is_object() && document.contains("Code") && document.contains("Message") &&
      document["Code"].is_string() && document["Message"].is_string()) {
    return fail(
        ErrorKind::forbidden,
        fmt::format("{}: {}: {}", in_quotes(role), printable(document["Code"].get<std::string>()),
                    printable(first_line(document["Message"].get<std::string>()))),
        "the role must trust ec2.amazonaws.com");
  }
  return read_credentials(body, {});
}

class InstanceRole final : public CredentialSource {
 public:
  InstanceRole(MetadataSettings settings, const CredentialDoors& doors)
      : doors_(doors), metadata_(doors.http, doors.clock, doors.random, std::move(settings)) {}

  std::string_view name() const override { return "the instance role"; }

  Task<Result<std::optional<Credentials>>> load() override {
    auto found = co_await fetch();
    const auto now = doors_.clock.wall();
    if (!last_ && !found && found.error().kind == ErrorKind::not_found) {
      log::debug("{}: {}", name(), found.error().message);
      co_return std::nullopt;
    }
    if (found) {
      last_ = *std::move(found);
    } else if (!last_ || last_->expires > now) {
      co_return fail(within(name(), std::move(found).error()));
    } else {
      log::warning("{}: {}", name(), found.error().message);
    }
    co_return extended(*last_, now);
  }

 private:
  Task<Result<Credentials>> fetch() {
    auto roles = co_await metadata_.get(roles_path);
    if (!roles) {
      co_return fail(std::move(roles).error());
    }
    const auto role = std::string(first_line(*roles));
    if (!is_role_name(role)) {
      co_return fail(ErrorKind::refused, "what answers is no instance metadata service");
    }
    auto body = co_await metadata_.get(roles_path + role);
    if (!body) {
      co_return fail(std::move(body).error());
    }
    co_return read(*body, role);
  }

  /// By 15 minutes and 2 to 10 more by chance, so that not all servers ask again at once.
  Credentials extended(Credentials credentials, WallTime now) {
    if (credentials.expires > now) {
      return credentials;
    }
    const Duration by_chance =
        std::chrono::duration_cast<Duration>(std::chrono::minutes(8) * doors_.random.unit());
    const Duration longer = std::chrono::minutes(17) + by_chance;
    credentials.expires = now + std::chrono::floor<Milliseconds>(longer);
    log::warning("{} has expired and is not renewed; it is used for {} more", name(),
                 human(longer));
    return credentials;
  }

  CredentialDoors doors_;
  InstanceMetadata metadata_;
  std::optional<Credentials> last_;
};

}  // namespace

std::unique_ptr<CredentialSource> instance_role(Result<MetadataSettings> settings,
                                                const CredentialDoors& doors) {
  if (!settings) {
    return broken_source(std::move(settings).error());
  }
  return std::make_unique<InstanceRole>(*std::move(settings), doors);
}

}  // namespace pitstop
