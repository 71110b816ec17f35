#pragma once

#include <boost/asio/this_coro.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/concurrently.hpp"
#include "base/one_shot.hpp"

namespace pitstop {

/// Gathers what coroutines ask for within a moment, so that one call answers them all. Include this
/// in source files only: it is slow to compile.
template <class Asked, class Answer>
class Together {
 public:
  /// Answers in the order in which it was asked, and throws nothing.
  using AnswerAll = std::function<Task<std::vector<Answer>>(std::vector<Asked>)>;

  /// Whoever asks first waits for `moment`, so that others come along.
  Together(Clock& clock, Duration moment, AnswerAll answer_all)
      : gathering_(std::make_shared<Gathering>(clock, moment, std::move(answer_all))) {}

  Task<Answer> ask(Asked asked) {
    const auto gathering = gathering_;
    const Executor executor = co_await boost::asio::this_coro::executor;
    const auto waiter = std::make_shared<Waiter>(std::move(asked), executor);
    gathering->waiters.push_back(waiter);
    if (gathering->waiters.size() == 1) {
      begin(executor, answer_after_a_moment(gathering));
    }
    co_return co_await waiter->answer.wait();
  }

 private:
  struct Waiter {
    Waiter(Asked asked_, Executor executor)
        : asked(std::move(asked_)), answer(std::move(executor)) {}
    Asked asked;
    OneShot<Answer> answer;
  };

  /// Shared with the calls that are under way.
  struct Gathering {
    Gathering(Clock& clock_, Duration moment_, AnswerAll answer_all_)
        : clock(clock_), moment(moment_), answer_all(std::move(answer_all_)) {}
    Clock& clock;
    Duration moment;
    AnswerAll answer_all;
    std::vector<std::shared_ptr<Waiter>> waiters;
  };

  static Task<void> answer_after_a_moment(std::shared_ptr<Gathering> gathering) {
    co_await gathering->clock.sleep(gathering->moment);
    const auto batch = std::exchange(gathering->waiters, {});
    std::vector<Asked> all;
    for (const auto& waiter : batch) {
      all.push_back(waiter->asked);
    }
    auto answers = co_await gathering->answer_all(std::move(all));
    CHECK(answers.size() == batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      batch[i]->answer.deliver(std::move(answers[i]));
    }
  }

  std::shared_ptr<Gathering> gathering_;
};

}  // namespace pitstop
