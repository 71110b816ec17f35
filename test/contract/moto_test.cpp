// The contract held against moto, an EC2 in memory that nobody here wrote: what it is known not to
// keep is in a list, and the list has to be right.

#include <algorithm>

#include "contract/moto_deviations.hpp"
#include "contract/over_http.hpp"
#include "support/moto_server.hpp"

namespace pitstop::test {
namespace {

/// For an EC2 in which nothing takes time: whoever sleeps wakes at once, that much later.
class TimelessClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  WallTime wall() const override {
    return std::chrono::time_point_cast<Milliseconds>(real_.wall() + now_.time_since_epoch());
  }
  Task<void> sleep_until(Instant when) override {
    now_ = std::max(now_, when);
    co_return;
  }

 private:
  SystemClock real_;
  Instant now_;
};

class Moto : public testing::TestWithParam<Item> {
 protected:
  void SetUp() override {
    if (!moto_available()) {
      GTEST_SKIP() << "moto_server is not on the PATH";
    }
    moto().reset();
  }
};

TEST_P(Moto, KeepsAllButWhatIsKnown) {
  TimelessClock clock;
  hold_over_http(GetParam(), moto().endpoint(), clock, moto_deviations());
}

INSTANTIATE_TEST_SUITE_P(Contract, Moto, testing::ValuesIn(contract()), name_of);

TEST(MotoDeviations, AreOfItemsThatThereAre) {
  for (const auto& deviation : moto_deviations()) {
    EXPECT_EQ(std::ranges::count(contract(), deviation.item, &Item::name), 1) << deviation.item;
  }
}

}  // namespace
}  // namespace pitstop::test
