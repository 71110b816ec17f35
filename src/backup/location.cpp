#include "backup/location.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace pitstop {
namespace {

Finding found_there(std::string message, std::string hint, Severity severity) {
  return found(FindingCode::location, std::move(message), std::move(hint), severity);
}

/// CreateImage and CreateCapacityReservation know no Outpost of the server's (EC2 API Reference).
void look_at_outpost(const ec2::Instance& instance, const BackupOptions& options,
                     std::vector<Finding>& findings) {
  const auto& id = instance.id.str();
  const auto outpost = printable(instance.outpost);
  if (options.method == Method::image) {
    findings.push_back(found_there(
        fmt::format("{} is on the Outpost {}, and CreateImage is documented for regions and Local "
                    "Zones alone",
                    id, outpost),
        "use --method snapshots", Severity::refuse));
    return;
  }
  if (options.reserve_capacity) {
    findings.push_back(found_there(
        fmt::format("{} is on the Outpost {}, where pitstop reserves no capacity", id, outpost),
        "leave --reserve-capacity out for it", Severity::refuse));
  }
  findings.push_back(found_there(
      fmt::format("{} is on the Outpost {}: its snapshots are stored there, too", id, outpost),
      "EC2 copies no snapshot from an Outpost to a region; the Outpost needs room in S3",
      Severity::warn));
}

}  // namespace

ZoneKind kind_of_zone(std::string_view zone) {
  // A region is up to the first number: "us-gov-west-1", and an availability zone a letter more.
  constexpr std::string_view digits = "0123456789";
  const auto number = zone.find_first_of(digits);
  const auto end =
      number == std::string_view::npos ? number : zone.find_first_not_of(digits, number);
  if (end == std::string_view::npos || !zone.substr(end).starts_with('-')) {
    return ZoneKind::availability_zone;
  }
  return zone.contains("-wlz-") ? ZoneKind::wavelength_zone : ZoneKind::local_zone;
}

std::vector<Finding> look_at_location(const ec2::Instance& instance, const BackupOptions& options) {
  std::vector<Finding> findings;
  if (!instance.outpost.empty()) {
    look_at_outpost(instance, options, findings);
  }
  const auto kind = kind_of_zone(instance.zone);
  if (kind == ZoneKind::availability_zone) {
    return findings;
  }
  const auto* name = kind == ZoneKind::local_zone ? "Local" : "Wavelength";
  const auto where =
      fmt::format("{} is in the {} Zone {}", instance.id.str(), name, printable(instance.zone));
  if (options.reserve_capacity && kind == ZoneKind::wavelength_zone) {
    findings.push_back(found_there(where + ", where EC2 reserves no capacity",
                                   "leave --reserve-capacity out for it", Severity::refuse));
  }
  findings.push_back(found_there(where + ": its snapshots are stored in the parent region",
                                 "a volume from them has to be made in that zone again",
                                 Severity::info));
  return findings;
}

}  // namespace pitstop
