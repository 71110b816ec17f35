#include "backup/stranded_server.hpp"

#include <fmt/format.h>

#include <ranges>

#include "backup/evidence.hpp"
#include "base/text.hpp"
#include "ec2/stop_reason.hpp"

namespace pitstop {
namespace {

/// What the server's tag says, if it is that of this entry.
std::optional<DownTag> own_tag(const OpenBackup& open, const ec2::Instance& instance) {
  const auto text = down_tag_of(instance);
  if (!text) {
    return std::nullopt;
  }
  const auto tag = parse_down_tag(*text);
  const auto* marked = open.find_last(Mark::tag);
  const bool is_ours =
      tag && (tag->run == open.run || (marked != nullptr && marked->detail == *text));
  return is_ours ? tag : std::nullopt;
}

/// The entry says it, and the tag does. Where they do not agree one of them is damaged, and EC2
/// decides: a server that was found stopped has been stopped before.
bool was_found_stopped(const OpenBackup& open, const ec2::Instance& instance) {
  const auto* marked = open.find_last(Mark::tag);
  const auto tag = marked != nullptr ? parse_down_tag(marked->detail) : own_tag(open, instance);
  if (!tag || tag->found_stopped == open.found_stopped) {
    return open.found_stopped;
  }
  const auto stopped = ec2::stopped_by_call_at(instance);
  return stopped && *stopped < open.opened - clock_skew;
}

/// A server that is at rest although the entry says that it runs again: whether EC2 knows of no
/// start since the stop. One that was started was stopped again by somebody else.
bool was_never_started(const OpenBackup& open, const ec2::Instance& instance) {
  const auto* stop = open.find(Mark::stop);
  return stop != nullptr && (!instance.launched || *instance.launched < stop->at - clock_skew);
}

/// Whether the server is to be started, or at least to be looked at again.
void judge(const OpenBackup& open, Stranded& stranded) {
  const auto& instance = stranded.instance;
  if (was_found_stopped(open, instance)) {
    return;
  }
  const bool was_tagged = open.find(Mark::tag) != nullptr || own_tag(open, instance);
  const bool has_run = open.find(Mark::running) != nullptr;
  const bool is_at_rest = ec2::is_at_rest(instance);
  stranded.may_have_been_stopped = was_tagged && !has_run;
  stranded.may_be_down =
      (open.find(Mark::stop) != nullptr && !has_run) ||
      (is_at_rest && was_tagged && (!has_run || was_never_started(open, instance)));
}

Hold hold_of(const OpenBackup& open, const ec2::Instance& instance) {
  Hold hold;
  hold.instance = open.instance;
  const auto tag = own_tag(open, instance);
  if (const auto* marked = open.find_last(Mark::tag)) {
    hold.tag = parse_down_tag(marked->detail).value_or(DownTag());
    hold.tagged = tag || !down_tag_of(instance);
  }
  if (tag) {
    hold.tag = *tag;
    hold.tagged = true;
    hold.tag_text = down_tag_of(instance).value_or("");
  }
  hold.rotation_text = ec2::find_tag(instance.tags, rotation_tag_key).value_or("");
  hold.tag.run = open.run;
  if (const auto* left = open.find(Mark::rotation)) {
    hold.rotation = parse_rotation(left->detail, open.instance).value_or(Rotation());
  }
  hold.away = hold.rotation.empty() ? Away::no : Away::perhaps;
  hold.guarded = hold.tag.guarded || open.find(Mark::guard) != nullptr;
  hold.reserved = hold.tag.reserved || open.find(Mark::reserve) != nullptr;
  return hold;
}

}  // namespace

Stranded stranded_by(const OpenBackup& open, const ec2::Instance& instance) {
  Stranded stranded;
  stranded.instance = instance;
  stranded.run = open.run;
  stranded.backup = open.backup;
  stranded.name = open.name;
  stranded.start_when = parse_start_when(open.start_when).value_or(StartWhen::progress);
  stranded.policy = open.policy;
  const auto* stop = open.find(Mark::stop);
  stranded.begun = stop != nullptr ? stop->at : open.opened;
  judge(open, stranded);
  stranded.was_primed = open.find(Mark::prime) != nullptr;
  stranded.was_priming = stranded.was_primed && open.find(Mark::tag) == nullptr;
  stranded.may_have_snapshots =
      open.find(Mark::snapshots) != nullptr || (stranded.may_be_down && ec2::is_at_rest(instance));
  if (const auto* fast = open.find(Mark::fast_restore)) {
    const auto words = split(fast->detail, ' ');
    stranded.fast_restore = RestoreId(std::string(words.front()));
    for (const auto snapshot : words | std::views::drop(1)) {
      stranded.fast_snapshots.emplace_back(std::string(snapshot));
    }
  }
  if (const auto* volumes = open.find_last(Mark::volumes)) {
    stranded.swap = parse_swap(volumes->detail);
  }
  if (const auto* start = open.find(Mark::start)) {
    stranded.gate = parse_gate_opening(start->detail);
  }
  stranded.left_by = open.holder;
  stranded.in_journal = true;
  stranded.hold = hold_of(open, instance);
  stranded.last_sign = open.marks.empty() ? open.opened : open.marks.back().at;
  return stranded;
}

namespace {

/// EC2 shows that nobody has stopped it since that run began.
bool has_run_ever_since(const DownTag& tag, const ec2::Instance& instance) {
  return instance.state == ec2::InstanceState::running && instance.launched &&
         *instance.launched < tag.since - clock_skew;
}

}  // namespace

Stranded stranded_by(const DownTag& tag, const ec2::Instance& instance, bool is_named) {
  Stranded stranded;
  stranded.instance = instance;
  stranded.run = tag.run;
  stranded.name = instance.name().value_or("");
  stranded.begun = tag.since;
  stranded.may_have_been_stopped = !tag.found_stopped && has_run_ever_since(tag, instance);
  stranded.may_be_down = !tag.found_stopped && !stranded.may_have_been_stopped;
  // They are asked for when it is stopped.
  stranded.may_have_snapshots = !stranded.may_have_been_stopped;
  stranded.left_by = fmt::format("a process on {}", printable(tag.host));
  stranded.is_named = is_named;
  stranded.fast_restore = tag.swap;
  stranded.hold = {.instance = instance.id,
                   .tag = tag,
                   .tagged = true,
                   .guarded = tag.guarded,
                   .reserved = tag.reserved,
                   .rotation = rotation_in_tag(instance),
                   .tag_text = down_tag_of(instance).value_or(""),
                   .rotation_text = ec2::find_tag(instance.tags, rotation_tag_key).value_or("")};
  stranded.hold.away = stranded.hold.rotation.empty() ? Away::no : Away::perhaps;
  return stranded;
}

}  // namespace pitstop
