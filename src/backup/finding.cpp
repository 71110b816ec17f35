#include "backup/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "base/contains.hpp"

namespace pitstop {
namespace {

using enum FindingCode;
using enum Severity;

constexpr bool acceptable = true;

// In the order of the codes.
constexpr auto kinds = std::to_array<FindingKind>({
    {permission, "permission", refuse, !acceptable,
     "a dry run shows that the credentials may not make a call of the backup",
     "allow the action; pitstop iam-policy prints what is needed"},
    {unproven, "unproven", info, !acceptable,
     "a right that the backup needs and that cannot be tried out beforehand",
     "make sure of it once; --guard-role has AWS start the server by a role of its own"},
    {no_answer, "no-answer", refuse, !acceptable, "a question that the check depends on failed",
     "see the message; try again"},
    {credentials_expire, "credentials-expire", refuse, acceptable,
     "the credentials, fetched anew, end before the longest outage does",
     "use longer ones (duration_seconds of a role), or a guard, which starts the server without "
     "them"},
    {credentials_end_unknown, "credentials-end-unknown", warn, !acceptable,
     "the credentials have a session token, and so they end, but their source does not tell when",
     "use a source that tells (a role, SSO, Expiration of credential_process, "
     "AWS_CREDENTIAL_EXPIRATION), or a guard; keys that are renewed in a file are read there"},
    {held, "held", refuse, !acceptable,
     "another run has the server, by the journal of this machine or by its tag pitstop:down, or "
     "has "
     "left it stopped; the exit status is 11",
     "wait until that run has ended; if it is gone: pitstop recover"},
    {state, "state", refuse, !acceptable,
     "the server is starting, being stopped by someone else, or terminated",
     "wait until it runs or is stopped"},
    {found_stopped, "found-stopped", info, !acceptable,
     "the server is stopped; it is backed up as it is and left stopped", "nothing"},
    {own_host, "own-host", refuse, !acceptable,
     "pitstop runs on this very server, and would stop itself", "run pitstop on another machine"},
    {stop_protection, "stop-protection", refuse, !acceptable,
     "the attribute disableApiStop is set: EC2 refuses to stop it",
     "take the protection away, or leave the server out"},
    {managed, "managed", refuse, !acceptable,
     "a service of AWS runs this server (EKS Auto Mode and the like); EC2 refuses to stop it",
     "back up what that service offers"},
    {instance_store_root, "instance-store-root", refuse, !acceptable,
     "its root volume is an instance store: it cannot be stopped", "back it up from inside"},
    {instance_store_data, "instance-store-data", refuse, acceptable,
     "it has instance store volumes, or is of a type that may have: a stop empties them",
     "accept it if nothing that matters lies there"},
    {hibernation, "hibernation", refuse, acceptable,
     "hibernation is enabled: AWS advises against snapshots of such a server, for one restored "
     "from them may be unreachable",
     "accept it if you have tried a restore"},
    {spot_one_time, "spot-one-time", refuse, !acceptable,
     "a Spot Instance of a one-time request: EC2 refuses to stop it", "leave it out"},
    {spot, "spot", refuse, acceptable,
     "a Spot Instance of a persistent request: the start may find no capacity for hours",
     "accept it if it may stay down"},
    {fleet_member, "fleet-member", refuse, acceptable,
     "an EC2 Fleet or Spot Fleet owns the server, and may replace it once it stops",
     "leave it out, or accept it if the fleet does not maintain its capacity"},
    {mac, "mac", refuse, acceptable,
     "a Mac: it stops for a quarter of an hour, and its host is scrubbed for up to 4.5 hours "
     "before it can start",
     "accept it if that outage is all right, with --max-downtime and --stop-timeout to suit"},
    {bare_metal, "bare-metal", warn, !acceptable,
     "bare metal takes some ten minutes to stop and as long to start", "plan for it"},
    {auto_scaling, "auto-scaling", refuse, acceptable,
     "it is in service in an Auto Scaling group, which replaces members that do not run",
     "--standby puts it into Standby meanwhile; or accept it if the group's health checks are "
     "suspended"},
    {load_balancer, "load-balancer", warn, !acceptable,
     "it is a target of a load balancer, whose requests to it fail from the stop until it is found "
     "healthy again",
     "--drain deregisters it before and registers it after, if there are others to take its place"},
    {public_address, "public-address", warn, !acceptable,
     "its public IPv4 address is not an Elastic IP: it gets another one at the start",
     "give it an Elastic IP if anybody knows it by that address"},
    {scheduled_event, "scheduled-event", refuse, acceptable,
     "AWS has planned an event for this server within the longest outage",
     "back it up before or after the event"},
    {pending_snapshots, "pending-snapshots", refuse, acceptable,
     "a volume has snapshots that are not complete: newer ones show no progress before they are, "
     "and so hold the server down",
     "--wait-pending waits for them before the stop"},
    {snapshot_limit, "snapshot-limit", refuse, !acceptable,
     "a volume has as many pending snapshots as EC2 allows (5; 1 for st1 and sc1)",
     "--wait-pending waits for them before the stop"},
    {recent_snapshot, "recent-snapshot", info, !acceptable,
     "a snapshot of a volume began less than 15 s ago, and EC2 takes no other one so soon",
     "nothing: pitstop waits for that long before the stop"},
    {shared_volume, "shared-volume", refuse, acceptable,
     "a volume is attached to other instances, too, which write to it while this one is stopped",
     "stop the others, leave the volume out, or accept that it is as after a power cut"},
    {too_many_volumes, "too-many-volumes", refuse, !acceptable,
     "it has more than the 128 volumes that EC2 takes into one set of snapshots",
     "leave some out with --exclude-volume"},
    {volumes, "volumes", refuse, !acceptable, "there is nothing to back up, or too much left out",
     "see the message"},
    {tags, "tags", refuse, !acceptable,
     "the server or its snapshots would have more tags than EC2 allows", "remove some"},
    {tag_lost, "tag-lost", warn, !acceptable, "a tag of a volume finds no room on its snapshot",
     "remove tags that are not needed"},
    {kms_key, "kms-key", refuse, !acceptable,
     "the KMS key of a volume is disabled or about to be deleted: a start would be accepted and "
     "fall "
     "back to stopped",
     "enable the key"},
    {kms_unproven, "kms-unproven", refuse, acceptable,
     "the KMS key of a volume belongs to another account, and AWS refuses both to describe it and "
     "a "
     "trial of kms:CreateGrant for it: a start would be accepted and fall back to stopped",
     "allow both in the policy of the key and in that of the credentials; accept it if the server "
     "has started with these credentials before"},
    {reservation, "reservation", refuse, !acceptable,
     "--reserve-capacity cannot be done for this server", "leave the option out for it"},
    {location, "location", warn, !acceptable,
     "the server is on an Outpost, in a Local Zone or in a Wavelength Zone, where EC2 offers less; "
     "refused where it cannot do what the backup needs",
     "see the message"},
    {attachment_limit, "attachment-limit", refuse, !acceptable,
     "a restore would attach more volumes than the server's type takes",
     "detach volumes that are not needed, or restore volumes only"},
    {restored_volume, "restored-volume", warn, !acceptable,
     "a volume that pitstop restore --volumes-only has made is attached, and is backed up, too",
     "leave it out with --exclude-volume, or detach it and pitstop restore --finish"},
});
static_assert(std::ranges::all_of(kinds, [](const FindingKind& kind) {
  return kind.code == static_cast<FindingCode>(&kind - kinds.data());
}));

}  // namespace

std::string_view to_string(FindingCode code) {
  return kind_of(code).name;
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case refuse:
      return "refuse";
    case warn:
      return "warn";
    case info:
      return "info";
  }
  unreachable();
}

std::span<const FindingKind> finding_kinds() {
  return kinds;
}

const FindingKind& kind_of(FindingCode code) {
  return kinds.at(static_cast<std::size_t>(code));
}

std::optional<FindingCode> parse_finding_code(std::string_view text) {
  const auto* kind = std::ranges::find(kinds, text, &FindingKind::name);
  return kind == kinds.end() ? std::nullopt : std::optional(kind->code);
}

Finding found(FindingCode code, std::string message, std::string hint,
              std::optional<Severity> severity) {
  return {.code = code,
          .severity = severity.value_or(kind_of(code).severity),
          .message = std::move(message),
          .hint = std::move(hint)};
}

void accept(std::vector<Finding>& findings, const std::vector<FindingCode>& codes) {
  for (auto& finding : findings) {
    if (finding.severity == refuse && kind_of(finding.code).can_be_accepted &&
        contains(codes, finding.code)) {
      finding.severity = warn;
      finding.accepted = true;
    }
  }
}

const Finding* first_refusal(const std::vector<Finding>& findings) {
  const auto refusing = std::ranges::find(findings, refuse, &Finding::severity);
  return refusing == findings.end() ? nullptr : &*refusing;
}

Error refusal_of(const std::vector<Finding>& findings) {
  const auto* first = first_refusal(findings);
  CHECK(first != nullptr);
  const auto others = std::ranges::count(findings, refuse, &Finding::severity) - 1;
  auto message = first->message;
  if (others > 0) {
    message += fmt::format(" (and {} more: see pitstop check)", others);
  }
  const auto kind = first->code == permission ? ErrorKind::forbidden
                    : first->code == held     ? ErrorKind::held
                                              : ErrorKind::refused;
  return {kind, std::move(message), first->hint,
          first->ec2_code.empty() ? std::string(to_string(first->code)) : first->ec2_code};
}

}  // namespace pitstop
