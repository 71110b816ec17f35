#include "aws/metadata_settings.hpp"

#include <fmt/format.h>

#include "aws/endpoint_url.hpp"
#include "aws/setting.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

class Reader {
 public:
  Reader(const Environment& environment, const Profile& profile)
      : environment_(environment), profile_(profile) {}

  std::optional<Setting> find(std::string_view variable, std::string_view key) const {
    auto found = from_variable(environment_, variable);
    return found ? found : from_profile(profile_, key);
  }

  Result<std::string> endpoint() const {
    if (const auto url =
            find("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint")) {
      return parse_endpoint_url(*url);
    }
    const auto mode =
        find("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode");
    const auto name = mode ? lower_case(mode->value) : "ipv4";
    if (name != "ipv4" && name != "ipv6") {
      return fail(ErrorKind::usage, fmt::format("{} is {}", mode->origin, in_quotes(mode->value)),
                  "it takes IPv4 or IPv6");
    }
    return name == "ipv6" ? "http://[fd00:ec2::254]" : MetadataSettings().endpoint;
  }

  Result<int> number(std::string_view variable, std::string_view key, int otherwise) const {
    constexpr int most = 100;
    const auto found = find(variable, key);
    if (!found) {
      return otherwise;
    }
    const auto value = whole_number(found->value);
    if (!value || *value < 1 || *value > most) {
      return fail(ErrorKind::usage, fmt::format("{} is {}", found->origin, in_quotes(found->value)),
                  fmt::format("it takes a number from 1 to {}", most));
    }
    return *value;
  }

  static bool is_true(const std::optional<std::string>& value) {
    return value && lower_case(*value) == "true";
  }

 private:
  const Environment& environment_;
  const Profile& profile_;
};

}  // namespace

Result<MetadataSettings> metadata_settings(const Environment& environment, const Profile& profile) {
  const Reader reader(environment, profile);
  MetadataSettings settings;
  settings.disabled = Reader::is_true(environment.get("AWS_EC2_METADATA_DISABLED"));
  const auto v1_disabled = reader.find("AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled");
  settings.v1_disabled = v1_disabled && Reader::is_true(v1_disabled->value);
  TRY(settings.endpoint, reader.endpoint());
  TRY(const int timeout,
      reader.number("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout", 1));
  settings.timeout = Seconds(timeout);
  TRY(settings.attempts,
      reader.number("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts", 1));
  return settings;
}

}  // namespace pitstop
