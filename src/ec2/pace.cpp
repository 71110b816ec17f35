#include "ec2/pace.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/this_coro.hpp>

#include "base/concurrently.hpp"
#include "base/contains.hpp"
#include "base/log.hpp"
#include "base/one_shot.hpp"

namespace pitstop::ec2 {
namespace {

struct Limits {
  std::string_view action;
  BucketSize requests;
  BucketSize instances = {};
};

constexpr std::array documented{
    Limits{"StartInstances", {5, 2}, {1000, 2}},
    Limits{"StopInstances", {50, 5}, {1000, 20}},
    Limits{"CopyImage", {100, 1}},
    Limits{"CreateSnapshot", {100, 5}},
    Limits{"CreateSnapshots", {100, 5}},
    Limits{"DeleteSnapshot", {100, 5}},
    Limits{"CreateTags", {100, 10}},
    Limits{"DeleteTags", {100, 10}},
    Limits{"DeregisterImage", {100, 5}},
};
constexpr BucketSize of_looks{100, 20};
constexpr BucketSize of_whole_lists{50, 10};
constexpr BucketSize of_other_changes{50, 5};

/// Without a filter or pages these have a smaller bucket. Whether that is so where ids are given is
/// not documented: it is reckoned with.
constexpr std::array<std::string_view, 4> costly_looks{
    "DescribeInstances", "DescribeInstanceStatus", "DescribeSnapshots", "DescribeVolumes"};
constexpr std::string_view whole_lists = ", whole lists";

/// Each refusal makes the rate that much lower, but no more than once in that time, and it comes
/// back bit by bit.
constexpr double slower = 0.7;
constexpr double slowest = 0.3;
constexpr double faster_a_second = 0.001;
constexpr Duration between_lessons = Seconds(10);

/// A lesson is told of for so long.
constexpr Duration lately = Seconds(30);

/// What is promised on top of what is there rests on a rate that somebody else may use, too.
constexpr double first_trust = 20;

/// Promises are looked at that often: whoever waits for one is up.
constexpr Duration between_promises = Milliseconds(250);

/// Calls are not on their way for equally long: those that come closer together than they were sent
/// still find their tokens, if we keep what flows in during that time.
constexpr Duration jitter = Milliseconds(100);

const Limits* limits_of(std::string_view action) {
  const auto known = std::ranges::find(documented, action, &Limits::action);
  return known == documented.end() ? nullptr : known;
}

BucketSize request_bucket_of(std::string_view action) {
  if (const auto* limits = limits_of(action)) {
    return limits->requests;
  }
  if (action.ends_with(whole_lists)) {
    return of_whole_lists;
  }
  return action.starts_with("Describe") || action.starts_with("Get") ? of_looks : of_other_changes;
}

}  // namespace

Need need_of(const Call& call) {
  Need need{.action = call.action};
  const auto& parameters = call.parameters;
  const bool listed =
      parameters.find("Filter.1.Name") != nullptr || parameters.find("MaxResults") != nullptr;
  if (!listed && contains(costly_looks, std::string_view(call.action))) {
    need.action += whole_lists;
  }
  const auto* limits = limits_of(call.action);
  if (limits != nullptr && limits->instances.most > 0) {
    need.instances = static_cast<double>(std::ranges::count_if(
        parameters.all(), [](const auto& all) { return all.first.starts_with("InstanceId."); }));
  }
  return need;
}

/// Shared with the alarms that are still asleep when the pace is gone.
class Pace::Bucket : public std::enable_shared_from_this<Bucket> {
 public:
  Bucket(Clock& clock, std::string name, BucketSize size)
      : clock_(clock),
        name_(std::move(name)),
        size_(size),
        kept_(size.a_second * seconds(jitter)),
        tokens_(size.most),
        filled_(clock.now()) {}

  Task<void> take(double tokens, Urgency urgency) {
    if (take_at_once(at_most(tokens), urgency)) {
      co_return;
    }
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto waiter = std::make_shared<Waiter>(at_most(tokens), urgency, false, executor);
    const auto taken = co_await join(waiter, executor);
    CHECK(taken.has_value());
  }

  Task<Status> set_aside(double tokens, Interruption& interruption) {
    if (interruption.requested()) {
      co_return interrupted();
    }
    const double wanted = at_most(tokens);
    refill();
    if (may_be_promised(wanted) && take_at_once(wanted, Urgency::takes_down)) {
      promised_ += wanted;
      co_return Status();
    }
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto waiter = std::make_shared<Waiter>(wanted, Urgency::takes_down, true, executor);
    const auto subscription = interruption.subscribe([weak = std::weak_ptr(waiter)] {
      if (const auto still_there = weak.lock()) {
        still_there->turn.deliver(interrupted());
      }
    });
    co_return co_await join(waiter, executor);
  }

  void spend(double tokens) {
    promised_ -= tokens;
    trust_ = std::min(trust_ + tokens, size_.most);
  }

  void give_back(double tokens) {
    refill();
    promised_ -= tokens;
    tokens_ = std::min(size_.most, tokens_ + tokens);
  }

  /// The bucket is empty, and those to whom tokens were promised come before all others.
  void learn() {
    refill();
    tokens_ = std::min(tokens_, -promised_);
    const Instant now = clock_.now();
    if (!lesson_ || now - *lesson_ >= between_lessons) {
      lesson_ = now;
      share_ = std::max(slowest, share_ * slower);
      trust_ = std::max(first_trust, trust_ / 2);
      log::debug("{} is throttled: its rate is {:.1f} a second for now", name_,
                 share_ * size_.a_second);
    }
  }

  std::size_t waiting() const { return queue_.size(); }

  bool was_throttled_lately() const { return lesson_ && clock_.now() - *lesson_ < lately; }

  void close() {
    closed_ = true;
    for (const auto& [urgency, waiter] : queue_) {
      waiter->turn.abandon();
    }
    queue_.clear();
  }

 private:
  struct Waiter {
    Waiter(double wanted_, Urgency urgency_, bool is_for_later_, Executor executor)
        : wanted(wanted_),
          urgency(urgency_),
          is_for_later(is_for_later_),
          turn(std::move(executor)) {}

    double wanted;
    Urgency urgency;
    bool is_for_later;
    OneShot<Status> turn;
  };
  using WaiterPointer = std::shared_ptr<Waiter>;

  static Status interrupted() { return fail(ErrorKind::interrupted, "interrupted"); }

  double at_most(double tokens) const { return std::min(tokens, size_.most - kept_); }

  /// Who waits is overtaken by the more urgent only.
  bool take_at_once(double wanted, Urgency urgency) {
    refill();
    const bool is_first = queue_.empty() || urgency < queue_.begin()->first;
    return is_first && take_if_there(wanted, urgency);
  }

  bool take_if_there(double wanted, Urgency urgency) {
    if (there_for(urgency) < wanted + kept_) {
      return false;
    }
    tokens_ -= wanted;
    return true;
  }

  /// Waits for the turn of a waiter.
  Task<Status> join(WaiterPointer waiter, Executor executor) {
    const auto self = shared_from_this();
    const auto place = queue_.emplace(waiter->urgency, waiter);
    ring_on(executor);
    const auto turn = co_await waiter->turn.wait();
    if (!turn) {
      queue_.erase(place);  // whose turn it is has left already
    }
    co_return turn;
  }

  void refill() {
    const Instant now = clock_.now();
    const double passed = seconds(now - filled_);
    filled_ = now;
    tokens_ = std::min(size_.most, tokens_ + passed * size_.a_second * share_);
    share_ = std::min(1.0, share_ + passed * faster_a_second);
  }

  void ring_on(const Executor& executor) {
    if (!is_ringing_) {
      is_ringing_ = true;
      begin(executor, ring(shared_from_this()));
    }
  }

  /// Serves the queue as the tokens come in.
  static Task<void> ring(std::shared_ptr<Bucket> self) {
    while (!self->closed_ && !self->queue_.empty()) {
      self->refill();
      const Duration until_next = self->serve_all();
      if (!self->queue_.empty()) {
        co_await self->clock_.sleep(until_next);
      }
    }
    self->is_ringing_ = false;
  }

  /// In their order; those who cannot be promised anything keep nobody waiting. How long it takes
  /// until somebody else may be served.
  Duration serve_all() {
    for (auto next = queue_.begin(); next != queue_.end();) {
      const auto place = next++;
      auto& waiter = *place->second;
      if (waiter.is_for_later && !may_be_promised(waiter.wanted)) {
        next = queue_.upper_bound(place->first);
        continue;
      }
      if (waiter.turn.delivered()) {
        continue;
      }
      if (!take_if_there(waiter.wanted, waiter.urgency)) {
        return until_there_are(waiter.wanted + kept_ - there_for(waiter.urgency));
      }
      promised_ += waiter.is_for_later ? waiter.wanted : 0;
      waiter.turn.deliver(Status());
      queue_.erase(place);
    }
    return between_promises;
  }

  bool may_be_promised(double wanted) const {
    return promised_ + wanted <= trust_ + std::max(tokens_, 0.0);
  }

  /// Whose server is down does not wait for what is promised to those that are up.
  double there_for(Urgency urgency) const {
    return urgency <= Urgency::creates ? tokens_ + promised_ : tokens_;
  }

  Duration until_there_are(double more) const {
    const std::chrono::duration<double> time(more / (size_.a_second * share_));
    return std::clamp<Duration>(std::chrono::ceil<Milliseconds>(time), Milliseconds(1),
                                between_promises);
  }

  Clock& clock_;
  std::string name_;
  BucketSize size_;
  double kept_;
  double tokens_;  ///< that are promised to nobody
  double promised_ = 0;
  double trust_ = first_trust;  ///< so much more than there is may be promised
  double share_ = 1;            ///< of the documented rate that is left to us
  Instant filled_;
  std::optional<Instant> lesson_;
  std::multimap<Urgency, WaiterPointer> queue_;  ///< of the same urgency as they came
  bool is_ringing_ = false;
  bool closed_ = false;
};

Pace::Pace(Clock& clock) : clock_(clock) {}

Pace::~Pace() {
  for (auto* buckets : {&requests_, &instances_}) {
    for (const auto& [action, bucket] : *buckets) {
      bucket->close();
    }
  }
}

template <class Visit>
void Pace::visit(const Need& need, Visit&& visit) {
  if (need.instances > 0) {
    visit(instances_of(need.action), need.instances);
  }
  if (need.requests > 0) {
    visit(requests_of(need.action), need.requests);
  }
}

Task<void> Pace::take(Need need, Urgency urgency) {
  if (need.instances > 0) {
    co_await instances_of(need.action).take(need.instances, urgency);
  }
  if (need.requests > 0) {
    co_await requests_of(need.action).take(need.requests, urgency);
  }
}

Task<Status> Pace::set_aside(Need need, Interruption& interruption) {
  if (need.instances > 0) {
    auto& instances = instances_of(need.action);
    CO_TRY_STATUS(co_await instances.set_aside(need.instances, interruption));
  }
  if (need.requests > 0) {
    auto& requests = requests_of(need.action);
    auto aside = co_await requests.set_aside(need.requests, interruption);
    if (!aside) {
      give_back({.action = need.action, .requests = 0, .instances = need.instances});
      co_return aside;
    }
  }
  co_return Status();
}

void Pace::spend(const Need& need) {
  visit(need, [](Bucket& bucket, double tokens) { bucket.spend(tokens); });
}

void Pace::give_back(const Need& need) {
  visit(need, [](Bucket& bucket, double tokens) { bucket.give_back(tokens); });
}

void Pace::throttled(const Need& need) {
  // EC2 does not say which one was empty.
  visit(need, [](Bucket& bucket, double) { bucket.learn(); });
}

std::vector<Congestion> Pace::congestion() const {
  std::map<std::string, Congestion> by_action;
  for (const auto* buckets : {&requests_, &instances_}) {
    for (const auto& [name, bucket] : *buckets) {
      if (bucket->waiting() > 0 || bucket->was_throttled_lately()) {
        const auto action = name.substr(0, name.find(','));
        auto& found = by_action[action];
        found.action = action;
        found.waiting += bucket->waiting();
        found.throttled |= bucket->was_throttled_lately();
      }
    }
  }
  std::vector<Congestion> all;
  for (auto& [action, congestion] : by_action) {
    all.push_back(std::move(congestion));
  }
  return all;
}

Pace::Bucket& Pace::requests_of(const std::string& action) {
  auto& bucket = requests_[action];
  if (!bucket) {
    bucket = std::make_shared<Bucket>(clock_, action, request_bucket_of(action));
  }
  return *bucket;
}

Pace::Bucket& Pace::instances_of(const std::string& action) {
  auto& bucket = instances_[action];
  if (!bucket) {
    bucket = std::make_shared<Bucket>(clock_, action + ", instances", limits_of(action)->instances);
  }
  return *bucket;
}

}  // namespace pitstop::ec2
