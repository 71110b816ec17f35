#include "cli/copy_request.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "aws/region.hpp"
#include "aws/role_arn.hpp"
#include "base/text.hpp"
#include "cli/option_values.hpp"
#include "cli/point_in_time.hpp"

namespace pitstop {
namespace {

constexpr std::string_view no_prefix = "--";

Result<ec2::CopyEncryption> read_encryption(const CopyDestinationArguments& arguments,
                                            std::string_view prefix) {
  if (arguments.kms_key && trimmed(*arguments.kms_key).empty()) {
    return fail(ErrorKind::usage, fmt::format("{}kms-key is empty", prefix),
                "the id, the ARN or the alias of a key of where the copies go: alias/backup");
  }
  return ec2::CopyEncryption{.encrypted = arguments.encrypt || arguments.kms_key.has_value(),
                             .key = arguments.kms_key.value_or("")};
}

}  // namespace

void declare_copy_destination(CLI::App& command, CopyDestinationArguments& arguments,
                              std::string_view prefix, const char* group) {
  const auto named = [&](std::string_view name) { return fmt::format("{}{}", prefix, name); };
  command
      .add_option(named("to-region"), arguments.to_region,
                  "The region of the copies (default: that of the originals)")
      ->type_name("REGION")
      ->group(group);
  command
      .add_option(named("to-role"), arguments.to_role,
                  "Copy into the account of this role, which is assumed: the originals are\n"
                  "open to it meanwhile")
      ->type_name("ARN")
      ->group(group);
  command
      .add_option(named("kms-key"), arguments.kms_key, "Encrypt the copies with this key of there")
      ->type_name("KEY")
      ->group(group);
  command
      .add_flag(named("encrypt"), arguments.encrypt,
                "Encrypt what is not encrypted with the default key of there")
      ->group(group);
}

Result<std::optional<CopyDestination>> parse_copy_destination(
    const CopyDestinationArguments& arguments, std::string_view prefix) {
  const bool goes_somewhere = arguments.to_region || arguments.to_role;
  if (!goes_somewhere && (arguments.kms_key || arguments.encrypt)) {
    return fail(ErrorKind::usage, "it is said how copies are encrypted, and not where they go",
                fmt::format("give {}to-region, or {}to-role", prefix, prefix));
  }
  if (!goes_somewhere) {
    return std::nullopt;
  }
  CopyDestination destination{.region = arguments.to_region.value_or(""),
                              .role = arguments.to_role.value_or("")};
  if (arguments.to_region && !may_be_a_region(destination.region)) {
    return fail(
        ErrorKind::usage,
        fmt::format("{}to-region {} is not a region", prefix, in_quotes(destination.region)),
        "such as eu-west-1");
  }
  if (arguments.to_role && !is_role_arn(destination.role)) {
    return fail(
        ErrorKind::usage,
        fmt::format("{}to-role {} is not the ARN of a role", prefix, in_quotes(destination.role)),
        "such as arn:aws:iam::123456789012:role/pitstop-copies");
  }
  TRY(destination.encryption, read_encryption(arguments, prefix));
  return destination;
}

Result<CopyRequest> parse_copy_request(const CopyArguments& arguments, WallTime now) {
  CopyRequest request;
  TRY(request.selection, parse_selection_if_any(arguments));
  TRY(const auto destination, parse_copy_destination(arguments.destination, no_prefix));
  if (!destination) {
    return fail(ErrorKind::usage, "it is not said where the copies go",
                "--to-region names another region, --to-role a role of another account");
  }
  request.destination = *destination;
  for (const auto& backup : arguments.backups) {
    TRY(request.wishes.backups.emplace_back(), parse_backup_id(backup));
  }
  TRY(request.wishes.since, parse_point_in_time("--since", arguments.since, now));
  if (request.wishes.since && !request.wishes.backups.empty()) {
    return fail(ErrorKind::usage, "--backup and --since are two ways to choose",
                "give one of them");
  }
  request.wishes.counts_safety_backups = arguments.safety_backups;
  request.policy = arguments.policy;
  request.waits = !arguments.no_wait;
  request.dry_run = arguments.dry_run;
  return request;
}

}  // namespace pitstop
