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

/// A hint that is right for one action alone.
struct HintForAction {
  std::string_view action;
  std::string_view code;
  std::string_view hint;
};

constexpr std::string_view wait_hint =
    "the account's request rate is used up; pitstop waits and asks again";

constexpr std::string_view allow_hint = "allow the action in the IAM policy of these credentials";

constexpr std::string_view quota_hint = "ask AWS for a higher quota (Service Quotas)";

constexpr std::string_view forbidden_operation_hint =
    "a service of AWS may manage it (a managed instance, EKS Auto Mode), or it has a product code "
    "of AWS Marketplace, which allows some operations only to its subscribers";

// EC2 API Reference, "Error codes" and "Common errors". Sorted by code.
constexpr std::array table = std::to_array<Row>({
    {"AccessDenied", ErrorKind::forbidden, allow_hint},
    {"AccessDeniedException", ErrorKind::forbidden, allow_hint},
    {"AttachmentLimitExceeded", ErrorKind::refused,
     "the instance type takes no more volumes and network interfaces; detach one"},
    {"AuthFailure", ErrorKind::forbidden, check_keys_hint},
    {"BandwidthLimitExceeded", ErrorKind::throttled, wait_hint},
    {"Blocked", ErrorKind::forbidden, "the account is blocked; ask AWS Support"},
    {"ConcurrentCreateImageNoRebootLimitExceeded", ErrorKind::refused,
     "too many images of one instance are being made; wait until they are available"},
    {"ConcurrentSnapshotLimitExceeded", ErrorKind::refused,
     "too many snapshots of one volume are pending (5; 1 for st1 and sc1); wait until they "
     "complete"},
    {"ConcurrentTagAccess", ErrorKind::transient},
    {"CustomerKeyHasBeenRevoked", ErrorKind::refused, "enable the KMS key of the volume"},
    {"DryRunOperation", ErrorKind::would_work},
    {"EC2ThrottledException", ErrorKind::throttled, wait_hint},
    {"ExpiredToken", ErrorKind::forbidden, expired_credentials_hint},
    {"ExpiredTokenException", ErrorKind::forbidden, expired_credentials_hint},
    {"IncompatibleHostRequirements", ErrorKind::no_capacity},
    {"IncompleteSignature", ErrorKind::forbidden, check_keys_hint},
    {"IncorrectInstanceState", ErrorKind::wrong_state},
    {"IncorrectState", ErrorKind::wrong_state},
    {"InstanceLimitExceeded", ErrorKind::no_capacity,
     "the account's quota of instances is used up"},
    {"InsufficientAddressCapacity", ErrorKind::no_capacity},
    {"InsufficientCapacity", ErrorKind::no_capacity},
    {"InsufficientCapacityOnHost", ErrorKind::no_capacity},
    {"InsufficientCapacityOnOutpost", ErrorKind::no_capacity},
    {"InsufficientFreeAddressesInSubnet", ErrorKind::refused,
     "the subnet has no free address; name another one, or free some"},
    {"InsufficientHostCapacity", ErrorKind::no_capacity},
    {"InsufficientInstanceCapacity", ErrorKind::no_capacity,
     "AWS has no room for this instance type in its zone at the moment"},
    {"InsufficientReservedInstanceCapacity", ErrorKind::no_capacity},
    {"InsufficientVolumeCapacity", ErrorKind::no_capacity,
     "AWS has no room for a volume of this type in its zone at the moment"},
    // Whatever HTTP status comes with them.
    {"InternalError", ErrorKind::unknown_fate},
    {"InternalFailure", ErrorKind::unknown_fate},
    {"InvalidAccessKeyId", ErrorKind::forbidden, check_keys_hint},
    {"InvalidClientTokenId", ErrorKind::forbidden, check_keys_hint},
    {"InvalidInstanceID.Malformed", ErrorKind::refused},
    {"InvalidInstanceID.NotFound", ErrorKind::not_found,
     "check the id, the region (--region) and the account (--profile)"},
    {"InvalidSecurity", ErrorKind::forbidden, check_keys_hint},
    {"InvalidSecurity.RequestHasExpired", ErrorKind::forbidden, expired_credentials_hint},
    {"InvalidSecurityToken", ErrorKind::forbidden, check_keys_hint},
    {"InvalidSignatureException", ErrorKind::forbidden, wrong_signature_hint},
    {"InvalidState", ErrorKind::wrong_state},
    {"MaxIOPSLimitExceeded", ErrorKind::refused, quota_hint},
    {"MaxSpotInstanceCountExceeded", ErrorKind::no_capacity,
     "the account's quota of Spot Instances is used up"},
    {"MissingAuthenticationToken", ErrorKind::forbidden, check_keys_hint},
    {"OperationNotPermitted", ErrorKind::refused, forbidden_operation_hint},
    {"OptInRequired", ErrorKind::forbidden, "enable the region or the service for this account"},
    {"PendingSnapshotLimitExceeded", ErrorKind::refused, "wait until pending snapshots complete"},
    {"PendingVerification", ErrorKind::forbidden, "AWS is still verifying the account"},
    {"PriorRequestNotComplete", ErrorKind::throttled},
    {"RequestExpired", ErrorKind::forbidden, expired_credentials_hint},
    {"RequestLimitExceeded", ErrorKind::throttled, wait_hint},
    {"RequestThrottled", ErrorKind::throttled, wait_hint},
    {"RequestThrottledException", ErrorKind::throttled, wait_hint},
    {"RequestTimeTooSkewed", ErrorKind::forbidden, wrong_clock_hint},
    {"RequestTimeout", ErrorKind::unknown_fate},
    {"RequestTimeoutException", ErrorKind::unknown_fate},
    {"ReservationCapacityExceeded", ErrorKind::no_capacity},
    {"ServerInternal", ErrorKind::unknown_fate},
    {"ServiceUnavailable", ErrorKind::unknown_fate},
    {"SignatureDoesNotMatch", ErrorKind::forbidden, wrong_signature_hint},
    {"SlowDown", ErrorKind::throttled, wait_hint},
    {"SnapshotCreationPerVolumeRateExceeded", ErrorKind::throttled,
     "15 seconds must pass between two snapshots of one volume"},
    {"SnapshotLimitExceeded", ErrorKind::refused,
     "delete snapshots, or ask AWS for a higher quota"},
    {"SpotMaxPriceTooLow", ErrorKind::no_capacity,
     "the Spot price is above what the request pays at most"},
    {"ThrottledException", ErrorKind::throttled, wait_hint},
    {"Throttling", ErrorKind::throttled, wait_hint},
    {"ThrottlingException", ErrorKind::throttled, wait_hint},
    {"TooManyRequestsException", ErrorKind::throttled, wait_hint},
    {"UnauthorizedOperation", ErrorKind::forbidden, allow_hint},
    {"Unavailable", ErrorKind::unknown_fate},
    {"UnavailableHostRequirements", ErrorKind::no_capacity,
     "no Dedicated Host of the account has room for it at the moment"},
    {"UnfulfillableCapacity", ErrorKind::no_capacity},
    {"UnrecognizedClientException", ErrorKind::forbidden, check_keys_hint},
    {"VcpuLimitExceeded", ErrorKind::no_capacity, "the account's vCPU quota is used up"},
    {"VolumeIOPSLimit", ErrorKind::refused, quota_hint},
    {"VolumeLimitExceeded", ErrorKind::refused, "delete volumes, or ask AWS for a higher quota"},
});
static_assert(std::ranges::is_sorted(table, {}, &Row::code));

constexpr std::array hints_for_actions = std::to_array<HintForAction>({
    {"StopInstances", "OperationNotPermitted",
     "if stop protection is on: aws ec2 modify-instance-attribute --no-disable-api-stop "
     "--instance-id ID; else a service of AWS may manage it (a managed instance, EKS Auto Mode)"},
    {"AttachVolume", "OperationNotPermitted",
     "a volume with a product code of AWS Marketplace goes only to a stopped instance, as its root "
     "volume; of a managed instance only its service attaches volumes"},
    {"DetachVolume", "OperationNotPermitted",
     "a root volume with a product code of AWS Marketplace leaves only a stopped instance; of a "
     "managed instance only its service detaches volumes"},
    {"ModifySnapshotAttribute", "OperationNotPermitted",
     "a snapshot that is encrypted with aws/ebs, or has a product code of AWS Marketplace, cannot "
     "be shared"},
});

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

namespace {

std::string_view hint_for(std::string_view action, std::string_view code) {
  const auto* const special = std::ranges::find_if(
      hints_for_actions,
      [&](const HintForAction& row) { return row.action == action && row.code == code; });
  if (special != hints_for_actions.end()) {
    return special->hint;
  }
  const Row* row = find(code);
  return row == nullptr ? "" : row->hint;
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
  return {kind, std::move(text), std::string(hint_for(action, without_prefix(code))),
          std::string(code)};
}

}  // namespace pitstop::ec2
