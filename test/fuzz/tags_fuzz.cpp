// Any bytes as tags: those of snapshots, images, volumes and servers, read by everything that reads
// them. The input is lines: "key=value" is a tag, an empty line begins the next thing. "json=" is
// packed into the tags of a configuration first, so that the fuzzer gets below base64 and zlib.

#include <string>
#include <vector>

#include "backup/captured_configuration.hpp"
#include "backup/down_tag.hpp"
#include "backup/fast_restore.hpp"
#include "backup/rotation.hpp"
#include "backup/snapshot_description.hpp"
#include "backup/swap.hpp"
#include "base/check.hpp"
#include "base/text.hpp"
#include "prune/prune_plan.hpp"

namespace pitstop {
namespace {

constexpr std::string_view json_mark = "json=";
constexpr std::string_view description_mark = "description=";

struct Thing {
  ec2::Tags tags;
  std::string description;
};

Thing read_thing(std::string_view lines) {
  Thing thing;
  for (const auto line : split(lines, '\n')) {
    if (line.starts_with(json_mark)) {
      auto packed = pack_configuration(std::string(line.substr(json_mark.size())));
      thing.tags.insert(thing.tags.end(), packed.begin(), packed.end());
    } else if (line.starts_with(description_mark)) {
      thing.description = line.substr(description_mark.size());
    } else if (const auto equals = line.find('='); equals != std::string_view::npos) {
      thing.tags.push_back(
          {std::string(line.substr(0, equals)), std::string(line.substr(equals + 1))});
    }
  }
  return thing;
}

std::vector<Thing> read_things(std::string_view input) {
  std::vector<Thing> things;
  while (!input.empty()) {
    const auto end = std::min(input.find("\n\n"), input.size());
    things.push_back(read_thing(input.substr(0, end)));
    input.remove_prefix(std::min(end + 2, input.size()));
  }
  return things;
}

ec2::Snapshot snapshot_with(const Thing& thing, std::size_t number) {
  ec2::Snapshot snapshot;
  snapshot.id = SnapshotId("snap-" + std::to_string(number));
  snapshot.volume = VolumeId("vol-" + std::to_string(number % 3));
  snapshot.state = ec2::SnapshotState::completed;
  snapshot.started = WallTime(std::chrono::hours(24 * number));
  snapshot.tags = thing.tags;
  snapshot.description = thing.description;
  return snapshot;
}

void read_all_of(const Thing& thing) {
  if (const auto json = unpack_configuration(thing.tags)) {
    (void)read_configuration(*json);
    (void)captured_volumes(*json);
  }
  (void)fast_restore_in(thing.tags);
  if (const auto made_as = parse_snapshot_description(thing.description)) {
    (void)has_tags_as_made(*made_as, thing.tags);
  }
  ec2::Volume volume;
  volume.tags = thing.tags;
  (void)parse_swapped_in(volume);
  (void)parse_replaced(volume);
  (void)replaced_tags_of(volume);
  ec2::Instance instance;
  instance.tags = thing.tags;
  (void)parse_down_tag(down_tag_of(instance).value_or(""));
  (void)parse_rotation(ec2::find_tag(thing.tags, rotation_tag_key).value_or(""), instance.id);
}

/// Whatever the tags say, nothing goes that was not made as a part of a backup.
void plan_a_prune(const std::vector<ec2::Snapshot>& snapshots,
                  const std::vector<ec2::Image>& images) {
  ServerRemains remains;
  remains.sets = sets_of(snapshots, images);
  remains.leftovers = leftovers_of(snapshots, images, remains.sets);
  const auto plan = plan_prune(std::move(remains), {.keep = {.last = 1}},
                               {.now = WallTime(std::chrono::hours(1'000'000))});
  for (const auto& [set, fate, reasons] : plan.backups) {
    CHECK(fate != Fate::remove || (set.is_pitstops && set.state != SetState::suspect));
  }
}

}  // namespace
}  // namespace pitstop

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace pitstop;
  const auto things = read_things({reinterpret_cast<const char*>(bytes), size});
  std::vector<ec2::Snapshot> snapshots;
  std::vector<ec2::Image> images;
  for (const auto& thing : things) {
    read_all_of(thing);
    snapshots.push_back(snapshot_with(thing, snapshots.size()));
    auto& image = images.emplace_back();
    image.id = ImageId("ami-" + std::to_string(images.size()));
    image.name = "pitstop r-1 i-1";
    image.description = thing.description;
    image.tags = thing.tags;
    image.snapshots = {snapshots.back().id};
    image.devices = {"/dev/xvda"};
  }
  plan_a_prune(snapshots, images);
  return 0;
}
