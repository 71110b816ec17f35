#include "aws/role_arn.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace pitstop {
namespace {

// arn:PARTITION:iam::ACCOUNT:role/PATH
constexpr std::size_t parts_of_arn = 6;
constexpr std::size_t account_in_arn = 4;
constexpr std::size_t digits_of_account = 12;

bool is_account(std::string_view text) {
  return text.size() == digits_of_account &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_role_arn(std::string_view text) {
  const auto parts = split(text, ':');
  return parts.size() == parts_of_arn && parts[0] == "arn" && parts[2] == "iam" &&
         is_account(parts[account_in_arn]) && parts[5].starts_with("role/") && parts[5] != "role/";
}

std::string account_of_role(std::string_view arn) {
  return arn.empty() ? "" : std::string(split(arn, ':').at(account_in_arn));
}

}  // namespace pitstop
