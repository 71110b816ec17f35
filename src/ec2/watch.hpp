#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/interruption.hpp"
#include "ec2/model.hpp"
#include "ec2/tempo.hpp"

namespace pitstop::ec2 {

class Caller;

/// What one coroutine waits for.
template <class Thing>
struct Wait {
  using ThingId = decltype(Thing::id);

  std::vector<ThingId> ids;
  /// Is shown each of the things as EC2 shows it now (of a snapshot all but its tags); the wait
  /// ends when it says yes.
  std::function<bool(const Thing&)> enough;
  /// The states that are worth hearing of, in EC2's words: things in other states are left out of
  /// the replies. Empty: all.
  std::vector<std::string> news;
  /// For snapshots, in the place of `news`: the progress that is worth hearing of, in the words of
  /// EC2's filter ("4*"). A look now and then is at everything all the same.
  std::vector<std::string> progress_news;
  /// If given: whether enough has been heard of a thing. It is left out from then on, except where
  /// a look is at everything.
  std::function<bool(const Thing&)> heard_enough_of;
  Tempo tempo = while_down;
  /// Then the wait ends with the error `deadline`, after a last look; it says what the last look
  /// was answered, if that was a refusal.
  std::optional<Instant> deadline;
  /// If given: the wait ends at once with the error `interrupted` when the user asks to end.
  Interruption* interruption = nullptr;
};

struct Waited {
  /// `deadline`, `interrupted`, `not_found` (one of the things is gone for good), or, of a wait
  /// without a deadline, the refusal (`forbidden`, `refused`) that all looks were answered for a
  /// quarter of an hour.
  Status status;
  /// Describe calls that were made for this wait, alone or together with others.
  int polls = 0;
  /// When EC2 has answered a look the last time; if never, when the wait began.
  Instant answered = {};
};

/// Watches things (instances or snapshots) for any number of waiting coroutines with one Describe
/// by id at a time.
///
/// It asks when somebody is due to look and takes along all who would be due soon; with nobody
/// waiting it does nothing. A failure of a Describe is not an error, a refusal neither: the next
/// look comes anyway, a little later. Where EC2 refuses a filter, looks go on without filters.
template <class Thing>
class Watch {
 public:
  Watch(Caller& caller, Clock& clock);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  Task<Waited> wait(Wait<Thing> wanted);

 private:
  class Rounds;
  std::shared_ptr<Rounds> rounds_;
};

extern template class Watch<Instance>;
extern template class Watch<Snapshot>;

}  // namespace pitstop::ec2
