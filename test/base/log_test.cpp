#include "base/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pitstop {
namespace {

using log::Level;
using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class Log : public testing::Test {
 protected:
  ~Log() override { log::set_level(Level::warning); }

  /// What goes to stderr when one message of each level is written.
  static std::string written_at(Level level) {
    log::set_level(level);
    testing::internal::CaptureStderr();
    log::debug("the {}", "debug one");
    log::write(Level::info, "the info one");
    log::warning("the {} one", "warning");
    log::write(Level::error, "the error one");
    return testing::internal::GetCapturedStderr();
  }
};

TEST_F(Log, ReadsItsLevels) {
  EXPECT_EQ(log::parse_level("debug"), Level::debug);
  EXPECT_EQ(log::parse_level("info"), Level::info);
  EXPECT_EQ(log::parse_level("warning"), Level::warning);
  EXPECT_EQ(log::parse_level("error"), Level::error);
  EXPECT_EQ(log::parse_level("off"), Level::off);
  const auto none = log::parse_level("Verbose");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::usage);
  EXPECT_EQ(none.error().message, "\"Verbose\" is not a log level");
  EXPECT_EQ(none.error().hint, "choose one of debug, info, warning, error, off");
}

TEST_F(Log, WritesFromItsLevelOn) {
  EXPECT_THAT(written_at(Level::debug), AllOf(HasSubstr("debug one"), HasSubstr("info one"),
                                              HasSubstr("warning one"), HasSubstr("error one")));
  EXPECT_THAT(written_at(Level::warning),
              AllOf(Not(HasSubstr("info one")), HasSubstr("warning one"), HasSubstr("error one")));
  EXPECT_EQ(written_at(Level::off), "");
  EXPECT_FALSE(log::enabled(Level::error));
}

TEST_F(Log, WritesALineWithTimeAndLevel) {
  testing::internal::CaptureStderr();
  log::warning("{} did\nnot\x1b stop", "i-0abc");
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              MatchesRegex("20..-..-..T..:..:..\\....Z warning: i-0abc did not\\\\x1b stop\n"));
}

}  // namespace
}  // namespace pitstop
