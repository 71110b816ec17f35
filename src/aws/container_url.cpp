#include "aws/container_url.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>

#include "base/contains.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr std::string_view relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr std::string_view full = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

/// Characters that a request can have in its first line, and no more.
bool is_clean(std::string_view text) {
  return text.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
             "-._~:/?[]!$&'()*+,;=%") == std::string_view::npos;
}

/// The host of what follows "http://", without the brackets of an IPv6 address.
std::string host_of(std::string_view rest) {
  const auto authority = rest.substr(0, rest.find_first_of("/?"));
  if (authority.starts_with('[')) {
    return std::string(authority.substr(1, authority.find(']') - 1));
  }
  return std::string(authority.substr(0, authority.find(':')));
}

bool is_loopback(const std::string& host) {
  in_addr four{};
  in6_addr six{};
  if (::inet_pton(AF_INET, host.c_str(), &four) == 1) {
    return ntohl(four.s_addr) >> 24 == 127;
  }
  return ::inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

bool may_have_the_token(const std::string& host) {
  constexpr std::array<std::string_view, 4> known = {"localhost", "169.254.170.2", "169.254.170.23",
                                                     "fd00:ec2::23"};
  return is_loopback(host) || contains(known, host);
}

}  // namespace

Result<std::optional<Setting>> container_url(const Environment& environment) {
  if (auto path = from_variable(environment, relative)) {
    if (!path->value.starts_with('/') || !is_clean(path->value)) {
      return fail(ErrorKind::usage, fmt::format("{} is not a path", relative),
                  "it looks like /v2/credentials/ID; Amazon ECS sets it");
    }
    path->value.insert(0, "http://169.254.170.2");
    return path;
  }
  auto url = from_variable(environment, full);
  if (!url) {
    return std::nullopt;
  }
  const auto scheme_end = url->value.find("://");
  const auto scheme = lower_case(std::string_view(url->value).substr(0, scheme_end));
  const bool is_url = scheme_end != std::string::npos && is_clean(url->value);
  const auto host = is_url ? host_of(std::string_view(url->value).substr(scheme_end + 3)) : "";
  if (host.empty() || (scheme != "https" && scheme != "http")) {
    return fail(ErrorKind::usage, fmt::format("{} is not an http or https URL", full),
                "it looks like http://169.254.170.23/v1/credentials");
  }
  if (scheme == "http" && !may_have_the_token(host)) {
    return fail(ErrorKind::usage,
                fmt::format("{} has the host {}, to which credentials do not go in the clear", full,
                            in_quotes(host)),
                "use https, a loopback address, or an address of ECS or EKS: 169.254.170.2, "
                "169.254.170.23, [fd00:ec2::23]");
  }
  return url;
}

}  // namespace pitstop
