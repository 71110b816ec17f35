#include "cli/state_directory.hpp"

#include <gtest/gtest.h>

namespace pitstop {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

struct Case {
  std::optional<std::string> flag;
  Variables variables;
  bool is_root;
  const char* directory;
};

TEST(StateDirectory, IsWhereUsersAndRootKeepTheirState) {
  const std::vector<Case> cases{
      {"/here", {{"XDG_STATE_HOME", "/x"}, {"HOME", "/h"}}, true, "/here"},
      {"here", {}, false, "here"},
      {{}, {{"XDG_STATE_HOME", "/x"}, {"HOME", "/h"}}, true, "/x/pitstop"},
      {{}, {{"XDG_STATE_HOME", "/x"}, {"HOME", "/h"}}, false, "/x/pitstop"},
      {{}, {{"HOME", "/h"}}, true, "/var/lib/pitstop"},
      {{}, {}, true, "/var/lib/pitstop"},
      {{}, {{"HOME", "/h"}}, false, "/h/.local/state/pitstop"},
      {{}, {{"XDG_STATE_HOME", ""}, {"HOME", "/h"}}, false, "/h/.local/state/pitstop"},
      {{}, {{"XDG_STATE_HOME", "x"}, {"HOME", "/h"}}, false, "/h/.local/state/pitstop"},
  };
  for (const auto& one : cases) {
    const auto chosen = choose_state_directory(one.flag, Environment(one.variables), one.is_root);
    ASSERT_TRUE(chosen);
    EXPECT_EQ(*chosen, one.directory);
  }
}

TEST(StateDirectory, HasToBeNamedByAUserWithoutHome) {
  const auto chosen = choose_state_directory({}, Environment(), false);
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().kind, ErrorKind::usage);
  EXPECT_EQ(chosen.error().message, "there is no directory for the journal: HOME is not set");
  EXPECT_EQ(chosen.error().hint, "name one by --state-dir");
}

}  // namespace
}  // namespace pitstop
