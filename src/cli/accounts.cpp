#include "cli/accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "aws/region.hpp"
#include "aws/role_arn.hpp"
#include "aws/small_file.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "base/toml_value.hpp"
#include "cli/option_values.hpp"

namespace pitstop {
namespace {

constexpr auto accounts_variable = "PITSTOP_ACCOUNTS";
constexpr auto where_to_read = "doc/accounts.md shows what such a file says";
constexpr auto a_role = R"(the ARN of a role, such as "arn:aws:iam::123456789012:role/pitstop")";
constexpr auto a_region_name = R"(a region, such as "eu-central-1")";

Result<std::string> text_in_file(const TomlValue& value, bool (*fits)(std::string_view),
                                 std::string_view what) {
  const auto* text = value.as<std::string>();
  if (text == nullptr || !fits(*text)) {
    return fail(value.expected(what));
  }
  return *text;
}

bool is_an_external_id(std::string_view text) {
  return text.size() >= 2;  // IAM's shortest
}

Result<std::vector<std::string>> regions_in_file(const TomlValue& value) {
  const auto* items = value.as<TomlValue::List>();
  if (items == nullptr || items->empty()) {
    return fail(value.expected("a list of regions"));
  }
  std::vector<std::string> regions;
  for (const auto& item : *items) {
    TRY(regions.emplace_back(), text_in_file(item, may_be_a_region, a_region_name));
  }
  return regions;
}

Status read_key(const TomlValue& value, Account& account) {
  if (value.key == "role") {
    TRY(account.role.role_arn, text_in_file(value, is_role_arn, a_role));
  } else if (value.key == "external-id") {
    TRY(account.role.external_id, text_in_file(value, is_an_external_id, "an external id"));
  } else if (value.key == "regions") {
    TRY(account.regions, regions_in_file(value));
  } else if (value.key == "guard-role") {
    TRY(account.guard_role, text_in_file(value, is_role_arn, a_role));
  } else {
    return fail(value.wrong(
        "unknown key", did_you_mean(value.key, {"role", "external-id", "regions", "guard-role"})));
  }
  return {};
}

Result<Account> account_in_file(const TomlValue& value) {
  const auto* table = value.as<TomlValue::Table>();
  if (table == nullptr) {
    return fail(value.expected("a table"));
  }
  Account account{.name = value.key, .role = {}};
  for (const auto& member : table->members) {
    TRY_STATUS(read_key(member, account));
  }
  if (account.role.role_arn.empty()) {
    return fail(value.wrong("role is missing", std::string("give ") + a_role));
  }
  const auto id = account_of_role(account.role.role_arn);
  if (account.guard_role && account_of_role(*account.guard_role) != id) {
    return fail(value.find("guard-role")
                    ->wrong("this role belongs to another account",
                            "a guard starts servers of its own account"));
  }
  return account;
}

Result<std::vector<Account>> accounts_of_file(std::string_view origin, const std::string& path) {
  TRY(const auto text, read_small_file(path, std::string(origin) + " names it"));
  if (!text) {
    return fail(ErrorKind::usage, fmt::format("{}: there is no file {}", origin, printable(path)),
                where_to_read);
  }
  TRY(const auto file, parse_toml(*text, printable(path), where_to_read));
  for (const auto& member : file.as<TomlValue::Table>()->members) {
    if (member.key != "account") {
      return fail(member.wrong("unknown key", "an account is a table, such as [account.shop]"));
    }
  }
  const auto* table = file.find("account");
  const auto* members = table == nullptr ? nullptr : table->as<TomlValue::Table>();
  if (members == nullptr || members->members.empty()) {
    return fail(
        file.wrong("there is no account in it", "an account is a table, such as [account.shop]"));
  }
  std::vector<Account> accounts;
  for (const auto& member : members->members) {
    TRY(accounts.emplace_back(), account_in_file(member));
  }
  return accounts;
}

Result<std::vector<Account>> accounts_of_roles(const std::vector<std::string>& arns) {
  TRY_STATUS(check_roles(arns));
  std::vector<Account> accounts;
  for (const auto& arn : arns) {
    accounts.push_back({.role = {.role_arn = arn, .session_name = ""}});
  }
  return accounts;
}

/// One role an account: two would see the same servers.
Status refuse_doubles(const std::vector<Account>& accounts) {
  std::map<std::string, std::string> seen;
  for (const auto& account : accounts) {
    const auto& arn = account.role.role_arn;
    const auto [first, is_new] = seen.emplace(account_of_role(arn), arn);
    if (!is_new) {
      return fail(ErrorKind::usage,
                  fmt::format("{} and {} are roles of one account", first->second, arn),
                  "give one of them: the other one would see the same servers");
    }
  }
  return {};
}

}  // namespace

Result<std::vector<Account>> read_accounts(const GlobalOptions& options,
                                           const Environment& environment) {
  std::vector<Account> accounts;
  if (options.accounts) {
    TRY(accounts, accounts_of_file("--accounts", *options.accounts));
  } else if (const auto path = environment.get(accounts_variable);
             path && options.assume_roles.empty()) {
    TRY(accounts, accounts_of_file(accounts_variable, *path));
  }
  TRY(auto named, accounts_of_roles(options.assume_roles));
  std::ranges::move(named, std::back_inserter(accounts));
  TRY_STATUS(refuse_doubles(accounts));
  return accounts;
}

}  // namespace pitstop
