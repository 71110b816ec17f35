// What a prune never does, whatever has happened to the backups of a server, and whatever the rules
// are.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <ostream>
#include <set>

#include "backup/snapshot_description.hpp"
#include "base/contains.hpp"
#include "history.hpp"
#include "prune/prune_plan.hpp"

namespace pitstop::test {

/// What a backup is made of, small enough to be shown when a property does not hold.
struct Drawn {
  int minutes_ago = 0;
  SetState state = SetState::complete;
  bool has_tag = false;
  bool is_being_removed = false;
  bool is_open = false;
};

std::ostream& operator<<(std::ostream& output, const Drawn& drawn) {
  return output << drawn.minutes_ago << "m ago " << to_string(drawn.state)
                << (drawn.has_tag ? ", tagged" : "")
                << (drawn.is_being_removed ? ", being removed" : "")
                << (drawn.is_open ? ", open" : "");
}

struct DrawnRules {
  int last = 0;
  int hourly = 0;
  int daily = 0;
  int weekly = 0;
  int monthly = 0;
  int yearly = 0;
  int within_hours = 0;  ///< 0: no such rule
  bool has_tag = false;
  int keep_failed_hours = 1;
  std::string zone = "UTC";
};

std::ostream& operator<<(std::ostream& output, const DrawnRules& rules) {
  return output << fmt::format(
             "last {} hourly {} daily {} weekly {} monthly {} yearly {} within {}h tag {} failed "
             "{}h in {}",
             rules.last, rules.hourly, rules.daily, rules.weekly, rules.monthly, rules.yearly,
             rules.within_hours, rules.has_tag, rules.keep_failed_hours, rules.zone);
}

using History = std::vector<Drawn>;

}  // namespace pitstop::test

namespace rc {

template <>
struct Arbitrary<pitstop::test::Drawn> {
  static Gen<pitstop::test::Drawn> arbitrary() {
    using pitstop::SetState;
    using pitstop::test::Drawn;
    constexpr int hour = 60;
    constexpr int day = 24 * hour;
    // Close together and far apart: hours, days and weeks with several, and years with one.
    const auto when = gen::oneOf(gen::inRange(0, 2 * day), gen::inRange(0, 60 * day),
                                 gen::inRange(0, 1200 * day));
    const auto state = gen::weightedElement<SetState>({{6, SetState::complete},
                                                       {1, SetState::pending},
                                                       {1, SetState::incomplete},
                                                       {1, SetState::failed}});
    const auto seldom = gen::weightedElement<bool>({{9, false}, {1, true}});
    return gen::build<Drawn>(gen::set(&Drawn::minutes_ago, when), gen::set(&Drawn::state, state),
                             gen::set(&Drawn::has_tag, seldom),
                             gen::set(&Drawn::is_being_removed, seldom),
                             gen::set(&Drawn::is_open, seldom));
  }
};

template <>
struct Arbitrary<pitstop::test::DrawnRules> {
  static Gen<pitstop::test::DrawnRules> arbitrary() {
    using pitstop::test::DrawnRules;
    const auto count = gen::inRange(0, 8);
    return gen::build<DrawnRules>(
        gen::set(&DrawnRules::last, count), gen::set(&DrawnRules::hourly, count),
        gen::set(&DrawnRules::daily, count), gen::set(&DrawnRules::weekly, count),
        gen::set(&DrawnRules::monthly, count), gen::set(&DrawnRules::yearly, count),
        gen::set(&DrawnRules::within_hours, gen::inRange(0, 1500)),
        gen::set(&DrawnRules::has_tag, gen::arbitrary<bool>()),
        gen::set(&DrawnRules::keep_failed_hours, gen::inRange(1, 1500)),
        gen::set(&DrawnRules::zone,
                 gen::element<std::string>("UTC", "Europe/Berlin", "Pacific/Apia")));
  }
};

}  // namespace rc

namespace pitstop::test {
namespace {

WallTime present() {
  return time_at("2026-11-30T12:34:56Z");
}

PruneRules real_rules(const DrawnRules& drawn) {
  PruneRules rules{.keep = {.last = drawn.last,
                            .hourly = drawn.hourly,
                            .daily = drawn.daily,
                            .weekly = drawn.weekly,
                            .monthly = drawn.monthly,
                            .yearly = drawn.yearly},
                   .keep_failed = std::chrono::hours(drawn.keep_failed_hours)};
  if (drawn.within_hours > 0) {
    rules.keep.within = std::chrono::hours(drawn.within_hours);
  }
  if (drawn.has_tag) {
    rules.keep.tags = {{"important", "yes"}};
  }
  rules.keep.zone = TimeZone::named(drawn.zone).value_or(TimeZone());
  return rules;
}

BackupSet real_set(const Drawn& drawn, std::size_t number) {
  auto set = set_in_state(present() - std::chrono::minutes(drawn.minutes_ago), drawn.state);
  set.backup = BackupId(fmt::format("b-{}", number));
  if (drawn.has_tag) {
    set.tags.push_back({"important", "yes"});
  }
  if (drawn.is_being_removed) {
    begin_removal(set);
  }
  return set;
}

std::vector<BackupSet> real_sets(const History& history) {
  std::vector<BackupSet> sets;
  for (std::size_t i = 0; i < history.size(); ++i) {
    sets.push_back(real_set(history[i], i));
  }
  return sets;
}

PruneMoment moment_of(const History& history) {
  PruneMoment moment{.now = present()};
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (history[i].is_open) {
      moment.open.emplace_back().backup = BackupId(fmt::format("b-{}", i));
    }
  }
  return moment;
}

std::vector<Verdict<BackupSet>> verdicts_on(std::vector<BackupSet> sets, const DrawnRules& rules,
                                            const PruneMoment& moment) {
  ServerRemains remains{.instance = InstanceId("i-1"),
                        .name = "web-1",
                        .site_name = "eu-central-1",
                        .sets = std::move(sets)};
  return plan_prune(std::move(remains), real_rules(rules), moment).backups;
}

std::vector<Verdict<BackupSet>> verdicts_on(const History& history, const DrawnRules& rules) {
  return verdicts_on(real_sets(history), rules, moment_of(history));
}

std::set<BackupId> with_fate(Fate fate, const std::vector<Verdict<BackupSet>>& verdicts) {
  std::set<BackupId> ids;
  for (const auto& verdict : verdicts) {
    if (verdict.fate == fate) {
      ids.insert(verdict.thing.backup);
    }
  }
  return ids;
}

std::set<BackupId> removed(const std::vector<Verdict<BackupSet>>& verdicts) {
  return with_fate(Fate::remove, verdicts);
}

RC_GTEST_PROP(PruneProperties, TheNewestGoodOneNeverGoes, (History history, DrawnRules rules)) {
  const auto verdicts = verdicts_on(history, rules);
  const auto newest = std::ranges::find(verdicts, SetState::complete,
                                        [](const auto& verdict) { return verdict.thing.state; });
  RC_PRE(newest != verdicts.end());
  RC_ASSERT(newest->fate == Fate::keep);
  for (const auto& set : real_sets(history)) {
    RC_ASSERT(set.state != SetState::complete || set.taken <= newest->thing.taken);
  }
}

RC_GTEST_PROP(PruneProperties, AsManyGoodOnesStayAsTheLastSoMany,
              (History history, DrawnRules rules)) {
  std::ptrdiff_t good = 0;
  std::ptrdiff_t kept = 0;
  for (auto& drawn : history) {
    drawn.is_being_removed = false;
  }
  for (const auto& [set, fate, reasons] : verdicts_on(history, rules)) {
    good += set.state == SetState::complete ? 1 : 0;
    kept += set.state == SetState::complete && fate == Fate::keep ? 1 : 0;
  }
  RC_ASSERT(kept >= std::min<std::ptrdiff_t>(good, rules.last));
}

RC_GTEST_PROP(PruneProperties, NothingGoesThatIsUnderWay, (History history, DrawnRules rules)) {
  const auto moment = moment_of(history);
  for (const auto& [set, fate, reasons] : verdicts_on(history, rules)) {
    if (set.state == SetState::pending || contains(moment.open, set.backup, &OpenBackup::backup)) {
      RC_ASSERT(fate == Fate::keep);
    }
  }
}

RC_GTEST_PROP(PruneProperties, EachIsJudgedOnceAsAWholeAndSaysWhy,
              (History history, DrawnRules rules)) {
  const auto verdicts = verdicts_on(history, rules);
  RC_ASSERT(verdicts.size() == history.size());
  std::set<BackupId> seen;
  for (const auto& [set, fate, reasons] : verdicts) {
    RC_ASSERT(seen.insert(set.backup).second);
    RC_ASSERT(!reasons.empty());
    RC_ASSERT(!set.snapshots.empty());
  }
}

RC_GTEST_PROP(PruneProperties, ASecondPruneFindsNothingToDo, (History history, DrawnRules rules)) {
  std::vector<BackupSet> left;
  for (const auto& [set, fate, reasons] : verdicts_on(history, rules)) {
    if (fate == Fate::keep) {
      left.push_back(set);
    }
  }
  RC_ASSERT(removed(verdicts_on(left, rules, moment_of(history))).empty());
}

RC_GTEST_PROP(PruneProperties, KeepingMoreRemovesNothingMore,
              (History history, DrawnRules rules, DrawnRules more)) {
  DrawnRules raised = rules;
  raised.last += more.last;
  raised.hourly += more.hourly;
  raised.daily += more.daily;
  raised.weekly += more.weekly;
  raised.monthly += more.monthly;
  raised.yearly += more.yearly;
  raised.within_hours += more.within_hours;
  raised.has_tag |= more.has_tag;
  raised.keep_failed_hours += more.keep_failed_hours;
  const auto before = removed(verdicts_on(history, rules));
  const auto after = removed(verdicts_on(history, raised));
  RC_ASSERT(std::ranges::includes(before, after));
}

RC_GTEST_PROP(PruneProperties, WhatIsFlawedGoesOnlyWhenItIsOld,
              (History history, DrawnRules rules)) {
  const auto limit = std::chrono::hours(rules.keep_failed_hours);
  for (const auto& [set, fate, reasons] : verdicts_on(history, rules)) {
    const bool is_flawed = set.state == SetState::failed || set.state == SetState::incomplete;
    if (is_flawed && fate == Fate::remove) {
      RC_ASSERT(present() - set.taken > limit ||
                ec2::find_tag(set.tags, pruning_tag_key).has_value());
    }
  }
}

RC_GTEST_PROP(PruneProperties, AServerWithoutAGoodOneKeepsWhatItHas,
              (History history, DrawnRules rules)) {
  for (auto& drawn : history) {
    if (drawn.state == SetState::complete) {
      drawn.state = SetState::incomplete;
    }
  }
  for (const auto& [set, fate, reasons] : verdicts_on(history, rules)) {
    RC_ASSERT(set.state != SetState::incomplete || fate == Fate::keep);
  }
}

/// Tags as a backup of so many volumes has them.
ec2::Tags tags_of_backup(std::size_t number, std::size_t volumes, WallTime taken) {
  ec2::Instance instance;
  instance.id = InstanceId("i-1");
  std::vector<ec2::Volume> captured(volumes);
  for (std::size_t i = 0; i < volumes; ++i) {
    captured[i].id = VolumeId(fmt::format("vol-{}", i));
    instance.volumes.push_back({fmt::format("/dev/sd{}", i), captured[i].id});
  }
  auto tags = pack_configuration(capture_configuration(instance, {}, captured));
  tags.push_back({"pitstop:backup", fmt::format("b-{}", number)});
  tags.push_back({"pitstop:instance", "i-1"});
  tags.push_back({"pitstop:created", rfc3339(taken)});
  return tags;
}

/// What somebody who may only write tags does to a snapshot.
enum class Forgery {
  none,
  copies_tags,
  config,
  created,
  policy,
  backup,
  instance,
  pruning,
  volume
};

Forgery drawn_forgery() {
  return *rc::gen::weightedElement<Forgery>({{10, Forgery::none},
                                             {3, Forgery::copies_tags},
                                             {1, Forgery::config},
                                             {1, Forgery::created},
                                             {1, Forgery::policy},
                                             {1, Forgery::backup},
                                             {1, Forgery::instance},
                                             {1, Forgery::pruning},
                                             {1, Forgery::volume}});
}

void write_tag(ec2::Snapshot& snapshot, const std::string& key, const std::string& value) {
  std::erase_if(snapshot.tags, [&](const ec2::Tag& tag) { return tag.key == key; });
  snapshot.tags.push_back({key, value});
}

void forge(ec2::Snapshot& snapshot, Forgery forgery) {
  switch (forgery) {
    case Forgery::none:
    case Forgery::copies_tags:
      return;
    case Forgery::config:
      return write_tag(snapshot, "pitstop:config.1", "garbage");
    case Forgery::created:
      return write_tag(
          snapshot, "pitstop:created",
          *rc::gen::element<std::string>("2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"));
    case Forgery::policy:
      return write_tag(snapshot, "pitstop:policy", "other");
    case Forgery::backup:
      return write_tag(snapshot, "pitstop:backup", "b-0");
    case Forgery::instance:
      return write_tag(snapshot, "pitstop:instance", "i-2");
    case Forgery::pruning:
      return write_tag(snapshot, pruning_tag_key, "2026-11-30T00:00:00.000Z");
    case Forgery::volume:
      return write_tag(snapshot, "pitstop:volume", "vol-9");
  }
}

/// What EC2 shows, from snapshots up: those of backups, and somebody else's in between.
std::vector<ec2::Snapshot> snapshots_in(const History& history) {
  std::vector<ec2::Snapshot> snapshots;
  for (std::size_t number = 0; number < history.size(); ++number) {
    const auto& drawn = history[number];
    const std::size_t volumes = 1 + number % 3;
    const auto taken = present() - std::chrono::minutes(drawn.minutes_ago);
    const std::size_t there = drawn.state == SetState::incomplete ? volumes - 1 : volumes;
    for (std::size_t i = 0; i <= there; ++i) {
      ec2::Snapshot snapshot;
      snapshot.id = SnapshotId(fmt::format("snap-{}-{}", number, i));
      snapshot.volume = VolumeId(fmt::format("vol-{}", i));
      snapshot.started = taken;
      snapshot.state = drawn.state == SetState::pending  ? ec2::SnapshotState::pending
                       : drawn.state == SetState::failed ? ec2::SnapshotState::error
                                                         : ec2::SnapshotState::completed;
      if (i < there) {
        snapshot.tags = tags_of_backup(number, volumes, taken);
        snapshot.description = describe_backup(BackupId(fmt::format("b-{}", number)),
                                               InstanceId("i-1"), snapshot.tags);
      } else if (drawn.has_tag) {
        snapshot.tags = {{"Name", "web-1"}, {"pitstop:instance", "i-1"}};
      }
      snapshots.push_back(std::move(snapshot));
    }
  }
  return snapshots;
}

RC_GTEST_PROP(PruneProperties, AForeignSnapshotNeverGoesAndASetAsAWhole, (DrawnRules rules)) {
  const auto history = *rc::gen::resize(12, rc::gen::arbitrary<History>());
  const auto snapshots = snapshots_in(history);
  std::set<SnapshotId> going;
  for (const auto& [set, fate, reasons] :
       verdicts_on(sets_of(snapshots, {}), rules, moment_of(history))) {
    for (const auto& snapshot : set.snapshots) {
      if (fate == Fate::remove) {
        going.insert(snapshot.id);
      }
    }
  }
  std::map<std::string, std::set<bool>> fates_of_sets;
  for (const auto& snapshot : snapshots) {
    const auto backup = ec2::find_tag(snapshot.tags, "pitstop:backup");
    RC_ASSERT(backup || !going.contains(snapshot.id));
    if (backup) {
      fates_of_sets[*backup].insert(going.contains(snapshot.id));
    }
  }
  for (const auto& [backup, fates] : fates_of_sets) {
    RC_ASSERT(fates.size() == 1U);
  }
}

/// A history in which somebody has written tags: onto snapshots of backups, and those of backups
/// onto others of his.
struct ForgedHistory {
  std::vector<ec2::Snapshot> snapshots;
  std::set<std::string> touched;  ///< backups of which a tag was changed that was made with them
  std::set<SnapshotId> strangers;
};

ForgedHistory forged(const History& history) {
  ForgedHistory forged{.snapshots = snapshots_in(history), .touched = {}, .strangers = {}};
  for (auto& snapshot : forged.snapshots) {
    const auto made_as = made_as_backup(snapshot);
    if (!made_as) {
      forged.strangers.insert(snapshot.id);
      if (drawn_forgery() == Forgery::copies_tags && !history.empty()) {
        const auto number = *rc::gen::inRange<std::size_t>(0, history.size());
        snapshot.tags = tags_of_backup(number, 1 + number % 3, present());
        snapshot.description = "somebody else's";
      }
      continue;
    }
    forge(snapshot, drawn_forgery());
    const auto volume = ec2::find_tag(snapshot.tags, "pitstop:volume");
    if (!has_tags_as_made(*made_as, snapshot.tags) || volume) {
      forged.touched.insert(made_as->backup.str());
    }
  }
  return forged;
}

std::map<SnapshotId, BackupSet> going(const std::vector<ec2::Snapshot>& snapshots,
                                      const DrawnRules& rules, const PruneMoment& moment) {
  std::map<SnapshotId, BackupSet> going;
  for (const auto& [set, fate, reasons] : verdicts_on(sets_of(snapshots, {}), rules, moment)) {
    for (const auto& snapshot : set.snapshots) {
      if (fate == Fate::remove) {
        going.emplace(snapshot.id, set);
      }
    }
  }
  return going;
}

RC_GTEST_PROP(PruneProperties, WhoMayOnlyWriteTagsHasNothingRemovedThatWouldNotGo,
              (DrawnRules rules)) {
  const auto history = *rc::gen::resize(12, rc::gen::arbitrary<History>());
  const auto moment = moment_of(history);
  const auto honest = going(snapshots_in(history), rules, moment);
  const auto attacked = forged(history);
  for (const auto& [id, set] : going(attacked.snapshots, rules, moment)) {
    RC_ASSERT(!attacked.strangers.contains(id));
    RC_ASSERT(set.state != SetState::suspect);
    // What is provably not whole goes soon anyway, and at once where its removal was begun.
    RC_ASSERT(honest.contains(id) || set.state == SetState::incomplete);
  }
}

RC_GTEST_PROP(PruneProperties, WhoMayOnlyWriteTagsPutsNothingInThePlaceOfTheNewestGoodOne,
              (DrawnRules rules)) {
  const auto history = *rc::gen::resize(12, rc::gen::arbitrary<History>());
  const auto attacked = forged(history);
  for (const auto& verdict :
       verdicts_on(sets_of(attacked.snapshots, {}), rules, moment_of(history))) {
    if (verdict.thing.state != SetState::complete) {
      continue;
    }
    RC_ASSERT(verdict.fate == Fate::keep);
    RC_ASSERT(!attacked.touched.contains(verdict.thing.backup.str()));
    RC_ASSERT(verdict.thing.taken <= present());
    break;
  }
}

}  // namespace
}  // namespace pitstop::test
