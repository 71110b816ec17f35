#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/semaphore.hpp"
#include "base/task.hpp"

namespace pitstop {

/// So many servers of one site are between the beginning of their check and their place at a time:
/// the first of a fleet are to be backed up before the last are looked at, and what was found is to
/// be young.
inline constexpr std::size_t most_near_at_once = 32;

struct LaneRules {
  std::size_t max_down = 1000;
  /// Of one group.
  std::size_t max_down_per_group = 1;
  /// When so many servers have failed no further one is begun; nothing: all are.
  std::optional<std::size_t> stop_on_failure = {};
};

/// The rules of several policies, each of which holds for its own servers alone.
struct LaneRuleSets {
  explicit LaneRuleSets(std::vector<LaneRules> all) : sets(std::move(all)) {}
  std::vector<LaneRules> sets;
};

/// What one set of rules goes by, of one server.
struct LaneStanding {
  std::size_t rules = 0;  ///< the number of the set, from 0
  std::optional<std::string> group = {};
  /// From 0: a wave begins when nobody of those before it is down any more. Nothing: it waits for
  /// no wave, and none waits for it.
  std::optional<std::size_t> wave = 0;
};

/// What the rules go by, of one server.
struct LaneTicket {
  std::optional<std::string> group = {};
  std::optional<std::size_t> wave = 0;
  /// From 0: the account and region it is in, whose calls are paced apart from the others'.
  std::size_t site = 0;
  /// The set that its group and its wave are of.
  std::size_t rules = 0;
  /// The others that hold for it as well.
  std::vector<LaneStanding> also = {};

  /// One a set, in the order of the sets.
  std::vector<LaneStanding> standings() const;
};

/// Who may be down together, and whose turn it is.
///
/// Invariants:
///   1. Of the servers that a set of rules holds for no more than its `max_down` have entered and
///      not left, and of one group no more than `max_down_per_group`. As many are lined up and not
///      about to leave, entered or not.
///   2. Nobody of a wave enters before all of the waves before it have left.
///   3. A group of which one server stays down begins no further one.
///   4. Nobody who may not begin keeps those waiting who may.
///   5. Servers of several sets take their places in the order of the sets, so that no two of them
///      wait for each other.
class PitLane {
 public:
  /// One ticket a server; each has to become a Turn.
  PitLane(const LaneRules& rules, const std::vector<LaneTicket>& tickets);
  PitLane(const LaneRuleSets& rules, const std::vector<LaneTicket>& tickets);

  /// Whether every server that a set of rules holds for is up again, or was never down.
  bool all_left(std::size_t rules) const { return sets_[rules].not_left == 0; }

 private:
  friend class Turn;

  struct Group {
    explicit Group(std::size_t most) : places(most) {}
    Semaphore places;
    bool one_stays_down = false;
  };
  struct Wave {
    explicit Wave(bool begins) : shut(begins ? std::nullopt : gate.try_acquire()) {}
    Semaphore gate{1};
    std::optional<Semaphore::Permit> shut;  ///< until the waves before it have left
    std::size_t not_left = 0;
  };

  struct Set {
    explicit Set(const LaneRules& of_it)
        : rules(of_it), line(of_it.max_down), places(of_it.max_down) {}

    void add(const LaneStanding& standing);
    void left(const LaneStanding& standing);
    /// Waves of which nobody is left are over.
    void begin_waves();
    Status may_begin(const LaneStanding& standing) const;

    LaneRules rules;
    Semaphore line;
    Semaphore places;
    std::map<std::string, Group> groups;
    std::deque<Wave> waves;
    std::size_t current_wave = 0;
    std::size_t not_left = 0;
    std::size_t failures = 0;
  };

  std::deque<Semaphore> near_;  ///< by site
  std::deque<Set> sets_;
};

/// One server's way through the lane. It leaves at the latest when this goes.
class Turn {
 public:
  /// The lane outlives it.
  Turn(PitLane& lane, const LaneTicket& ticket);
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { leave(); }

  /// Waits until the turn is so near that what is looked at now still holds then. An error if the
  /// server is not to be begun any more.
  Task<Status> come_near();

  /// Lets others go first, for it takes long until this one would enter.
  void step_back();

  /// Waits until there is a place for it, or will be soon, for whoever has it is about to leave: so
  /// what comes before the stop is done by then. An error if it is not to be begun any more.
  Task<Status> line_up();

  /// Waits until the server may be down; at once if it has entered already. An error if it is not
  /// to be begun any more.
  Task<Status> enter();

  /// It comes back: the next one may line up.
  void about_to_leave();

  /// It is up again, or was never down.
  void leave();

  /// Its backup has failed; told any number of times.
  void failed();

  /// It was stopped, and will not run.
  void stays_down();

 private:
  /// What it has of one set of rules.
  struct Stand {
    LaneStanding standing;
    std::optional<Semaphore::Permit> in_group = {};
    std::optional<Semaphore::Permit> in_line = {};
    std::optional<Semaphore::Permit> place = {};
  };

  PitLane::Set& set_of(const Stand& stand) { return lane_.sets_[stand.standing.rules]; }
  Task<void> take_places_in_groups();
  Status may_begin() const;

  PitLane& lane_;
  std::size_t site_;
  std::deque<Stand> stands_;
  std::optional<Semaphore::Permit> near_;
  bool has_left_ = false;
  bool has_failed_ = false;
};

}  // namespace pitstop
