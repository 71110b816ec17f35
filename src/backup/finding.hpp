#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

/// What can be found out about a server before it is stopped, as far as it matters to a person.
namespace pitstop {

enum class FindingCode {
  permission,
  unproven,
  no_answer,
  credentials_expire,
  credentials_end_unknown,
  held,
  state,
  found_stopped,
  own_host,
  stop_protection,
  managed,
  instance_store_root,
  instance_store_data,
  hibernation,
  spot_one_time,
  spot,
  fleet_member,
  mac,
  bare_metal,
  auto_scaling,
  load_balancer,
  public_address,
  scheduled_event,
  pending_snapshots,
  snapshot_limit,
  recent_snapshot,
  shared_volume,
  too_many_volumes,
  volumes,
  tags,
  tag_lost,
  kms_key,
  kms_unproven,
  reservation,
  location,
  attachment_limit,
  restored_volume,
};

enum class Severity {
  refuse,  ///< the server is not stopped
  warn,    ///< a person should know; it is stopped all the same
  info,    ///< as things are
};

std::string_view to_string(FindingCode code);
std::string_view to_string(Severity severity);

/// What a code stands for. doc/check.md has the same in a table, and a test holds it to this one.
struct FindingKind {
  FindingCode code;
  std::string_view name;  ///< as it is shown, and as --accept takes it
  Severity severity = Severity::refuse;
  /// Whether --accept lets a refusal pass; it does not where EC2 itself would refuse.
  bool can_be_accepted = false;
  std::string_view meaning;
  std::string_view remedy;
};

/// All of them, in the order of the codes.
std::span<const FindingKind> finding_kinds();

const FindingKind& kind_of(FindingCode code);

/// Nothing for a text that is the name of none.
std::optional<FindingCode> parse_finding_code(std::string_view text);

struct Finding {
  FindingCode code;
  Severity severity = Severity::refuse;
  std::string message;  ///< one line that names the thing
  std::string hint;     ///< what to do; may be empty
  /// Whether it would refuse the server, had nobody accepted it.
  bool accepted = false;
  /// What EC2 itself said, where it did: "UnauthorizedOperation".
  std::string ec2_code = {};
};

/// With the severity that its code usually has, unless another one is given.
Finding found(FindingCode code, std::string message, std::string hint = {},
              std::optional<Severity> severity = {});

/// Refusals with these codes become warnings, if they can.
void accept(std::vector<Finding>& findings, const std::vector<FindingCode>& codes);

/// The first that refuses the server; null if none does.
const Finding* first_refusal(const std::vector<Finding>& findings);

/// Why a server with these findings is not touched. One of them must refuse it.
Error refusal_of(const std::vector<Finding>& findings);

}  // namespace pitstop
