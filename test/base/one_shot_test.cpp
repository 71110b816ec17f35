#include "base/one_shot.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <string>

namespace pitstop {
namespace {

/// Sets a flag when it goes out of scope, however that comes about.
class TellWhenGone {
 public:
  explicit TellWhenGone(bool& gone) : gone_(gone) {}
  TellWhenGone(const TellWhenGone&) = delete;
  TellWhenGone& operator=(const TellWhenGone&) = delete;
  ~TellWhenGone() { gone_ = true; }

 private:
  bool& gone_;
};

class OneShotTest : public testing::Test {
 protected:
  using Shot = OneShot<std::string>;

  static Task<void> await(Shot& shot, std::function<void()> on_cancel, std::string& got,
                          bool& gone) {
    const TellWhenGone tell(gone);
    got = co_await shot.wait(std::move(on_cancel));
  }

  void begin_waiting(std::function<void()> on_cancel = {}) {
    auto waiting = await(*shot_, std::move(on_cancel), got_, gone_);
    auto rethrow = [](std::exception_ptr thrown) {
      if (thrown) {
        std::rethrow_exception(thrown);
      }
    };
    boost::asio::co_spawn(loop_, std::move(waiting),
                          boost::asio::bind_cancellation_slot(cancel_.slot(), rethrow));
    run();
  }

  void cancel() { cancel_.emit(boost::asio::cancellation_type::terminal); }

  void run() {
    loop_.restart();
    loop_.poll();
  }

  boost::asio::cancellation_signal cancel_;
  boost::asio::io_context loop_{1};
  std::string got_;
  bool gone_ = false;
  std::optional<Shot> shot_{std::in_place, loop_.get_executor()};
};

TEST_F(OneShotTest, DeliversToWhoeverWaits) {
  begin_waiting();
  EXPECT_FALSE(shot_->delivered());
  shot_->deliver("value");
  EXPECT_TRUE(shot_->delivered());
  EXPECT_EQ(got_, "") << "resumed from inside deliver()";
  run();
  EXPECT_EQ(got_, "value");
}

TEST_F(OneShotTest, KeepsTheValueForWhoeverComesLater) {
  shot_->deliver("value");
  begin_waiting();
  EXPECT_EQ(got_, "value");
}

TEST_F(OneShotTest, LetsTheFirstDeliveryDecide) {
  begin_waiting();
  shot_->deliver("first");
  shot_->deliver("second");
  run();
  EXPECT_EQ(got_, "first");
}

TEST_F(OneShotTest, LetsACancelledWaitEndWithAValue) {
  begin_waiting([this] { shot_->deliver("cancelled"); });
  cancel();
  cancel();
  run();
  EXPECT_EQ(got_, "cancelled");
  cancel();
  run();
}

TEST_F(OneShotTest, IsNotMovedByACancellationThatItWasNotToldToHeed) {
  begin_waiting();
  cancel();
  run();
  EXPECT_FALSE(gone_);
  shot_->deliver("value");
  run();
  EXPECT_EQ(got_, "value");
}

TEST_F(OneShotTest, IgnoresACancellationAfterTheDelivery) {
  begin_waiting([this] { shot_->deliver("cancelled"); });
  shot_->deliver("value");
  cancel();
  run();
  EXPECT_EQ(got_, "value");
}

TEST_F(OneShotTest, DestroysItsWaiterWhenAbandoned) {
  begin_waiting();
  shot_->abandon();
  EXPECT_FALSE(gone_) << "destroyed from inside abandon()";
  run();
  EXPECT_TRUE(gone_);
  EXPECT_EQ(got_, "");
  shot_->deliver("too late");
  run();
}

TEST_F(OneShotTest, DestroysALateWaiterAfterItWasAbandoned) {
  shot_->abandon();
  begin_waiting();
  EXPECT_TRUE(gone_);
  EXPECT_EQ(got_, "");
}

// What `on_cancel` refers to goes with the coroutine; the signal stays.
TEST_F(OneShotTest, IsNotCancelledAfterItsEnd) {
  bool cancelled = false;
  begin_waiting([&cancelled] { cancelled = true; });
  shot_.reset();
  run();
  EXPECT_TRUE(gone_);
  cancel();
  run();
  EXPECT_FALSE(cancelled);
}

TEST_F(OneShotTest, MayGoWithItsEventLoopWhileAValueIsOnItsWay) {
  begin_waiting();
  shot_->deliver("value");
}

TEST(OneShot, CarriesWhatCanOnlyBeMoved) {
  boost::asio::io_context loop(1);
  OneShot<std::unique_ptr<int>> shot(loop.get_executor());
  int got = 0;
  auto wait = [](OneShot<std::unique_ptr<int>>& awaited, int& number) -> Task<void> {
    const auto pointer = co_await awaited.wait();
    number = *pointer;
  };
  auto waiting = wait(shot, got);
  boost::asio::co_spawn(loop, std::move(waiting), [](std::exception_ptr) {});
  loop.poll();
  shot.deliver(std::make_unique<int>(7));
  loop.restart();
  loop.poll();
  EXPECT_EQ(got, 7);
}

}  // namespace
}  // namespace pitstop
