#include "simulation/promises.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/priming.hpp"
#include "sim/cloud/images.hpp"
#include "sim/cloud/truth.hpp"

namespace pitstop::test {
namespace {

using sim::InstanceState;

/// The deadline counts from the stop's first request, and EC2 may have heard a later one only.
constexpr Duration way_of_a_request = Seconds(1);
constexpr Duration way_of_a_lost_request = Seconds(90);

/// Where nothing goes wrong on the way, this much and no more is lost beside what EC2 itself takes.
constexpr Duration most_overhead = Seconds(4);

class Judge {
 public:
  Judge(SimulatedWorld& world, const BackupOptions& options)
      : region_(world.region()),
        options_(options),
        calm_(is_calm(world.simulator.scenario())),
        fooled_by_late_looks_(world.simulator.scenario().consistency.late_looks > 0 ? Seconds(5)
                                                                                    : Seconds(0)) {}

  void judge(const BackupOutcome& outcome) {
    const auto& instance = region_.instances.at(outcome.instance);
    const auto outages = sim::outages_of(region_, outcome.instance);
    comes_back(instance, outcome, outages);
    primes_before_the_stop(outcome, outages);
    for (const auto& outage : outages) {
      waits_for_the_gate(outcome, outage);
      is_at_rest_when_asked(outcome, outage);
      if (calm_) {
        loses_no_time(outcome, outage);
      }
    }
    at_most_one_set_is_left(outcome);
    says_what_it_is_worth(outcome);
    has_its_image(outcome);
    tells_the_downtime(outcome, outages);
  }

  std::vector<std::string> broken;

  /// Where nothing goes wrong, nothing has to be asked for twice.
  void judge_calls(const sim::Simulator& simulator, const std::vector<BackupOutcome>& outcomes) {
    const auto down = std::ranges::count_if(
        outcomes, [](const BackupOutcome& outcome) { return outcome.downtime.has_value(); });
    for (const auto* action : {"StopInstances", "StartInstances"}) {
      if (calm_ && simulator.calls(action) > down) {
        broken.push_back(
            fmt::format("{} calls of {} for {} servers", simulator.calls(action), action, down));
      }
    }
  }

  /// No more servers are down at a time than the rules allow, never two of one group, and nobody of
  /// a wave before those of the waves before it are up.
  void judge_rules(const FleetRules& rules) {
    const auto all = times_down(rules);
    judge_number(all, static_cast<int>(rules.max_down.of(region_.instances.size())));
    for (const auto& one : all) {
      for (const auto& other : all) {
        if (&one < &other && one.group == other.group && !one.group.empty() &&
            one.from < other.until && other.from < one.until) {
          broken.push_back("two servers of the group " + one.group + " were down at a time");
        }
        if (one.wave < other.wave && other.from < one.until) {
          broken.push_back("wave " + other.wave + " has begun before " + one.wave + " was up");
        }
      }
    }
  }

 private:
  /// Of a server that we stopped.
  struct Down {
    std::string group;  ///< empty: none
    std::string wave;
    Instant from;
    Instant until;
  };

  std::vector<Down> times_down(const FleetRules& rules) {
    const auto tag = [](const sim::Instance& instance, const std::optional<std::string>& key,
                        const char* without) {
      const auto found = instance.tags.find(key.value_or(""));
      return found == instance.tags.end() ? std::string(without) : found->second;
    };
    std::vector<Down> all;
    for (const auto& [id, instance] : region_.instances) {
      for (const auto& outage : sim::outages_of(region_, id)) {
        all.push_back({tag(instance, rules.group_by, ""), tag(instance, rules.order_by, "last"),
                       outage.stop_accepted, outage.running.value_or(region_.now())});
      }
    }
    return all;
  }

  void judge_number(const std::vector<Down>& all, int allowed) {
    std::map<Instant, int> changes;
    for (const auto& one : all) {
      ++changes[one.from];
      --changes[one.until];
    }
    int down = 0;
    for (const auto& [when, change] : changes) {
      down += change;
      if (down > allowed) {
        broken.push_back(
            fmt::format("{} servers were down at a time, and {} are allowed", down, allowed));
        return;
      }
    }
  }

  static bool is_calm(const sim::Scenario& scenario) {
    return scenario.faults.random.parts.empty() && scenario.faults.scripted.empty() &&
           scenario.shortages.empty() && scenario.consistency.late_looks == 0 &&
           scenario.throttling.neighbour == 0 &&
           std::ranges::all_of(scenario.servers, [](const sim::ServerPlan& server) {
             return server.starts_that_fall_back == 0;
           });
  }

  template <class... Arguments>
  void breaks(const InstanceId& instance, fmt::format_string<Arguments...> format,
              Arguments&&... arguments) {
    broken.push_back(instance.str() + ": " +
                     fmt::format(format, std::forward<Arguments>(arguments)...));
  }

  /// Promises 1 and 6.
  void comes_back(const sim::Instance& instance, const BackupOutcome& outcome,
                  const std::vector<sim::Outage>& outages) {
    const bool found_stopped = instance.history.front().state == InstanceState::stopped;
    if (found_stopped && instance.history.size() > 1) {
      breaks(instance.id, "found stopped, and not left alone");
    }
    if (!found_stopped && instance.state() != InstanceState::running) {
      breaks(instance.id, "left {}", sim::to_string(instance.state()));
    }
    if (outcome.left_down) {
      breaks(instance.id, "given up");
    }
    if (outcome.outcome == Outcome::refused && !outages.empty()) {
      breaks(instance.id, "stopped although it was refused");
    }
  }

  std::vector<const sim::Snapshot*> snapshots_of(const BackupOutcome& outcome) const {
    std::vector<const sim::Snapshot*> found;
    for (const auto& [id, snapshot] : region_.snapshots) {
      const auto tag = snapshot.tags.find("pitstop:backup");
      if (tag != snapshot.tags.end() && tag->second == outcome.backup.str() && !snapshot.deleted) {
        found.push_back(&snapshot);
      }
    }
    return found;
  }

  /// Promise 3: whatever the report says opened the gate was so.
  void waits_for_the_gate(const BackupOutcome& outcome, const sim::Outage& outage) {
    if (!outage.start_accepted || outage.snapshots.empty()) {
      return;
    }
    const Instant start = *outage.start_accepted;
    if (!outcome.gate) {
      if (!outcome.error) {
        breaks(outcome.instance, "started, and nobody says what opened the gate");
      }
      return;
    }
    switch (*outcome.gate) {
      case GateOpening::accepted:
      case GateOpening::recovery:
        break;
      case GateOpening::progress:
        if (!outage.past_zero || start < *outage.past_zero) {
          breaks(outcome.instance, "started before every snapshot was past 0 %");
        }
        break;
      case GateOpening::completed:
        if (!outage.completed || start < *outage.completed) {
          breaks(outcome.instance, "started before every snapshot was complete");
        }
        break;
      case GateOpening::deadline:
        if (start - outage.stop_accepted <
            options_.max_downtime - (calm_ ? way_of_a_request : way_of_a_lost_request)) {
          breaks(outcome.instance, "started long before the deadline");
        }
        break;
    }
  }

  /// The snapshots of a pit stop are asked for when EC2 shows the server `stopped`.
  void is_at_rest_when_asked(const BackupOutcome& outcome, const sim::Outage& outage) {
    for (const auto* snapshot : snapshots_of(outcome)) {
      const bool during = outage.stop_accepted <= snapshot->created &&
                          (!outage.start_accepted || snapshot->created < *outage.start_accepted);
      if (during && (!outage.stopped || snapshot->created < *outage.stopped)) {
        breaks(outcome.instance, "asked for snapshots before it was stopped");
      }
    }
  }

  /// What ends the wait at the latest: the gate, the deadline, or a snapshot that has failed.
  std::optional<Instant> end_of_wait(const sim::Outage& outage) const {
    std::optional<Instant> end;
    switch (options_.start_when) {
      case StartWhen::progress:
        end = outage.past_zero;
        break;
      case StartWhen::accepted:
        end = outage.snapshots_made;
        break;
      case StartWhen::completed:
        end = outage.completed;
        break;
    }
    const auto sooner = [&](Instant other) { end = std::min(end.value_or(other), other); };
    for (const auto& id : outage.snapshots) {
      if (const auto& snapshot = region_.snapshots.at(id); snapshot.failed) {
        sooner(*snapshot.ended);
      }
    }
    sooner(outage.stop_accepted + options_.max_downtime);
    return end;
  }

  void loses_no_time(const BackupOutcome& outcome, const sim::Outage& outage) {
    if (!outage.stopped || !outage.snapshots_made || !outage.start_accepted) {
      return;
    }
    const Instant due = std::max(*end_of_wait(outage), *outage.snapshots_made);
    if (*outage.start_accepted > due + most_overhead) {
      breaks(outcome.instance, "started {:.1f} s later than it could have been",
             seconds(*outage.start_accepted - due));
    }
    if (*outage.snapshots_made > *outage.stopped + most_overhead) {
      breaks(outcome.instance, "its snapshots were asked for {:.1f} s after it was stopped",
             seconds(*outage.snapshots_made - *outage.stopped));
    }
  }

  /// Promise 5.
  void at_most_one_set_is_left(const BackupOutcome& outcome) {
    std::map<VolumeId, int> count;
    for (const auto* snapshot : snapshots_of(outcome)) {
      if (++count[snapshot->volume] > 1) {
        breaks(outcome.instance, "two snapshots of {}", snapshot->volume.str());
      }
    }
  }

  /// Promise 8, and what "backed up" means.
  void says_what_it_is_worth(const BackupOutcome& outcome) {
    const auto snapshots = snapshots_of(outcome);
    const bool at_rest = std::ranges::all_of(
        snapshots, [](const auto* snapshot) { return sim::caught_at_rest(*snapshot); });
    if (outcome.consistency == Consistency::at_rest && !at_rest) {
      breaks(outcome.instance, "called at rest, and it was not");
    }
    const bool good =
        outcome.outcome == Outcome::completed || outcome.outcome == Outcome::following;
    const auto volumes = region_.instances.at(outcome.instance).attachments.size();
    if (good && snapshots.size() != volumes) {
      breaks(outcome.instance, "called backed up with {} snapshots of {} volumes", snapshots.size(),
             volumes);
    }
    const bool complete = std::ranges::all_of(snapshots, [&](const auto* snapshot) {
      return snapshot->state_at(region_.now()) == sim::SnapshotState::completed;
    });
    if (outcome.outcome == Outcome::completed && !complete) {
      breaks(outcome.instance, "called complete before it was");
    }
  }

  std::vector<const sim::Snapshot*> primes_of(const InstanceId& instance) const {
    std::vector<const sim::Snapshot*> found;
    for (const auto& [id, snapshot] : region_.snapshots) {
      const auto whose = snapshot.tags.find("pitstop:instance");
      if (snapshot.tags.contains(prime_tag_key) && whose->second == instance.str()) {
        found.push_back(&snapshot);
      }
    }
    return found;
  }

  /// It is complete by then, and goes only when the backup is better than it.
  void primes_before_the_stop(const BackupOutcome& outcome,
                              const std::vector<sim::Outage>& outages) {
    const auto primes = primes_of(outcome.instance);
    if (!outages.empty() && options_.prime && primes.empty()) {
      breaks(outcome.instance, "stopped without the set that primes it");
    }
    for (const auto* prime : primes) {
      const Instant stop = outages.empty() ? Instant::max() : outages.front().stop_accepted;
      if (!outages.empty() && prime->state_at(stop) != sim::SnapshotState::completed) {
        breaks(outcome.instance, "stopped before {}, which primes it, was complete",
               prime->id.str());
      }
      const bool was_whole = std::ranges::all_of(primes, [](const auto* each) {
        return each->ended && each->state_at(*each->ended) == sim::SnapshotState::completed;
      });
      if (prime->deleted && was_whole && outcome.outcome != Outcome::completed &&
          !outages.empty()) {
        breaks(outcome.instance, "{} is gone, and there is no backup", prime->id.str());
      }
    }
  }

  /// As asked for, one and no more, and usable if the backup is called complete.
  void has_its_image(const BackupOutcome& outcome) {
    std::vector<std::string> states;
    for (const auto& [id, image] : region_.images) {
      const auto tag = image.tags.find("pitstop:backup");
      if (tag != image.tags.end() && tag->second == outcome.backup.str()) {
        states.emplace_back(sim::image_state(region_, image, region_.now()));
      }
    }
    if (options_.method != Method::image && !states.empty()) {
      breaks(outcome.instance, "an image that nobody asked for");
    }
    if (states.size() > 1) {
      breaks(outcome.instance, "{} images of one backup", states.size());
    }
    const bool whole = states.size() == 1 && states.front() == "available";
    if (options_.method == Method::image && outcome.outcome == Outcome::completed && !whole) {
      breaks(outcome.instance, "called complete without an image");
    }
  }

  /// Nobody is told less than the truth; but a late look may show the `running` of before the stop,
  /// and be taken for the new one until the trial run's look.
  void tells_the_downtime(const BackupOutcome& outcome, const std::vector<sim::Outage>& outages) {
    if (outages.empty() || !outages.back().downtime()) {
      return;
    }
    const Duration truth = *outages.back().running - outages.front().stop_accepted;
    if (!outcome.downtime || *outcome.downtime + fooled_by_late_looks_ < truth) {
      breaks(outcome.instance, "was down for {:.1f} s, and {:.1f} s are reported", seconds(truth),
             seconds(outcome.downtime.value_or(Duration{})));
    }
  }

  sim::Region& region_;
  const BackupOptions& options_;
  bool calm_;
  Duration fooled_by_late_looks_;
};

}  // namespace

std::vector<std::string> broken_promises_of_snapshots(SimulatedWorld& world) {
  std::vector<std::string> broken;
  for (const auto& [id, snapshot] : world.region().snapshots) {
    const auto claim = snapshot.tags.find("pitstop:consistency");
    if (claim == snapshot.tags.end()) {
      broken.push_back(id.str() + ": does not say what it is worth");
    } else if (claim->second == "at-rest" && !sim::caught_at_rest(snapshot)) {
      broken.push_back(id.str() + ": its tag says at rest, and it was not");
    }
  }
  return broken;
}

std::vector<std::string> broken_promises(SimulatedWorld& world, const BackupOptions& options,
                                         const std::vector<BackupOutcome>& outcomes) {
  Judge judge(world, options);
  for (const auto& outcome : outcomes) {
    judge.judge(outcome);
  }
  judge.judge_rules(world.rules);
  judge.judge_calls(world.simulator, outcomes);
  const auto others = broken_promises_of_snapshots(world);
  judge.broken.insert(judge.broken.end(), others.begin(), others.end());
  return judge.broken;
}

}  // namespace pitstop::test
