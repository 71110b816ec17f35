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

/// What the rules go by, of one server.
struct LaneTicket {
  std::optional<std::string> group = {};
  /// From 0 without gaps: a wave begins when nobody of those before it is down any more.
  std::size_t wave = 0;
  /// From 0: the account and region it is in, whose calls are paced apart from the others'.
  std::size_t site = 0;
};

/// Who may be down together, and whose turn it is.
///
/// Invariants:
///   1. No more servers than `max_down` have entered and not left, and of one group no more than
///      `max_down_per_group`. As many are lined up and not about to leave, entered or not.
///   2. Nobody of a wave enters before all of the waves before it have left.
///   3. A group of which one server stays down begins no further one.
///   4. Nobody who may not begin keeps those waiting who may.
class PitLane {
 public:
  /// One ticket a server; each has to become a Turn.
  PitLane(const LaneRules& rules, const std::vector<LaneTicket>& tickets);

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

  void left(std::size_t wave);
  Status may_begin(const LaneTicket& ticket) const;

  LaneRules rules_;
  std::deque<Semaphore> near_;  ///< by site
  Semaphore line_;
  Semaphore places_;
  std::map<std::string, Group> groups_;
  std::deque<Wave> waves_;
  std::size_t current_wave_ = 0;
  std::size_t failures_ = 0;
};

/// One server's way through the lane. It leaves at the latest when this goes.
class Turn {
 public:
  /// The lane outlives it.
  Turn(PitLane& lane, LaneTicket ticket) : lane_(lane), ticket_(std::move(ticket)) {}
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
  Task<void> take_place_in_group();

  PitLane& lane_;
  LaneTicket ticket_;
  std::optional<Semaphore::Permit> in_group_;
  std::optional<Semaphore::Permit> near_;
  std::optional<Semaphore::Permit> in_line_;
  std::optional<Semaphore::Permit> place_;
  bool has_left_ = false;
  bool has_failed_ = false;
};

}  // namespace pitstop
