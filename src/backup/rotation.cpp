#include "backup/rotation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/survey.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr std::string_view word_standby = "standby";

/// "GROUP", "GROUP:PORT", "GROUP:PORT@ADDRESS@ZONE": what is left out is as usual.
std::string to_word(const TargetPlace& place, const InstanceId& instance) {
  auto word = place.group;
  if (place.target.port) {
    word += fmt::format(":{}", *place.target.port);
  }
  if (place.target.id != instance.str()) {
    word += "@" + place.target.id;
    word += place.target.zone.empty() ? "" : "@" + place.target.zone;
  }
  return word;
}

std::optional<TargetPlace> parse_place(std::string_view word, const InstanceId& instance) {
  const auto parts = split(word, '@');
  const auto group_and_port = split(parts.front(), ':');
  if (parts.size() > 3 || group_and_port.size() > 2 || !group_and_port.front().contains('/')) {
    return std::nullopt;
  }
  TargetPlace place{.group = std::string(group_and_port.front()),
                    .target = {.id = instance.str(), .port = {}, .zone = {}}};
  if (group_and_port.size() == 2) {
    place.target.port = whole_number(group_and_port[1]);
    if (!place.target.port) {
      return std::nullopt;
    }
  }
  if (parts.size() > 1) {
    place.target.id = std::string(parts[1]);
  }
  if (parts.size() > 2) {
    place.target.zone = std::string(parts[2]);
  }
  return place;
}

}  // namespace

std::string_view TargetPlace::name() const {
  return std::string_view(group).substr(0, group.find('/'));
}

std::string_view group_in_arn(std::string_view arn) {
  constexpr std::string_view before = "targetgroup/";
  const auto found = arn.find(before);
  return found == std::string_view::npos ? arn : arn.substr(found + before.size());
}

const AutoScalingGroup* group_in_service(const InstanceId& instance, const Survey& survey) {
  const auto member = survey.members.find(instance);
  if (member == survey.members.end() || !member->second.in_service()) {
    return nullptr;
  }
  const auto group = survey.scaling_groups.find(member->second.group);
  return group == survey.scaling_groups.end() ? nullptr : &group->second;
}

bool can_spare_one(const AutoScalingGroup& group) {
  return group.desired > group.min;
}

bool attaches(const AutoScalingGroup& group, const TargetPlace& place) {
  return std::ranges::any_of(group.target_groups, [&](const std::string& arn) {
    return group_in_arn(arn) == place.group;
  });
}

Rotation rotation_of(const ec2::Instance& instance, const Survey& survey,
                     const BackupOptions& options) {
  Rotation rotation;
  const auto* group = options.standby ? group_in_service(instance.id, survey) : nullptr;
  if (group != nullptr && !can_spare_one(*group)) {
    group = nullptr;
  }
  rotation.standby = group != nullptr;
  const auto places = survey.targets.find(instance.id);
  if (options.drain && places != survey.targets.end()) {
    std::ranges::copy_if(
        places->second, std::back_inserter(rotation.targets),
        [&](const TargetPlace& place) { return group == nullptr || !attaches(*group, place); });
  }
  return rotation;
}

std::string to_text(const Rotation& rotation, const InstanceId& instance) {
  std::vector<std::string> words;
  if (rotation.standby) {
    words.emplace_back(word_standby);
  }
  for (const auto& place : rotation.targets) {
    words.push_back(to_word(place, instance));
  }
  return join(words, " ");
}

std::optional<Rotation> parse_rotation(std::string_view text, const InstanceId& instance) {
  Rotation rotation;
  for (const auto word : split(text, ' ')) {
    if (word == word_standby) {
      rotation.standby = true;
      continue;
    }
    auto place = parse_place(word, instance);
    if (!place) {
      return std::nullopt;
    }
    rotation.targets.push_back(*std::move(place));
  }
  return rotation;
}

Rotation rotation_in_tag(const ec2::Instance& instance) {
  const auto text = ec2::find_tag(instance.tags, rotation_tag_key);
  return text ? parse_rotation(*text, instance.id).value_or(Rotation()) : Rotation();
}

}  // namespace pitstop
