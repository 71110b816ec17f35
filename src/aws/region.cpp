#include "aws/region.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/setting.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The region that an availability or local zone lies in: "us-west-2" for "us-west-2a" and
/// "us-west-2-lax-1a"; nothing if `name` is not the name of a zone.
std::optional<std::string_view> region_of_zone(std::string_view name) {
  constexpr std::string_view digits = "0123456789";
  const auto size = name.size();
  if (size < 3 || name[size - 3] != '-' || !is_digit(name[size - 2]) ||
      !is_letter(name[size - 1])) {
    return std::nullopt;
  }
  return name.substr(0, name.find_first_not_of(digits, name.find_first_of(digits)));
}

/// "i-0abc1234def567890", "b-0123456789ab": a word, and hexadecimal digits as many as ids have.
bool is_id(std::string_view text) {
  constexpr std::size_t fewest_digits = 8;
  const auto hyphen = text.find('-');
  const auto digits = hyphen == std::string_view::npos ? "" : text.substr(hyphen + 1);
  return digits.size() >= fewest_digits &&
         std::ranges::all_of(digits, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

}  // namespace

bool fits_into_host_name(std::string_view region) {
  constexpr std::size_t longest_label = 63;
  return !region.empty() && region.size() <= longest_label && is_letter(region.front()) &&
         region.back() != '-' && std::ranges::all_of(region, [](char c) {
           return is_letter(c) || is_digit(c) || c == '-';
         });
}

bool may_be_a_region(std::string_view text) {
  return fits_into_host_name(text) && !is_id(text);
}

bool is_aws_region(std::string_view text) {
  const auto labels = split(text, '-');
  const auto is_word = [](std::string_view label) {
    return !label.empty() && std::ranges::all_of(label, is_letter);
  };
  return labels.size() >= 3 && labels.front().size() >= 2 &&
         std::ranges::all_of(labels.begin(), labels.end() - 1, is_word) && !labels.back().empty() &&
         std::ranges::all_of(labels.back(), is_digit);
}

Result<std::string> choose_region(const std::optional<std::string>& flag,
                                  const Environment& environment, const Profile& profile) {
  const auto found = from_flag("--region", flag)
                         .or_else([&] { return from_variable(environment, "AWS_REGION"); })
                         .or_else([&] { return from_variable(environment, "AWS_DEFAULT_REGION"); })
                         .or_else([&] { return from_profile(profile, "region"); });
  if (!found) {
    return fail(ErrorKind::usage, "no region is set",
                fmt::format("use --region or AWS_REGION, or set region in profile {}",
                            in_quotes(profile.name)));
  }
  const auto& [region, origin] = *found;
  if (!may_be_a_region(region)) {
    return fail(ErrorKind::usage, fmt::format("{} is {}, not a region", origin, in_quotes(region)),
                what_a_region_looks_like);
  }
  if (const auto of_zone = region_of_zone(region)) {
    return fail(ErrorKind::usage, fmt::format("{} is {}, a zone", origin, in_quotes(region)),
                fmt::format("its region is {}", *of_zone));
  }
  return region;
}

}  // namespace pitstop
