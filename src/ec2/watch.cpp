#include "ec2/watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <list>
#include <map>
#include <set>

#include "base/chunks.hpp"
#include "base/concurrently.hpp"
#include "base/log.hpp"
#include "base/one_shot.hpp"
#include "ec2/adjusting_caller.hpp"
#include "ec2/instances.hpp"
#include "ec2/snapshots.hpp"
#include "ec2/watch_groups.hpp"

namespace pitstop::ec2 {
namespace {

/// A thing that was made and is not visible after this time does not exist (EC2 Developer Guide,
/// "Eventual consistency": up to five minutes).
constexpr Duration visible_at_last = std::chrono::minutes(5);

/// A wait without a deadline that is refused for so long ends: nobody would ever hear of it.
constexpr Duration refusals_are_final_after = std::chrono::minutes(15);

/// After throttling, or refusals, the looks are this much rarer at most.
constexpr int slowest = 16;

/// But nobody who looks more often than that is made to wait longer.
constexpr Duration longest_slowed = Seconds(60);

/// Who waits for progress looks that often at everything, so that a failure is not missed for long.
constexpr Duration everything_every = Seconds(2);

/// Among so many who wait somebody is always due, and all looks in a moment go in one.
constexpr std::size_t crowd = 16;
constexpr Duration moment_in_a_crowd = Milliseconds(650);

Task<Result<std::vector<Instance>>> look_at(Caller& caller, std::vector<InstanceId> ids,
                                            std::vector<Filter> filters) {
  return look_at_instances(caller, std::move(ids), std::move(filters));
}

Task<Result<std::vector<Snapshot>>> look_at(Caller& caller, std::vector<SnapshotId> ids,
                                            std::vector<Filter> filters) {
  return look_at_snapshots(caller, std::move(ids), std::move(filters));
}

}  // namespace

/// The looks, one after another. Shared with the alarms that are still asleep when the watch is
/// gone.
template <class Thing>
class Watch<Thing>::Rounds : public std::enable_shared_from_this<Rounds> {
 public:
  using ThingId = typename Wait<Thing>::ThingId;
  using Waiter = pitstop::ec2::Waiter<Thing>;
  using WaiterPointer = pitstop::ec2::WaiterPointer<Thing>;

  Rounds(Caller& caller, Clock& clock)
      : caller_(caller, [this](Call& call) { make_impatient(call); }), clock_(clock) {}

  Task<Waited> wait(Wait<Thing> wanted) {
    CHECK(!wanted.ids.empty());
    // A wait that has ended may come to run again only after the watch is gone.
    const auto self = this->shared_from_this();
    const Executor executor = co_await boost::asio::this_coro::executor;
    const auto waiter = std::make_shared<Waiter>(std::move(wanted), clock_.now(), executor);
    waiters_.push_back(waiter);
    set_alarm(executor);
    const auto subscription = end_when_interrupted(waiter);
    const Status status = co_await waiter->ended.wait();
    waiters_.remove(waiter);
    co_return Waited{status, waiter->polls, waiter->answered};
  }

  void close() {
    closed_ = true;
    for (const auto& waiter : waiters_) {
      waiter->ended.abandon();
    }
    waiters_.clear();
  }

 private:
  static Interruption::Subscription end_when_interrupted(const WaiterPointer& waiter) {
    if (waiter->wanted.interruption == nullptr) {
      return {};
    }
    return waiter->wanted.interruption->subscribe([weak = std::weak_ptr(waiter)] {
      if (const auto still_there = weak.lock()) {
        still_there->ended.deliver(fail(ErrorKind::interrupted, "interrupted"));
      }
    });
  }

  /// Sees to it that the next look comes when the first waiter is due. An alarm that is set for
  /// later than that is left to ring for nothing.
  void set_alarm(const Executor& executor) {
    if (waiters_.empty() || looking_) {
      return;
    }
    Instant first = (*std::ranges::min_element(waiters_, {}, &Waiter::due))->due;
    if (waiters_.size() >= crowd) {
      first = std::max(first, looked_ + moment_in_a_crowd);
    }
    if (!alarm_ || first < *alarm_) {
      alarm_ = first;
      begin(executor, ring(this->shared_from_this(), first));
    }
  }

  static Task<void> ring(std::shared_ptr<Rounds> self, Instant when) {
    co_await self->clock_.sleep_until(when);
    if (self->closed_ || self->looking_ || self->alarm_ != when) {
      co_return;
    }
    self->alarm_.reset();
    self->looking_ = true;
    co_await look(self);
    self->looking_ = false;
    const Executor executor = co_await boost::asio::this_coro::executor;
    self->set_alarm(executor);
  }

  /// One look, for all who are due now or would be within half of their interval.
  static Task<void> look(std::shared_ptr<Rounds> self) {
    const auto batch = self->due_soon();
    const Instant begun = self->clock_.now();
    self->looked_ = begun;
    self->slows_down_ = false;
    const bool at_everything = begun - self->looked_at_everything_ >= everything_every;
    const auto groups = self->filters_are_refused_ ? one_group_of<Thing>(batch)
                                                   : groups_of<Thing>(batch, at_everything);
    for (const auto& group : groups) {
      if (group.wait_for_progress && group.filters.empty()) {
        self->looked_at_everything_ = begun;
      }
      self->urgency_ = most_urgent(group.waiters);
      for (const auto& part : parts_of(group)) {
        try {
          co_await ask(self, group.waiters, part, group.filters);
        } catch (const std::exception& surprise) {
          log::warning("unexpected, while looking: {}",
                       surprise.what());  // the next look comes anyway
        }
        if (self->closed_) {
          co_return;
        }
      }
    }
    self->settle(batch, begun);
  }

  /// Asks for `ids`, which are sorted, and shows the answer to whom it concerns. One unknown id
  /// fails a whole Describe, so the halves are asked for until the unknown one stands alone.
  static Task<void> ask(std::shared_ptr<Rounds> self, std::vector<WaiterPointer> batch,
                        std::vector<ThingId> ids, std::vector<Filter> filters) {
    for (const auto& waiter : batch) {
      waiter->polls += concerns(*waiter, ids) ? 1 : 0;
    }
    const auto seen = co_await look_at(self->caller_, ids, filters);
    if (self->closed_) {
      co_return;
    }
    if (seen) {
      self->show(batch, ids, *seen);
      co_return;
    }
    if (is_refusal(seen.error().kind) && !filters.empty()) {
      co_await ask_without_filters(self, std::move(batch), std::move(ids), seen.error());
      co_return;
    }
    const bool split = seen.error().kind == ErrorKind::not_found && ids.size() > 1;
    if (!split) {
      self->take_failure(batch, ids, seen.error());
      co_return;
    }
    auto [first, second] = halves(ids);
    co_await ask(self, batch, std::move(first), filters);
    if (!self->closed_) {
      co_await ask(self, batch, std::move(second), filters);
    }
  }

  /// It may be the filter that EC2 does not take: then it is left out from now on.
  static Task<void> ask_without_filters(std::shared_ptr<Rounds> self,
                                        std::vector<WaiterPointer> batch, std::vector<ThingId> ids,
                                        Error refusal) {
    for (const auto& waiter : batch) {
      waiter->polls += concerns(*waiter, ids) ? 1 : 0;
    }
    auto all = ids;
    const auto seen = co_await look_at(self->caller_, std::move(all), {});
    if (self->closed_) {
      co_return;
    }
    if (!seen) {
      self->take_failure(batch, ids, seen.error());
      co_return;
    }
    // Whose credentials are refused gets no further by that.
    if (refusal.kind == ErrorKind::refused) {
      log::debug("looks go on without filters: {}", refusal.message);
      self->filters_are_refused_ = true;
    }
    self->show(batch, ids, *seen);
  }

  static bool is_refusal(ErrorKind kind) {
    return kind == ErrorKind::forbidden || kind == ErrorKind::refused;
  }

  /// A look that hangs must not hold up the next one for long.
  void make_impatient(Call& call) const {
    call.attempt_timeout = Seconds(5);
    call.urgency = urgency_;
  }

  static Urgency most_urgent(const std::vector<WaiterPointer>& waiters) {
    return std::ranges::min(
               waiters, {},
               [](const WaiterPointer& waiter) { return waiter->wanted.tempo.urgency; })
        ->wanted.tempo.urgency;
  }

  std::vector<WaiterPointer> due_soon() const {
    std::vector<WaiterPointer> batch;
    const Instant now = clock_.now();
    for (const auto& waiter : waiters_) {
      const auto interval = waiter->wanted.tempo.interval(now - waiter->since);
      if (waiter->due <= now + interval / 2 && !waiter->ended.delivered()) {
        batch.push_back(waiter);
      }
    }
    return batch;
  }

  static bool concerns(const Waiter& waiter, const std::vector<ThingId>& ids) {
    return std::ranges::any_of(
        waiter.wanted.ids, [&](const ThingId& id) { return std::ranges::binary_search(ids, id); });
  }

  void show(const std::vector<WaiterPointer>& batch, const std::vector<ThingId>& asked,
            const std::vector<Thing>& seen) {
    std::map<ThingId, const Thing*> by_id;
    for (const auto& thing : seen) {
      by_id.emplace(thing.id, &thing);
    }
    const Instant now = clock_.now();
    for (const auto& waiter : batch) {
      if (concerns(*waiter, asked)) {
        waiter->answered = now;
        waiter->refusal.reset();
      }
      for (const auto& id : waiter->wanted.ids) {
        if (std::ranges::binary_search(asked, id)) {
          waiter->missing_since.erase(id);
        }
        // What `enough` refers to may be gone once the wait has ended.
        const auto found = by_id.find(id);
        if (found != by_id.end() && !waiter->ended.delivered() &&
            waiter->wanted.enough(*found->second)) {
          waiter->ended.deliver(Status());
        }
        if (found != by_id.end() && !waiter->ended.delivered() && waiter->wanted.heard_enough_of &&
            waiter->wanted.heard_enough_of(*found->second)) {
          waiter->heard_enough_of.insert(id);
        }
      }
    }
  }

  void take_failure(const std::vector<WaiterPointer>& batch, const std::vector<ThingId>& asked,
                    const Error& error) {
    log::debug("a look failed: {}", error.message);
    const bool refused = is_refusal(error.kind);
    slows_down_ |= refused || error.kind == ErrorKind::throttled;
    const Instant now = clock_.now();
    for (const auto& waiter : batch) {
      if (!concerns(*waiter, asked)) {
        continue;
      }
      bool is_final = false;
      if (refused) {
        waiter->refusal = error;
        is_final = !waiter->wanted.deadline && now - waiter->answered >= refusals_are_final_after;
      }
      if (error.kind == ErrorKind::not_found) {
        waiter->answered = now;
        const auto since = waiter->missing_since.try_emplace(asked.front(), now).first->second;
        is_final = now - since >= visible_at_last;
      }
      if (is_final) {
        waiter->ended.deliver(fail(error));
      }
    }
  }

  /// Those who have what they want leave; the others get their next turn, or have come to their
  /// deadline. The interval counts from the beginning of the look, but a slow answer leaves a pause
  /// all the same.
  void settle(const std::vector<WaiterPointer>& batch, Instant begun) {
    slowness_ = slows_down_ ? std::min(slowness_ * 2, slowest) : 1;
    const Instant now = clock_.now();
    for (const auto& waiter : batch) {
      if (waiter->wanted.deadline && now >= *waiter->wanted.deadline) {
        waiter->ended.deliver(fail(time_is_over(*waiter)));
      }
      const auto interval = waiter->wanted.tempo.interval(now - waiter->since);
      const auto slowed = std::max(interval, std::min(interval * slowness_, longest_slowed));
      waiter->look_next(std::max(begun + slowed, now + slowed / 2));
    }
    std::erase_if(waiters_, [](const WaiterPointer& waiter) { return waiter->ended.delivered(); });
  }

  static Error time_is_over(const Waiter& waiter) {
    Error error{ErrorKind::deadline, "the time for waiting is over", {}, {}};
    if (waiter.refusal) {
      error.message += ", and the looks are refused: " + waiter.refusal->message;
      error.hint = waiter.refusal->hint;
    }
    return error;
  }

  AdjustingCaller caller_;
  Clock& clock_;
  std::list<WaiterPointer> waiters_;
  std::optional<Instant> alarm_;
  bool looking_ = false;
  Urgency urgency_ = Urgency::watches;  ///< of the present look
  bool closed_ = false;
  bool slows_down_ = false;  ///< after the present look
  bool filters_are_refused_ = false;
  int slowness_ = 1;
  Instant looked_;  ///< the last time
  Instant looked_at_everything_;
};

template <class Thing>
Watch<Thing>::Watch(Caller& caller, Clock& clock)
    : rounds_(std::make_shared<Rounds>(caller, clock)) {}

template <class Thing>
Watch<Thing>::~Watch() {
  rounds_->close();
}

template <class Thing>
Task<Waited> Watch<Thing>::wait(Wait<Thing> wanted) {
  return rounds_->wait(std::move(wanted));
}

template class Watch<Instance>;
template class Watch<Snapshot>;

}  // namespace pitstop::ec2
