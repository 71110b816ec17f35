#include "report/wording.hpp"

#include <gtest/gtest.h>

#include "sample.hpp"

namespace pitstop {
namespace {

using namespace test;

TEST(Wording, TitlesAServerByNameAndId) {
  EXPECT_EQ(title_of(sample_instance(web, "web-1")), "web-1 (i-0123456789abcdef0)");
  EXPECT_EQ(title_of(sample_instance(web)), "i-0123456789abcdef0");
}

TEST(Wording, CutsALongNameAndKeepsTheId) {
  EXPECT_EQ(title_of(sample_instance(web, std::string(200, 'x'))),
            std::string(39, 'x') + "… (i-0123456789abcdef0)");
}

TEST(Wording, MakesControlCharactersInANameHarmless) {
  EXPECT_EQ(title_of(sample_instance(web, "a\x1b[2Jb\nc")), "a\\x1b[2Jb c (i-0123456789abcdef0)");
}

TEST(Wording, KnowsTheTitlesAndTheWidestOfThem) {
  Titles titles;
  titles.add(sample_instance(web, "数据"));
  titles.add(sample_instance(nameless));
  EXPECT_EQ(titles.of(web), "数据 (i-0123456789abcdef0)");
  EXPECT_EQ(titles.of(database), database.str());
  EXPECT_EQ(titles.width(), 26U);
}

TEST(Wording, HasALineForTheErrorAndOneForTheHint) {
  EXPECT_EQ(error_lines({ErrorKind::refused, "it is broken", "mend it", ""}),
            "error: it is broken\nHINT: mend it\n");
  EXPECT_EQ(error_lines({ErrorKind::refused, "it is\nbroken", "", ""}), "error: it is broken\n");
}

TEST(Wording, NamesTheServerInItsErrors) {
  const auto lines = [](std::string message) {
    return error_lines({ErrorKind::refused, std::move(message), "", ""}, nameless,
                       "db (i-0a1b2c3d)");
  };
  EXPECT_EQ(lines("i-0a1b2c3d did not stop"), "error: db (i-0a1b2c3d) did not stop\n");
  EXPECT_EQ(lines("i-0a1b2c3d: too many tags"), "error: db (i-0a1b2c3d): too many tags\n");
  EXPECT_EQ(lines("snap-1 is lost"), "error: db (i-0a1b2c3d): snap-1 is lost\n");
  EXPECT_EQ(lines("i-0a1b2c3d4 is another"), "error: db (i-0a1b2c3d): i-0a1b2c3d4 is another\n");
}

TEST(Wording, DoesNotNameTheServerTwiceInALine) {
  EXPECT_EQ(event_lines(sample_event(web, Step::warning, web.str() + " did not stop within 10m",
                                     "see its system log"),
                        "web-1", 8),
            "2026-11-23T00:16:00.250Z  web-1     warning: did not stop within 10m\n"
            "HINT: see its system log\n");
  EXPECT_EQ(without_subject("i-0123456789abcdef0: it is stopped", web), "it is stopped");
  EXPECT_EQ(without_subject("i-0123456789abcdef01 is another", web),
            "i-0123456789abcdef01 is another");
}

TEST(Wording, SaysWhenTheDeadlineOpenedTheGate) {
  EXPECT_EQ(event_text(sample_event(web, Step::gate_opened, "progress")), "gate open: progress\n");
  EXPECT_EQ(event_text(sample_event(web, Step::gate_opened, "deadline")),
            "deadline reached before the gate opened\n");
}

TEST(Wording, HasAPhraseForEveryStep) {
  for (int step = 0; step <= static_cast<int>(Step::finished); ++step) {
    EXPECT_GT(event_text(sample_event(web, static_cast<Step>(step))).size(), 5U);
  }
}

TEST(Wording, SaysHowToStartWhatIsDown) {
  EXPECT_EQ(down_lines({}, {}), "");
  EXPECT_EQ(down_lines({web, nameless}, {}),
            "error: DOWN, stopped by pitstop and not running: i-0123456789abcdef0, i-0a1b2c3d\n"
            "HINT: pitstop recover brings them back; or aws ec2 start-instances --instance-ids "
            "i-0123456789abcdef0 i-0a1b2c3d\n");
}

}  // namespace
}  // namespace pitstop
