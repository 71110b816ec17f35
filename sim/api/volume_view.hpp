#pragma once

#include "sim/api/inquiry.hpp"

namespace pitstop::sim {

/// A volume as a describing call sees it.
struct SeenVolume {
  const Region& region;
  const Volume& volume;
  Instant seen;

  const Tags& tags() const { return volume.tags; }
  std::string_view status() const;
};

std::span<const FilterRow<SeenVolume>> volume_filters();

/// The answer of CreateVolume.
void write_volume(xml::Element item, const SeenVolume& seen);

/// <item> of <volumeSet>: the same, and what CreateVolume does not know yet.
void write_described_volume(xml::Element item, const SeenVolume& seen);

/// What both <attachmentSet> and the answers of AttachVolume and DetachVolume tell.
void write_attachment(xml::Element item, const Region& region, const InstanceId& instance,
                      const Attachment& attachment, std::string_view status);

}  // namespace pitstop::sim
