#include "base/random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace pitstop {
namespace {

class Fixed final : public Random {
 public:
  explicit Fixed(std::uint64_t number) : number_(number) {}
  std::uint64_t next() override { return number_; }

 private:
  std::uint64_t number_;
};

// The reference sequence of SplitMix64 for this seed.
TEST(SeededRandom, IsTheSameEverywhere) {
  SeededRandom random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
  EXPECT_EQ(random.next(), 9817491932198370423U);
  EXPECT_EQ(random.next(), 4593380528125082431U);
  EXPECT_EQ(random.next(), 16408922859458223821U);
}

TEST(SeededRandom, DiffersFromSeedToSeed) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    firsts.insert(SeededRandom(seed).next());
  }
  EXPECT_EQ(firsts.size(), 1000U);
}

TEST(RandomUnit, IsEvenAndBelowOne) {
  EXPECT_EQ(Fixed(0).unit(), 0.0);
  EXPECT_LT(Fixed(~std::uint64_t{0}).unit(), 1.0);
  EXPECT_GT(Fixed(~std::uint64_t{0}).unit(), 0.999999);
  SeededRandom random(1);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    sum += random.unit();
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.02);
}

TEST(RandomHex, HasThatManyDigits) {
  EXPECT_EQ(Fixed(0x0123456789abcdef).hex(16), "0123456789abcdef");
  EXPECT_EQ(Fixed(0x0123456789abcdef).hex(4), "cdef");
  EXPECT_EQ(Fixed(0).hex(8), "00000000");
  EXPECT_DEATH(Fixed(0).hex(17), "expected: digits > 0 && digits <= 16");
}

TEST(SystemSeed, IsAnotherOneEachTime) {
  EXPECT_NE(system_seed(), system_seed());
}

}  // namespace
}  // namespace pitstop
