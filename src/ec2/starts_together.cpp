#include "ec2/starts_together.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "base/chunks.hpp"
#include "base/concurrently.hpp"
#include "base/one_shot.hpp"
#include "ec2/adjusting_caller.hpp"
#include "ec2/paced_caller.hpp"
#include "ec2/retrying_caller.hpp"

namespace pitstop::ec2 {
namespace {

/// In one call: want of capacity for one fails them all, and the more there are, the likelier.
constexpr std::size_t most_together = 50;

/// How long a call is tried again; then the state tells what became of it.
constexpr Duration patience = Seconds(20);

constexpr auto start_action = "StartInstances";

/// The tokens were taken before.
void pay(Call& call) {
  call.paid = true;
}

}  // namespace

/// Shared with the calls that are under way.
class StartsTogether::Gathering : public std::enable_shared_from_this<Gathering> {
 public:
  Gathering(Caller& wire, Pace& pace, Clock& clock, Random& random)
      : pace_(pace),
        paced_(wire, pace),
        retrying_(paced_, clock, random, patience),
        together_(paced_, pay),
        alone_(retrying_, pay) {}

  Task<Result<StateChanges>> start(InstanceId instance, bool is_paid) {
    const auto self = shared_from_this();
    const Executor executor = co_await boost::asio::this_coro::executor;
    const auto waiter = std::make_shared<Waiter>(std::move(instance), is_paid, executor);
    waiters_.push_back(waiter);
    if (!is_called_) {
      is_called_ = true;
      begin(executor, send(self));
    }
    co_return co_await waiter->answer.wait();
  }

 private:
  struct Waiter {
    Waiter(InstanceId instance_, bool is_paid_, Executor executor)
        : instance(std::move(instance_)), is_paid(is_paid_), answer(std::move(executor)) {}

    InstanceId instance;
    bool is_paid;
    OneShot<Result<StateChanges>> answer;
  };
  using Waiters = std::vector<std::shared_ptr<Waiter>>;

  /// Whoever comes while the first one waits for his turn comes along.
  static Task<void> send(std::shared_ptr<Gathering> self) {
    co_await self->pace_.take({.action = start_action}, Urgency::brings_back);
    auto& waiters = self->waiters_;
    const auto count = static_cast<std::ptrdiff_t>(std::min(waiters.size(), most_together));
    Waiters batch(waiters.begin(), waiters.begin() + count);
    waiters.erase(waiters.begin(), waiters.begin() + count);
    self->is_called_ = !waiters.empty();
    if (self->is_called_) {
      const Executor executor = co_await boost::asio::this_coro::executor;
      begin(executor, send(self));
    }
    co_await ask(self, std::move(batch));
  }

  static Task<void> ask(std::shared_ptr<Gathering> self, Waiters batch) {
    std::vector<InstanceId> ids;
    Need need{.action = start_action, .requests = 0};
    for (const auto& waiter : batch) {
      ids.push_back(waiter->instance);
      need.instances += waiter->is_paid ? 0 : 1;
      waiter->is_paid = true;
    }
    co_await self->pace_.take(std::move(need), Urgency::brings_back);
    // One of them may be what is wrong, or their number: smaller parts are tried at once.
    const bool is_alone = batch.size() == 1;
    auto& caller = is_alone ? self->alone_ : self->together_;
    const auto answer = co_await without_surprises(caller, std::move(ids));
    if (!answer && !is_alone && answer.error().kind != ErrorKind::unknown_fate) {
      co_await ask_in_halves(self, std::move(batch));
      co_return;
    }
    for (const auto& waiter : batch) {
      waiter->answer.deliver(answer);
    }
  }

  static Task<Result<StateChanges>> without_surprises(Caller& caller, std::vector<InstanceId> ids) {
    try {
      co_return co_await start_instances(caller, std::move(ids), patience);
    } catch (const std::exception& surprise) {
      co_return fail(ErrorKind::internal, fmt::format("unexpected: {}", surprise.what()));
    }
  }

  static Task<void> ask_in_halves(std::shared_ptr<Gathering> self, Waiters batch) {
    auto [first, second] = halves(batch);
    for (auto* half : {&first, &second}) {
      co_await self->pace_.take({.action = start_action}, Urgency::brings_back);
      co_await ask(self, std::move(*half));
    }
  }

  Pace& pace_;
  PacedCaller paced_;
  RetryingCaller retrying_;
  AdjustingCaller together_;
  AdjustingCaller alone_;
  Waiters waiters_;
  bool is_called_ = false;  ///< whether a call is waiting for its turn
};

StartsTogether::StartsTogether(Caller& wire, Pace& pace, Clock& clock, Random& random)
    : gathering_(std::make_shared<Gathering>(wire, pace, clock, random)) {}

StartsTogether::~StartsTogether() = default;

Task<Result<StateChanges>> StartsTogether::start(InstanceId instance, bool is_paid) {
  return gathering_->start(std::move(instance), is_paid);
}

}  // namespace pitstop::ec2
