#include "backup/swap.hpp"

#include <fmt/format.h>

#include <ranges>

#include "base/check.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr std::string_view word_nothing = "-";
constexpr std::string_view word_goes = "goes";
constexpr std::string_view word_stays = "stays";
constexpr std::string_view word_made = "made";
constexpr std::string_view word_found = "found";

std::string_view fate(bool delete_on_termination) {
  return delete_on_termination ? word_goes : word_stays;
}

}  // namespace

std::string_view to_string(SwapState state) {
  switch (state) {
    case SwapState::old:
      return "old";
    case SwapState::now:
      return "new";
  }
  unreachable();
}

ec2::Tags swapped_in_tags(const RestoreId& restore, const InstanceId& instance,
                          const SwappedVolume& volume) {
  return {{swapped_in_tag_key, restore.str()},
          {swapped_in_place_tag_key,
           fmt::format("{} {} {} {} {} {}", volume.device,
                       volume.out.empty() ? word_nothing : std::string_view(volume.out.str()),
                       fate(volume.delete_on_termination), fate(volume.out_deletes_on_termination),
                       volume.request ? word_made : word_found, instance.str())}};
}

ec2::Tags replaced_tags(const RestoreId& restore, const InstanceId& instance,
                        const SwappedVolume& volume) {
  return {{replaced_by_tag_key, restore.str()},
          {replaced_place_tag_key,
           fmt::format("{} {} {}", volume.device, fate(volume.out_deletes_on_termination),
                       instance.str())}};
}

ec2::Tags replaced_tags_of(const ec2::Volume& volume) {
  ec2::Tags tags;
  for (const auto* key : {replaced_by_tag_key, replaced_place_tag_key}) {
    if (auto value = ec2::find_tag(volume.tags, key)) {
      tags.push_back({key, *std::move(value)});
    }
  }
  return tags;
}

std::optional<SwappedVolume> parse_swapped_in(const ec2::Volume& volume) {
  const auto place = ec2::find_tag(volume.tags, swapped_in_place_tag_key).value_or("");
  const auto words = split(place, ' ');
  constexpr std::size_t all_words = 6;
  if (words.size() != all_words && words.size() != all_words - 1) {
    return std::nullopt;
  }
  SwappedVolume swapped{.device = std::string(words[0]), .out = {}, .in = volume.id};
  if (words[1] != word_nothing) {
    swapped.out = VolumeId(std::string(words[1]));
  }
  swapped.delete_on_termination = words[2] == word_goes;
  swapped.out_deletes_on_termination = words[3] == word_goes;
  if (words[4] == word_made) {
    swapped.request.emplace();
  } else {
    swapped.stale_tags = replaced_tags_of(volume);
  }
  if (words.size() == all_words) {
    swapped.server = InstanceId(std::string(words.back()));
  }
  return swapped;
}

std::optional<ReplacedVolume> parse_replaced(const ec2::Volume& volume) {
  const auto place = ec2::find_tag(volume.tags, replaced_place_tag_key).value_or("");
  const auto words = split(place, ' ');
  constexpr std::size_t all_words = 3;
  if (words.size() != all_words) {
    return std::nullopt;
  }
  return ReplacedVolume{volume.id, std::string(words[0]), words[1] == word_goes,
                        InstanceId(std::string(words[2]))};
}

std::string to_text(const Swap& swap) {
  const auto or_nothing = [](const std::string& id) { return id.empty() ? "-" : id; };
  auto text = swap.restore.str();
  for (const auto& volume : swap.volumes) {
    const auto source = volume.request ? volume.request->from.str() : std::string();
    text += fmt::format("; {} {} {} {} {} {}", volume.device, or_nothing(volume.out.str()),
                        or_nothing(volume.in.str()), fate(volume.delete_on_termination),
                        fate(volume.out_deletes_on_termination), or_nothing(source));
  }
  return text;
}

std::optional<Swap> parse_swap(std::string_view text) {
  const auto parts = split(text, ';');
  Swap swap{.restore = RestoreId(std::string(parts.front()))};
  const auto id_in = [](std::string_view word) {
    return word == word_nothing ? std::string() : std::string(word);
  };
  for (const auto part : parts | std::views::drop(1)) {
    const auto words = split(trimmed(part), ' ');
    constexpr std::size_t all_words = 6;
    if (words.size() != all_words) {
      return std::nullopt;
    }
    SwappedVolume volume{.device = std::string(words[0]),
                         .out = VolumeId(id_in(words[1])),
                         .in = VolumeId(id_in(words[2])),
                         .delete_on_termination = words[3] == word_goes,
                         .out_deletes_on_termination = words[4] == word_goes};
    if (words[5] != word_nothing) {
      volume.request.emplace();
      volume.request->from = SnapshotId(std::string(words[5]));
    }
    swap.volumes.push_back(std::move(volume));
  }
  return swap.volumes.empty() ? std::nullopt : std::optional(std::move(swap));
}

}  // namespace pitstop
