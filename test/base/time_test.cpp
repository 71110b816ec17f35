#include "base/time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

WallTime at(long long milliseconds) {
  return WallTime(Milliseconds(milliseconds));
}

TEST(Rfc3339, HasMilliseconds) {
  EXPECT_EQ(rfc3339(at(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(at(1'795'392'960'250)), "2026-11-23T00:16:00.250Z");
  EXPECT_EQ(rfc3339(at(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(rfc3339(at(951'782'400'000)), "2000-02-29T00:00:00.000Z");
}

TEST(Rfc3339, IsReadInTheFormsOfAws) {
  EXPECT_EQ(parse_rfc3339("2026-11-23T00:16:00.250Z"), at(1'795'392'960'250));
  EXPECT_EQ(parse_rfc3339("2026-11-23T00:16:00Z"), at(1'795'392'960'000));
  EXPECT_EQ(parse_rfc3339("2026-11-23T00:16:00.2Z"), at(1'795'392'960'200));
  EXPECT_EQ(parse_rfc3339("2026-11-23T00:16:00.250999999Z"), at(1'795'392'960'250));
  EXPECT_EQ(parse_rfc3339("2016-12-31T23:59:60Z"), parse_rfc3339("2017-01-01T00:00:00Z"))
      << "a leap second";
}

TEST(Rfc3339, IsReadWithAnyOffset) {
  for (const auto* text :
       {"2026-11-23T00:16:00Z", "2026-11-23T00:16:00+0000", "2026-11-23T00:16:00+00:00",
        "2026-11-23T00:16:00.000-0000", "2026-11-23T05:46:00+0530", "2026-11-23T05:46:00+05:30",
        "2026-11-22T16:16:00.0-0800", "2026-11-22T16:16:00-08:00", "2026-11-24T00:15:00+23:59"}) {
    EXPECT_EQ(parse_rfc3339(text), at(1'795'392'960'000)) << text;
  }
}

TEST(HttpDate, IsReadAsServersWriteIt) {
  EXPECT_EQ(parse_http_date("Mon, 23 Nov 2026 00:16:00 GMT"), at(1'795'392'960'000));
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"),
            parse_rfc3339("1994-11-06T08:49:37Z"));
  EXPECT_EQ(parse_http_date("Thu, 31 Dec 2026 23:59:59 GMT"),
            parse_rfc3339("2026-12-31T23:59:59Z"));
  EXPECT_EQ(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), at(0));
}

TEST(HttpDate, IsReadAsItWasWritten) {
  EXPECT_EQ(http_date(at(784'111'777'999)), "Sun, 06 Nov 1994 08:49:37 GMT");
  SeededRandom random(1);
  for (int i = 0; i < 2000; ++i) {
    const auto time = at(static_cast<long long>(random.next() % 253'402'300'799) * 1000);
    EXPECT_EQ(parse_http_date(http_date(time)), time) << http_date(time);
  }
}

TEST(HttpDate, IsNotReadIntoWhatIsNone) {
  for (const auto* text : {"", "GMT", "Mon, 23 Nov 2026 00:16:00 UTC", "Mon, 23 Nov 2026 00:16 GMT",
                           "Monday, 23-Nov-26 00:16:00 GMT", "Mon Nov 23 00:16:00 2026",
                           "Mon, 23 nov 2026 00:16:00 GMT", "Mon, 23 Foo 2026 00:16:00 GMT",
                           "Mon, 31 Nov 2026 00:16:00 GMT", "Mon, 23 Nov 2026 24:16:00 GMT",
                           "Mon, 23 Nov 2026 00:16:00 GMT ", "Mon, 3  Nov 2026 00:16:00 GMT",
                           "2026-11-23T00:16:00Z"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

TEST(Rfc3339, IsNotReadIntoWhatIsNone) {
  for (const auto* text : {"",
                           "Z",
                           "2026",
                           "2026-11-23",
                           "2026-11-23T00:16:00",
                           "2026-11-23T00:16:00.Z",
                           "2026-11-23 00:16:00Z",
                           "2026-11-23T00:16:00+",
                           "2026-11-23T00:16:00+00",
                           "2026-11-23T00:16:00+0:00",
                           "2026-11-23T00:16:00+00:60",
                           "2026-11-23T00:16:00+24:00",
                           "2026-11-23T00:16:00+00:00Z",
                           "2026-11-23T00:16:00+000000",
                           "2026-01-01T-0:00:00Z",
                           "2026-11-23T00:16Z",
                           "2026-02-29T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-01-00T00:00:00Z",
                           "2026-01-01T24:00:00Z",
                           "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:61Z",
                           "2026-01-01T-1:00:00Z",
                           "-026-01-01T00:00:00Z",
                           "2026-01-01T00:00:00.x5Z",
                           "2026-01-01T00:00:00.5",
                           "2026-01-01T00:00:00Z ",
                           " 2026-01-01T00:00:00Z",
                           "2026-1-01T00:00:00Z",
                           "20260101T000000Z"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(Rfc3339, IsReadAsItWasWritten) {
  SeededRandom random(1);
  for (int i = 0; i < 2000; ++i) {
    const auto time = at(static_cast<long long>(random.next() % 253'402'300'799'999));
    EXPECT_EQ(parse_rfc3339(rfc3339(time)), time) << rfc3339(time);
  }
}

TEST(Human, IsAsExactAsPeopleNeedIt) {
  EXPECT_EQ(human(0s), "0.0s");
  EXPECT_EQ(human(40ms), "0.0s");
  EXPECT_EQ(human(4200ms), "4.2s");
  EXPECT_EQ(human(59'949ms), "59.9s");
  EXPECT_EQ(human(59'950ms), "1m 00s");
  EXPECT_EQ(human(760s), "12m 40s");
  EXPECT_EQ(human(3599s), "59m 59s");
  EXPECT_EQ(human(3'599'600ms), "1h 00m");
  EXPECT_EQ(human(65min), "1h 05m");
  EXPECT_EQ(human(100h), "100h 00m");
  EXPECT_EQ(human(-90s), "-1m 30s");
}

TEST(ParseDuration, TakesNumbersWithTheirUnits) {
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("30m"), 30min);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("7d"), 168h);
  EXPECT_EQ(parse_duration("2w"), 336h);
  EXPECT_EQ(parse_duration("1m5ms"), 60'005ms);
  EXPECT_EQ(parse_duration("0s"), 0s);
  EXPECT_EQ(parse_duration("3650d"), 87'600h);
}

TEST(ParseDuration, RefusesTheRest) {
  std::string many_decades;
  for (int i = 0; i < 40; ++i) {
    many_decades += "3650d";
  }
  for (const std::string& text :
       {std::string(), std::string("5"), std::string("s"), std::string("-5s"), std::string("+5s"),
        std::string("5 s"), std::string(" 5s"), std::string("5s "), std::string("1.5h"),
        std::string("5min"), std::string("5S"), std::string("1h30"), std::string("5mss"),
        std::string("3651d"), std::string("3650d1ms"), std::string("4294967296s"),
        std::string("99999999999999999999s"), many_decades}) {
    const auto duration = parse_duration(text);
    ASSERT_FALSE(duration) << text;
    EXPECT_EQ(duration.error().kind, ErrorKind::usage);
    EXPECT_THAT(duration.error().hint, HasSubstr("1h30m"));
  }
}

TEST(ParseDuration, QuotesWhatItCannotRead) {
  EXPECT_EQ(parse_duration("soon\x1b[2J").error().message, "\"soon\\x1b[2J\" is not a duration");
}

CO_TEST(SystemClock, SleepsAtLeastAsLongAsAsked) {
  SystemClock clock;
  const Instant before = clock.now();
  co_await clock.sleep(30ms);
  EXPECT_GE(clock.now() - before, 30ms);
  co_await clock.sleep_until(before);
  co_await clock.sleep(-1h);
  EXPECT_LT(clock.now() - before, 30s);
}

}  // namespace
}  // namespace pitstop
