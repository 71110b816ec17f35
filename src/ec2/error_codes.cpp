#include "ec2/error_codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "aws/credential_hints.hpp"
#include "base/text.hpp"

namespace pitstop::ec2 {
namespace {

struct Row {
  std::string_view code;
  ErrorKind kind;
  std::string_view hint = {};
};

constexpr std::string_view wait_hint =
    "the account's request rate is used up; pitstop waits and asks again";

constexpr std::string_view allow_hint = "allow the action in the IAM policy of these credentials";

// EC2 API Reference, "Error codes" and "Common errors". Sorted by code.
constexpr std::array table = std::to_array<Row>({
    {"AccessDenied", ErrorKind::forbidden, allow_hint},
    {"AuthFailure", ErrorKind::forbidden, check_keys_hint},
    {"Blocked", ErrorKind::forbidden, "the account is blocked; ask AWS Support"},
    {"ConcurrentSnapshotLimitExceeded", ErrorKind::refused,
     "too many snapshots of one volume are pending (5; 1 for st1 and sc1); wait until they "
     "complete"},
    {"DryRunOperation", ErrorKind::would_work},
    {"EC2ThrottledException", ErrorKind::throttled, wait_hint},
    {"ExpiredToken", ErrorKind::forbidden, expired_credentials_hint},
    {"IncompatibleHostRequirements", ErrorKind::no_capacity},
    {"IncorrectInstanceState", ErrorKind::wrong_state},
    {"IncorrectState", ErrorKind::wrong_state},
    {"InstanceLimitExceeded", ErrorKind::no_capacity,
     "the account's quota of instances is used up"},
    {"InsufficientCapacityOnHost", ErrorKind::no_capacity},
    {"InsufficientHostCapacity", ErrorKind::no_capacity},
    {"InsufficientInstanceCapacity", ErrorKind::no_capacity,
     "AWS has no room for this instance type in its zone at the moment"},
    {"InvalidClientTokenId", ErrorKind::forbidden, check_keys_hint},
    {"InvalidInstanceID.Malformed", ErrorKind::refused},
    {"InvalidInstanceID.NotFound", ErrorKind::not_found,
     "check the id, the region (--region) and the account (--profile)"},
    {"InvalidState", ErrorKind::wrong_state},
    {"OperationNotPermitted", ErrorKind::refused,
     "stop protection is on: aws ec2 modify-instance-attribute --no-disable-api-stop --instance-id "
     "ID"},
    {"OptInRequired", ErrorKind::forbidden, "enable the region or the service for this account"},
    {"PendingSnapshotLimitExceeded", ErrorKind::refused, "wait until pending snapshots complete"},
    {"PendingVerification", ErrorKind::forbidden, "AWS is still verifying the account"},
    {"RequestExpired", ErrorKind::forbidden, expired_credentials_hint},
    {"RequestLimitExceeded", ErrorKind::throttled, wait_hint},
    {"ReservationCapacityExceeded", ErrorKind::no_capacity},
    {"SignatureDoesNotMatch", ErrorKind::forbidden, "the secret access key is wrong"},
    {"SnapshotCreationPerVolumeRateExceeded", ErrorKind::throttled,
     "15 seconds must pass between two snapshots of one volume"},
    {"SnapshotLimitExceeded", ErrorKind::refused,
     "delete snapshots, or ask AWS for a higher quota"},
    {"Throttling", ErrorKind::throttled, wait_hint},
    {"ThrottlingException", ErrorKind::throttled, wait_hint},
    {"UnauthorizedOperation", ErrorKind::forbidden, allow_hint},
    {"VcpuLimitExceeded", ErrorKind::no_capacity, "the account's vCPU quota is used up"},
});
static_assert(std::ranges::is_sorted(table, {}, &Row::code));

const Row* find(std::string_view code) {
  const auto found = std::ranges::lower_bound(table, code, {}, &Row::code);
  return found != table.end() && found->code == code ? &*found : nullptr;
}

/// The documentation writes some codes with a prefix that is not on the wire everywhere.
std::string_view without_prefix(std::string_view code) {
  for (const std::string_view prefix : {"Client.", "Server."}) {
    if (code.starts_with(prefix)) {
      code.remove_prefix(prefix.size());
    }
  }
  return code;
}

}  // namespace

ErrorKind kind_of(std::string_view code, int http_status) {
  if (const Row* row = find(without_prefix(code))) {
    return row->kind;
  }
  // There is such a code for every type of resource.
  if (code.ends_with(".NotFound")) {
    return ErrorKind::not_found;
  }
  return http_status >= 500 ? ErrorKind::unknown_fate : ErrorKind::refused;
}

Error explain(std::string_view action, int http_status, std::string_view code,
              std::string_view message) {
  const Row* row = find(without_prefix(code));
  auto text = fmt::format("{}: {}", action, code.empty() ? "an error without a code" : code);
  const auto kind = kind_of(code, http_status);
  if (kind == ErrorKind::forbidden) {
    // Below its first line AWS repeats the request with all its headers when the signature is
    // wrong, a session token among them.
    message = first_line(message);
  }
  if (!message.empty()) {
    text += fmt::format(": {}", printable(message));
  }
  return {kind, std::move(text), std::string(row != nullptr ? row->hint : ""), std::string(code)};
}

}  // namespace pitstop::ec2
