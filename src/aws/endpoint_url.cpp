#include "aws/endpoint_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr std::string_view letters_and_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

bool consists_of(std::string_view text, std::string_view others) {
  return std::ranges::all_of(
      text, [&](char c) { return letters_and_digits.contains(c) || others.contains(c); });
}

/// Takes a host name, an IPv4 address or an IPv6 address in brackets off the front of `text`.
bool take_host(std::string_view& text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || !text.substr(0, end).contains(':') ||
        text.substr(1, end - 1).find_first_not_of("0123456789abcdefABCDEF:.") !=
            std::string_view::npos) {
      return false;
    }
    text.remove_prefix(end + 1);
    return true;
  }
  const auto host = text.substr(0, text.find(':'));
  text.remove_prefix(host.size());
  return !host.empty() && letters_and_digits.contains(host.front()) && consists_of(host, "-._");
}

/// Whether it is nothing, or ":" and a number that a port can have.
bool is_port(std::string_view text) {
  if (text.empty()) {
    return true;
  }
  unsigned port = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + 1, end, port);
  return text.front() == ':' && read.ec == std::errc{} && read.ptr == end && port > 0 &&
         port <= 65535;
}

struct Problem {
  std::string_view what;
  std::string_view hint;
};

constexpr std::string_view form = "it looks like https://HOST or http://HOST:PORT";

/// `rest` is what follows "http://" or "https://".
std::optional<Problem> problem_with(std::string_view rest) {
  if (rest.find_first_of("?#") != std::string_view::npos) {
    return Problem{"has a query or a fragment", form};
  }
  const auto authority_end = std::min(rest.find('/'), rest.size());
  std::string_view authority = rest.substr(0, authority_end);
  if (authority.contains('@')) {
    return Problem{"has a user name or a password in it",
                   "requests are signed with AWS credentials; leave out what stands before the @"};
  }
  if (!take_host(authority)) {
    return Problem{"has no valid host", form};
  }
  if (!is_port(authority)) {
    return Problem{"has no valid port", form};
  }
  if (!consists_of(rest.substr(authority_end), "/-._~%+:,=")) {
    return Problem{"has a path with characters that need encoding", form};
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> parse_endpoint_url(const Setting& setting) {
  const auto& [url, origin] = setting;
  const auto scheme_end = url.find("://");
  const auto scheme = lower_case(std::string_view(url).substr(0, scheme_end));
  if (scheme_end == std::string::npos || (scheme != "http" && scheme != "https")) {
    // The URL itself is not shown, here and below: there may be a password in it.
    return fail(ErrorKind::usage, fmt::format("{} is not an http or https URL", origin),
                std::string(form));
  }
  const auto rest = std::string_view(url).substr(scheme_end + 3);
  if (const auto problem = problem_with(rest)) {
    return fail(ErrorKind::usage, fmt::format("{}: the URL {}", origin, problem->what),
                std::string(problem->hint));
  }
  return fmt::format("{}://{}", scheme, rest.substr(0, rest.find_last_not_of('/') + 1));
}

}  // namespace pitstop
