#include "sim/api/volume_view.hpp"

#include <array>

#include "sim/api/network.hpp"
#include "sim/api/volume_rules.hpp"

namespace pitstop::sim {
namespace {

/// Calls `take` with each instance that has the volume, and how.
template <class Take>
void for_each_attachment(const SeenVolume& seen, Take take) {
  for (const auto& id : seen.volume.attached_to) {
    const auto* attachment = seen.region.instances.at(id).find(seen.volume.id);
    if (attachment != nullptr && attachment->since <= seen.seen) {
      take(id, *attachment);
    }
  }
}

constexpr auto filters_of_volumes = std::to_array<FilterRow<SeenVolume>>({
    {"attachment.attach-time",
     [](const auto& v, auto& m) {
       for_each_attachment(v, [&](const InstanceId&, const Attachment& a) {
         m.offer_time(v.region.schedule.wall(a.since));
       });
     }},
    {"attachment.delete-on-termination",
     [](const auto& v, auto& m) {
       for_each_attachment(v, [&](const InstanceId&, const Attachment& a) {
         m.offer_boolean(a.delete_on_termination);
       });
     }},
    {"attachment.device",
     [](const auto& v, auto& m) {
       for_each_attachment(v, [&](const InstanceId&, const Attachment& a) { m.offer(a.device); });
     }},
    {"attachment.instance-id",
     [](const auto& v, auto& m) {
       for_each_attachment(v, [&](const InstanceId& id, const Attachment&) { m.offer(id.str()); });
     }},
    {"attachment.status",
     [](const auto& v, auto& m) {
       for_each_attachment(v, [&](const InstanceId&, const Attachment&) { m.offer("attached"); });
     }},
    {"availability-zone", [](const auto& v, auto& m) { m.offer(v.volume.zone); }},
    {"availability-zone-id", [](const auto& v, auto& m) { m.offer(zone_id(v.volume.zone)); }},
    {"create-time",
     [](const auto& v, auto& m) { m.offer_time(v.region.schedule.wall(v.volume.created)); }},
    {"encrypted", [](const auto& v, auto& m) { m.offer_boolean(v.volume.encrypted); }},
    {"fast-restored", [](const auto& v, auto& m) { m.offer_boolean(v.volume.fast_restored); }},
    {"multi-attach-enabled",
     [](const auto& v, auto& m) { m.offer_boolean(v.volume.multi_attach); }},
    {"size", [](const auto& v, auto& m) { m.offer_number(v.volume.size_gib); }},
    {"snapshot-id", [](const auto& v, auto& m) { m.offer(v.volume.made_from.str()); }},
    {"status", [](const auto& v, auto& m) { m.offer(v.status()); }},
    {"volume-id", [](const auto& v, auto& m) { m.offer(v.volume.id.str()); }},
    {"volume-type", [](const auto& v, auto& m) { m.offer(v.volume.type); }},
});

}  // namespace

std::string_view SeenVolume::status() const {
  bool attached = false;
  for_each_attachment(*this, [&](const InstanceId&, const Attachment&) { attached = true; });
  return attached ? "in-use" : "available";
}

std::span<const FilterRow<SeenVolume>> volume_filters() {
  return filters_of_volumes;
}

void write_attachment(xml::Element item, const Region& region, const InstanceId& instance,
                      const Attachment& attachment, std::string_view status) {
  xml::put(item, "volumeId", attachment.volume.str());
  xml::put(item, "instanceId", instance.str());
  xml::put(item, "device", attachment.device);
  xml::put(item, "status", status);
  xml::put_time(item, "attachTime", region.schedule.wall(attachment.since));
  xml::put_boolean(item, "deleteOnTermination", attachment.delete_on_termination);
}

void write_volume(xml::Element item, const SeenVolume& seen) {
  const auto& volume = seen.volume;
  xml::put(item, "volumeId", volume.id.str());
  xml::put_number(item, "size", volume.size_gib);
  xml::put(item, "snapshotId", volume.made_from.str());
  xml::put(item, "availabilityZone", volume.zone);
  xml::put(item, "availabilityZoneId", zone_id(volume.zone));
  xml::put_unless_empty(item, "outpostArn", volume.outpost);
  xml::put(item, "status", seen.status());
  xml::put_time(item, "createTime", seen.region.schedule.wall(volume.created));
  auto attachments = item.append_child("attachmentSet");
  for_each_attachment(seen, [&](const InstanceId& id, const Attachment& attachment) {
    write_attachment(attachments.append_child("item"), seen.region, id, attachment, "attached");
  });
  xml::put(item, "volumeType", volume.type);
  if (const auto iops = shown_iops(volume)) {
    xml::put_number(item, "iops", *iops);
  }
  if (const auto throughput = shown_throughput(volume)) {
    xml::put_number(item, "throughput", *throughput);
  }
  xml::put_boolean(item, "encrypted", volume.encrypted);
  xml::put_unless_empty(item, "kmsKeyId", volume.kms_key);
  xml::put_boolean(item, "multiAttachEnabled", volume.multi_attach);
  xml::put_tags(item, volume.tags);
}

void write_described_volume(xml::Element item, const SeenVolume& seen) {
  write_volume(item, seen);
  xml::put_boolean(item, "fastRestored", seen.volume.fast_restored);
}

}  // namespace pitstop::sim
