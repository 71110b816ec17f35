#include "base/launch.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "support/temporary_directory.hpp"

namespace pitstop {
namespace {

using test::TemporaryDirectory;

/// What a program has written into a file in the end; programs are not waited for.
std::string text_of(const std::filesystem::path& file) {
  for (int tries = 0; tries < 1000 && !std::filesystem::exists(file); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

TEST(Launch, GivesTheProgramItsArgumentsAsTheyAreAndTheInput) {
  const TemporaryDirectory directory;
  const auto script = directory.write("note.sh",
                                      "#!/bin/sh\n"
                                      "{ cat; printf '%s' \"$2\"; } > \"$1.part\"\n"
                                      "mv \"$1.part\" \"$1\"\n");
  std::filesystem::permissions(script, std::filesystem::perms(0700));
  const auto file = directory / "noted";
  ASSERT_TRUE(launch({script.string(), file.string(), "$HOME; a 'b'"}, "an event\n"));
  EXPECT_EQ(text_of(file), "an event\n$HOME; a 'b'");
}

TEST(Launch, LooksForTheProgramInThePath) {
  EXPECT_TRUE(launch({"true"}, ""));
}

TEST(Launch, SaysWhyItCannot) {
  const auto launched = launch({"/nonexistent/page-me"}, "");
  ASSERT_FALSE(launched);
  EXPECT_EQ(launched.error().message,
            "\"/nonexistent/page-me\" cannot be started: no such file or directory");
}

TEST(Launch, KnowsWhatCanBeLaunched) {
  const TemporaryDirectory directory;
  const auto text = directory.write("text", "no program");
  EXPECT_TRUE(can_be_launched("sh", std::nullopt));
  EXPECT_TRUE(can_be_launched("sh", "/nonexistent:/bin"));
  EXPECT_TRUE(can_be_launched("/bin/sh", "/nonexistent"));
  EXPECT_FALSE(can_be_launched("sh", "/nonexistent"));
  EXPECT_FALSE(can_be_launched("page-me", std::nullopt));
  EXPECT_FALSE(can_be_launched(text.string(), std::nullopt));
  EXPECT_FALSE(can_be_launched(directory.path().string(), std::nullopt));
}

}  // namespace
}  // namespace pitstop
