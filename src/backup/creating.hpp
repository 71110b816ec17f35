#pragma once

#include <functional>
#include <optional>
#include <string>

#include "backup/tools.hpp"

/// Asking EC2 for snapshots and images. The calls that make them have no client token, and an error
/// does not prove that nothing was made: EC2 may have carried the request out and answered it with
/// any code. So EC2 is looked at before anybody asks again, or says that there is nothing
/// (doc/design/0028).
namespace pitstop {

/// How long a search takes at most, by what the answer was.
inline constexpr Duration search_after_server_error = Seconds(10);
inline constexpr Duration search_after_no_answer = Seconds(20);

/// A request that EC2 has not answered well is made so often at most; refusals for its rate do not
/// count.
inline constexpr int most_requests = 2;

/// What is not certain when a creation is over.
struct Doubt {
  /// Whether some request was answered with an error, or not at all.
  bool any = false;
  /// Whether it may have been carried out and show late.
  bool serious = false;
  /// Whether it was made more than once: there may be two sets.
  bool asked_again = false;

  Doubt operator|(const Doubt& other) const {
    return {any || other.any, serious || other.serious, asked_again || other.asked_again};
  }
};

/// What one look finds.
template <class Made>
struct FoundCreation {
  /// What was asked for, if all of it is there.
  std::optional<Made> whole;
  /// Whether something of it is there.
  bool any = false;
};

template <class Made>
struct Creation {
  std::string action;
  /// One request, which may take so long.
  std::function<Task<Result<Made>>(Duration)> ask;
  /// One look, which may take so long.
  std::function<Task<Result<FoundCreation<Made>>>(Duration)> find;
  /// Whether EC2 makes no second one, as of images, whose names are unique.
  bool cannot_be_doubled = false;
};

template <class Made>
struct Created {
  /// The error is that of the last request.
  Result<Made> made;
  Doubt doubt;
};

/// What to do after an error.
struct Reaction {
  /// How long to look; zero: once.
  Duration search;
  /// Whether a look comes first.
  bool looks = true;
  /// Whether the look has to be answered, however long that takes.
  bool awaits_look = false;
  /// Whether to ask again if nothing is found.
  bool asks_again = false;
  /// Before that.
  Duration pause{};
};

/// The rule: what an error to a request that creates asks for, from the first to the last request.
class CreationRule {
 public:
  CreationRule(Tools tools, InstanceId instance, std::string action, bool cannot_be_doubled)
      : tools_(tools),
        instance_(std::move(instance)),
        action_(std::move(action)),
        cannot_be_doubled_(cannot_be_doubled) {}

  /// Tells the observer, too.
  Reaction reaction_to(const Error& error);

  /// What was refused is there.
  void found_all_the_same(const Error& error) const;

  const Doubt& doubt() const { return doubt_; }
  void asks_again() { doubt_.asked_again = doubt_.any; }

 private:
  Reaction after_server_error(const Error& error);
  Reaction after_no_answer(const Error& error);

  Tools tools_;
  InstanceId instance_;
  std::string action_;
  bool cannot_be_doubled_;
  int unanswered_well_ = 0;
  int repetition_ = 0;
  Doubt doubt_;
};

template <class Made>
class Creating {
 public:
  Creating(Tools tools, const InstanceId& instance, Creation<Made> creation, Instant deadline)
      : tools_(tools),
        creation_(std::move(creation)),
        deadline_(deadline),
        rule_(tools, instance, creation_.action, creation_.cannot_be_doubled) {}

  Task<Created<Made>> run() {
    while (true) {
      auto made = co_await creation_.ask(patience());
      if (made) {
        co_return Created<Made>{std::move(made), rule_.doubt()};
      }
      const auto reaction = rule_.reaction_to(made.error());
      const auto found = co_await search(reaction);
      if (found && found->whole) {
        rule_.found_all_the_same(made.error());
        co_return Created<Made>{*found->whole, rule_.doubt()};
      }
      const bool shows_none = !reaction.looks || (found && !found->any);
      if (!reaction.asks_again || !shows_none || tools_.clock.now() + reaction.pause >= deadline_) {
        co_return Created<Made>{std::move(made), rule_.doubt()};
      }
      co_await tools_.clock.sleep(reaction.pause);
      rule_.asks_again();
    }
  }

 private:
  /// There is time for one request and one look even when the deadline is past.
  Duration patience() const {
    constexpr Duration least = Seconds(15);
    return std::max(deadline_ - tools_.clock.now(), least);
  }

  /// What the last look that was answered has shown; nothing if none was.
  Task<std::optional<FoundCreation<Made>>> search(Reaction reaction) {
    constexpr Duration between_looks = Seconds(2);
    constexpr Duration longest_look = Seconds(5);
    constexpr Duration shortest_look = Seconds(2);
    std::optional<FoundCreation<Made>> last;
    const Instant end = std::min(tools_.clock.now() + reaction.search, deadline_);
    while (reaction.looks) {
      const auto left = end - tools_.clock.now();
      auto seen = co_await creation_.find(
          reaction.search == Duration{} ? longest_look
                                        : std::clamp<Duration>(left, shortest_look, longest_look));
      if (seen) {
        last = *std::move(seen);
      }
      const bool waits_on = reaction.awaits_look && !last && tools_.clock.now() < deadline_;
      if ((last && last->whole) || (tools_.clock.now() >= end && !waits_on)) {
        break;
      }
      co_await tools_.clock.sleep(between_looks);
    }
    co_return last;
  }

  Tools tools_;
  Creation<Made> creation_;
  Instant deadline_;
  CreationRule rule_;
};

/// Has it made once, as far as that can be told: by the rule above.
template <class Made>
Task<Created<Made>> create_once(Tools tools, InstanceId instance, Creation<Made> creation,
                                Instant deadline) {
  Creating<Made> creating(tools, instance, std::move(creation), deadline);
  co_return co_await creating.run();
}

}  // namespace pitstop
