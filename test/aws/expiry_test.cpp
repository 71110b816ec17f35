#include "aws/expiry.hpp"

#include <gtest/gtest.h>

namespace pitstop {
namespace {

TEST(Expiry, IsReadAsServicesAndToolsWriteIt) {
  const auto expected = parse_rfc3339("2026-11-23T00:16:00Z");
  for (const auto* text :
       {"2026-11-23T00:16:00Z", "2026-11-23T00:16:00UTC", "2026-11-23T00:16:00+00:00",
        "2026-11-23T00:16:00+0000", "2026-11-23T00:16:00.000-00:00", "2026-11-23T05:46:00+05:30",
        "2026-11-22T16:16:00-08:00"}) {
    EXPECT_EQ(parse_expiry(text), expected) << text;
  }
}

TEST(Expiry, NothingElseIsATime) {
  for (const auto* text :
       {"", "Z", "UTC", "+00:00", "2026-11-23", "2026-11-23T00:16:00", "2026-11-23T00:16:00+00:60",
        "2026-11-23T00:16:00+24:00", "2026-11-23T00:16:00+-1:00", "2026-11-23T00:16:00+0x:00",
        "2026-11-23T00:16:00 UTC", "1795392960"}) {
    EXPECT_FALSE(parse_expiry(text)) << text;
  }
}

}  // namespace
}  // namespace pitstop
