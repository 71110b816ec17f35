#include "aws/endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/aws_endpoint.hpp"
#include "aws/endpoint_url.hpp"
#include "aws/setting.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

std::string upper_case(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
  return upper;
}

/// A yes or no from an environment variable, else from the profile's key of the same name; else no.
Result<bool> is_on(const EndpointSettings& settings, std::string_view key) {
  const auto found = from_variable(settings.environment, "AWS_" + upper_case(key)).or_else([&] {
    return from_profile(settings.profile, key);
  });
  if (!found) {
    return false;
  }
  const auto value = lower_case(found->value);
  if (value != "true" && value != "false") {
    return fail(ErrorKind::usage,
                fmt::format("{} is {}, neither true nor false", found->origin, in_quotes(value)),
                "set it to true, or remove it");
  }
  return value == "true";
}

/// What the section that the profile's `services` names says of the service.
Result<std::optional<Setting>> from_services(const Service& service,
                                             const EndpointSettings& settings) {
  const auto name = settings.profile.settings.text("services");
  if (!name) {
    return std::nullopt;
  }
  const auto section = settings.services.find(*name);
  if (section == settings.services.end()) {
    return fail(ErrorKind::usage,
                fmt::format("profile {} asks for services {}, which do not exist",
                            in_quotes(settings.profile.name), in_quotes(*name)),
                fmt::format("add a section [services {}], or remove services from the profile",
                            printable(*name)));
  }
  const auto& values = section->second.values;
  const auto value = values.find(service.key);
  if (value == values.end()) {
    return std::nullopt;
  }
  const auto origin = fmt::format("{} in [services {}]", service.key, printable(*name));
  if (!value->second.text.empty()) {
    return fail(ErrorKind::usage, fmt::format("{} has a value on its own line", origin),
                "write endpoint_url = URL into an indented line below it");
  }
  const auto url = value->second.nested.find("endpoint_url");
  if (url == value->second.nested.end() || url->second.empty()) {
    return std::nullopt;
  }
  return Setting{url->second, "endpoint_url of " + origin};
}

Result<std::optional<Setting>> configured_url(const Service& service,
                                              const EndpointSettings& settings) {
  constexpr std::string_view variable = "AWS_ENDPOINT_URL";
  TRY(const bool ignored, is_on(settings, "ignore_configured_endpoint_urls"));
  if (ignored) {
    return std::nullopt;
  }
  const auto own_variable = fmt::format("{}_{}", variable, upper_case(service.key));
  auto from_environment = from_variable(settings.environment, own_variable).or_else([&] {
    return from_variable(settings.environment, variable);
  });
  if (from_environment) {
    return from_environment;
  }
  TRY(auto of_service, from_services(service, settings));
  return of_service ? of_service : from_profile(settings.profile, "endpoint_url");
}

}  // namespace

Result<std::string> choose_endpoint(const Service& service, std::string_view region,
                                    const EndpointSettings& settings) {
  if (const auto url = from_flag("--endpoint-url", settings.flag)) {
    return parse_endpoint_url(*url);
  }
  TRY(const auto url, configured_url(service, settings));
  if (url) {
    return parse_endpoint_url(*url);
  }
  TRY(const bool fips, is_on(settings, "use_fips_endpoint"));
  TRY(const bool dual_stack, is_on(settings, "use_dualstack_endpoint"));
  return aws_endpoint(service, region, {.fips = fips, .dual_stack = dual_stack});
}

}  // namespace pitstop
