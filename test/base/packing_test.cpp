#include "base/packing.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace pitstop {
namespace {

std::string random_bytes(Random& random, std::size_t size) {
  std::string bytes;
  while (bytes.size() < size) {
    bytes += static_cast<char>(random.next());
  }
  return bytes;
}

TEST(Deflated, IsInflatedToTheSameText) {
  SeededRandom random(1);
  for (const std::size_t size : {0, 1, 2, 3, 100, 1000, 100'000}) {
    const auto bytes = random_bytes(random, size);
    EXPECT_EQ(inflated(deflated(bytes)), bytes);
  }
}

TEST(Deflated, IsSmaller) {
  EXPECT_LT(deflated(std::string(10'000, 'x')).size(), 100U);
}

// One of the bytes has bits that mean nothing.
TEST(Inflated, NeverMakesAnotherTextOfAlteredBytes) {
  const std::string original = "{\"instance\": \"i-0abc\", \"volumes\": [\"vol-1\", \"vol-2\"]}";
  const auto whole = deflated(original);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto altered = whole;
    altered[i] ^= 0x40;
    EXPECT_EQ(inflated(altered).value_or(original), original) << "byte " << i;
  }
}

TEST(Inflated, NoticesThatItWasCutOrAddedTo) {
  const auto whole = deflated("some text that is long enough");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(inflated(whole.substr(0, size)), std::nullopt) << size;
  }
  EXPECT_EQ(inflated(whole + "x"), std::nullopt);
  EXPECT_EQ(inflated("this was never deflated"), std::nullopt);
}

TEST(Inflated, StopsAtItsLimit) {
  const auto bomb = deflated(std::string(1001, 'x'));
  EXPECT_EQ(inflated(bomb, 1000), std::nullopt);
  EXPECT_EQ(inflated(bomb, 1001), std::string(1001, 'x'));
  EXPECT_EQ(inflated(deflated(std::string(2 << 20, 'x'))), std::nullopt);
}

// RFC 4648, section 10.
TEST(Base64, IsTheStandardOne) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xfb\xff\xfe"), "+//+");
}

TEST(Base64, IsReadAsItWasWritten) {
  SeededRandom random(2);
  for (std::size_t size = 0; size < 300; ++size) {
    const auto bytes = random_bytes(random, size);
    EXPECT_EQ(from_base64(base64(bytes)), bytes);
  }
}

TEST(Base64, IsNotReadIntoWhatIsNone) {
  for (const auto* text :
       {"Z", "Zg", "Zg=", "Zg===", "====", "Z===", "=Zg=", "Zg==Zg==", "Zh==", "Zm9=", "Zm9v\n",
        " Zg==", "    ", "Zg==    ", "Zm9-", "Zm9_", "Zm 9", "Zm9v!AAA"}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace pitstop
