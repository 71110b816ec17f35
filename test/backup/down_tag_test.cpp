#include "backup/down_tag.hpp"

#include <gtest/gtest.h>

namespace pitstop {
namespace {

const WallTime evening = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) +
                         std::chrono::hours(22) + Milliseconds(250);

const DownTag plain{.run = RunId("r-0123456789ab"),
                    .since = evening,
                    .until = evening + std::chrono::minutes(50),
                    .host = "backup-1.example.com"};

TEST(DownTag, IsForPeopleAndPrograms) {
  EXPECT_EQ(
      to_text(plain),
      "r-0123456789ab 2026-11-25T22:00:00.250Z 2026-11-25T22:50:00.250Z backup-1.example.com");
  EXPECT_EQ(parse_down_tag(to_text(plain)), plain);
}

TEST(DownTag, SaysWhatElseIsToBeClearedAway) {
  auto whole = plain;
  whole.found_stopped = whole.guarded = whole.reserved = true;
  EXPECT_TRUE(to_text(whole).ends_with(" found-stopped guarded reserved"));
  EXPECT_EQ(parse_down_tag(to_text(whole)), whole);
}

TEST(DownTag, SaysWhoseVolumesAreBeingExchanged) {
  auto exchanged = plain;
  exchanged.guarded = true;
  exchanged.swap = RestoreId("rs-0123456789ab");
  EXPECT_TRUE(to_text(exchanged).ends_with(" guarded rs-0123456789ab"));
  EXPECT_EQ(parse_down_tag(to_text(exchanged)), exchanged);
}

TEST(DownTag, TakesNoHostForAWord) {
  for (const auto* name : {"guarded", "reserved", "found-stopped", "rs-1.example.com"}) {
    auto odd = plain;
    odd.host = name;
    EXPECT_EQ(parse_down_tag(to_text(odd)), odd) << name;
  }
}

TEST(DownTag, HasNoCharactersThatTagsDoNotTake) {
  auto odd = plain;
  odd.host = "the \"host\" of\ndb\xff" + std::string(300, 'x');
  const auto text = to_text(odd);
  EXPECT_LE(text.size(), 256U);
  EXPECT_EQ(parse_down_tag(text)->host.substr(0, 16), "the--host--of-db");
  odd.host.clear();
  EXPECT_TRUE(parse_down_tag(to_text(odd)));
}

TEST(DownTag, IsNotTakenFromJustAnyText) {
  for (const auto* text :
       {"", "yes", "r-1", "r-1 now later host", "x-1 2026-11-25T22:00:00Z 2026-11-25T22:50:00Z h",
        "r-1 2026-11-25T22:00:00Z  host"}) {
    EXPECT_FALSE(parse_down_tag(text)) << text;
  }
}

}  // namespace
}  // namespace pitstop
