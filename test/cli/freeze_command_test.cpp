#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "cli/freeze_template.hpp"
#include "command_bench.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string printed_document() {
  CommandBench bench;
  auto printed = bench.run({"freeze", "template"});
  EXPECT_EQ(printed.status, 0);
  return printed.output;
}

TEST(FreezeCommand, HelpsInAPage) {
  CommandBench().expect_help({"freeze", "--help"}, "cli/golden/freeze_help.txt");
  CommandBench().expect_help({"freeze", "template", "--help"},
                             "cli/golden/freeze_template_help.txt");
}

TEST(FreezeTemplate, HasNothingThatCfnLintMinds) {
  if (!find_program("cfn-lint")) {
    GTEST_SKIP() << "cfn-lint is not on the PATH";
  }
  const TemporaryDirectory directory;
  directory.write("freeze.yaml", printed_document());
  const auto linted = run_process({{"cfn-lint", (directory / "freeze.yaml").string()}});
  EXPECT_EQ(linted.exit_status, 0) << linted.output;
}

/// The script of the document, with programs in the place of fsfreeze and findmnt that only write
/// down what they are asked for.
class FreezeScript : public testing::Test {
 protected:
  FreezeScript() {
    std::filesystem::create_directory(path("bin"));
    put("fsfreeze", "echo \"$1 $2\" >> " + path("calls") + "\n[ \"$1 $2\" != \"$(cat " +
                        path("refused") + " 2>/dev/null)\" ]\n");
    put("findmnt",
        "case \"$*\" in\n"
        "*-T*/var*) echo /dev/sdv ;;\n"
        "*-T*) echo /dev/sda1 ;;\n"
        "*) cat " +
            path("mounts") + " ;;\nesac\n");
    directory_.write("mounts",
                     "/dev/sda1 /\n/dev/sda1 /srv/bound\n/dev/sdv /var\n/dev/sdf /data\n"
                     "/dev/sdf[/sub] /mnt/again\n/dev/sdg /with a space\n");
  }

  std::string path(const std::string& name) { return (directory_ / name).string(); }

  void put(const std::string& program, const std::string& text) {
    directory_.write("bin/" + program, "#!/bin/sh\n" + text);
    std::filesystem::permissions(path("bin/" + program), std::filesystem::perms::owner_all);
  }

  ProcessResult run(const std::string& action, const std::string& backup = "b-0123456789ab",
                    const std::string& longest = "30") {
    auto text = std::string(freeze_script());
    for (const auto& [from, to] :
         std::vector<std::pair<std::string, std::string>>{{"{{ Action }}", action},
                                                          {"{{ Backup }}", backup},
                                                          {"longest=30", "longest=" + longest},
                                                          {"/run/pitstop-freeze", path("state")}}) {
      for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
        text.replace(at, from.size(), to);
        at += to.size();
      }
    }
    directory_.write("script", text);
    return run_process({{"sh", "-c", "PATH=" + path("bin") + ":$PATH sh " + path("script")}});
  }

  std::vector<std::string> calls() {
    std::ifstream file(path("calls"));
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
      lines.push_back(line);
    }
    return lines;
  }

  TemporaryDirectory directory_;
};

TEST_F(FreezeScript, FreezesEachDataFileSystemOnceAndThawsTheLastOneFirst) {
  const auto frozen = run("freeze");
  EXPECT_EQ(frozen.exit_status, 0) << frozen;
  EXPECT_THAT(frozen.output, HasSubstr("/with a space\n/mnt/again\n"));
  EXPECT_EQ(run("thaw").exit_status, 0);
  EXPECT_THAT(calls(), ElementsAre("-f /with a space", "-f /mnt/again", "-u /mnt/again",
                                   "-u /with a space"));
  EXPECT_FALSE(std::filesystem::exists(path("state")));
}

TEST_F(FreezeScript, IsAskedTwiceAndFreezesOnce) {
  EXPECT_EQ(run("freeze").exit_status, 0);
  const auto again = run("freeze");
  EXPECT_EQ(again.exit_status, 0);
  EXPECT_THAT(again.output, HasSubstr("/mnt/again"));
  const auto other = run("freeze", "b-ba9876543210");
  EXPECT_EQ(other.exit_status, 21);
  EXPECT_THAT(other.errors, HasSubstr("another freeze is going on"));
  EXPECT_EQ(run("thaw", "b-ba9876543210").exit_status, 25);
  EXPECT_EQ(run("thaw").exit_status, 0);
  EXPECT_EQ(calls().size(), 4U);
}

TEST_F(FreezeScript, ThawsWhatItHasFrozenWhereTheRestCannotBe) {
  directory_.write("refused", "-f /mnt/again");
  const auto frozen = run("freeze");
  EXPECT_EQ(frozen.exit_status, 22);
  EXPECT_THAT(frozen.errors, HasSubstr("/mnt/again cannot be frozen"));
  EXPECT_THAT(calls(), ElementsAre("-f /with a space", "-f /mnt/again", "-u /with a space"));
  EXPECT_EQ(run("thaw").exit_status, 25);
}

TEST_F(FreezeScript, ThawsByItself) {
  // Long enough for a slow machine to freeze everything before.
  EXPECT_EQ(run("freeze", "b-0123456789ab", "3").exit_status, 0);
  while (std::filesystem::exists(path("state"))) {
    std::this_thread::sleep_for(Milliseconds(20));
  }
  EXPECT_EQ(calls().size(), 4U);
  const auto late = run("thaw");
  EXPECT_EQ(late.exit_status, 25);
  EXPECT_THAT(late.errors, HasSubstr("not frozen any more"));
}

TEST_F(FreezeScript, DoesNotSayThatWhatSomebodyElseHasThawedWasFrozen) {
  // Long enough for a busy machine to come to the next line.
  EXPECT_EQ(run("freeze", "b-0123456789ab", "6").exit_status, 0);
  directory_.write("refused", "-u /mnt/again");
  EXPECT_EQ(run("thaw").exit_status, 26);
  directory_.write("refused", "");
  while (std::filesystem::exists(path("state"))) {
    std::this_thread::sleep_for(Milliseconds(20));
  }
  EXPECT_EQ(calls().back(), "-u /with a space");
}

TEST_F(FreezeScript, DoesNotFreezeTheSystem) {
  directory_.write("mounts", "/dev/sda1 /\n/dev/sdv /var\n");
  const auto frozen = run("freeze");
  EXPECT_EQ(frozen.exit_status, 24);
  EXPECT_THAT(frozen.errors, HasSubstr("no data file system"));
  EXPECT_THAT(calls(), IsEmpty());
}

}  // namespace
}  // namespace pitstop
