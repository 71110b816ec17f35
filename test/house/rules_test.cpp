// The rules of the house that matter, as tests: who may include whom, and what only the doors may
// do.

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "base/text.hpp"

namespace pitstop::test {
namespace {

namespace fs = std::filesystem;

struct SourceFile {
  std::string path;    ///< "src/ec2/watch.cpp"
  std::string folder;  ///< "ec2"; empty for what lies directly in src/
  std::vector<std::string> lines;
};

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::vector<SourceFile> files_below(const std::string& top) {
  const fs::path root(PITSTOP_SOURCE_DIR);
  std::vector<SourceFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
    const auto extension = entry.path().extension();
    if (extension == ".cpp" || extension == ".hpp") {
      const auto relative = fs::relative(entry.path(), root);
      const auto below = fs::relative(entry.path().parent_path(), root / top).string();
      files.push_back({relative.string(), below == "." ? "" : below, lines_of(entry.path())});
    }
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

// Bottom to top. A folder may include itself and what stands before it.
const std::vector<std::string> layers{"base",    "http",   "schedule", "aws",     "ec2",
                                      "journal", "backup", "catalog",  "restore", "prune",
                                      "copy",    "report", "cli",      ""};

std::ptrdiff_t height(const std::string& folder) {
  return std::ranges::find(layers, folder) - layers.begin();
}

TEST(House, AFolderKnowsOnlyThoseBelowIt) {
  const std::regex include("^\\s*#\\s*include\\s+\"(([a-z0-9_]+)/[^\"]*)\"");
  const auto files = files_below("src");
  ASSERT_GT(files.size(), 50U) << "the sources are not where they should be";
  for (const auto& file : files) {
    ASSERT_LT(height(file.folder), std::ssize(layers))
        << file.path << ": give this folder its place among the layers";
    for (const auto& line : file.lines) {
      std::smatch found;
      if (std::regex_search(line, found, include) && found[2] != "sim") {
        EXPECT_LT(height(found[2]), std::ssize(layers)) << file.path << " includes " << found[1];
        EXPECT_LE(height(found[2]), height(file.folder)) << file.path << " includes " << found[1];
      }
    }
  }
}

/// The folder of src/ or sim/ that a line includes from; empty if none.
std::string included_folder(const std::string& line) {
  static const std::regex include("^\\s*#\\s*include\\s+\"([a-z0-9_]+)/");
  std::smatch found;
  return std::regex_search(line, found, include) ? found[1].str() : "";
}

TEST(House, TheSimulatorSharesNoCodeWithWhatItTests) {
  const std::set<std::string> shared{"", "sim", "base", "http"};
  const auto files = files_below("sim");
  ASSERT_GT(files.size(), 50U);
  for (const auto& file : files) {
    for (const auto& line : file.lines) {
      EXPECT_TRUE(shared.contains(included_folder(line))) << file.path << ": " << line;
    }
  }
}

TEST(House, OnlyTheDemoKnowsTheSimulator) {
  for (const auto& file : files_below("src")) {
    for (const auto& line : file.lines) {
      EXPECT_TRUE(included_folder(line) != "sim" || file.path.starts_with("src/cli/demo_"))
          << file.path << ": " << line;
    }
  }
}

std::vector<SourceFile> all_sources() {
  auto files = files_below("src");
  std::ranges::move(files_below("sim"), std::back_inserter(files));
  return files;
}

TEST(House, OneFolderIsOneTargetLinkedToThoseBelowIt) {
  const std::regex declaration("pitstop_folder\\((\\w+) LINKS ([^)]*)\\)");
  std::set<std::string> declared;
  for (const auto& line : lines_of(fs::path(PITSTOP_SOURCE_DIR) / "CMakeLists.txt")) {
    std::smatch found;
    if (!std::regex_search(line, found, declaration)) {
      continue;
    }
    declared.insert(found[1]);
    std::istringstream links(found[2]);
    for (std::string link; links >> link;) {
      if (link.starts_with("pitstop_") && link != "pitstop_sim") {
        EXPECT_LT(height(link.substr(8)), height(found[1])) << line;
      }
    }
  }
  for (const auto& file : files_below("src")) {
    EXPECT_TRUE(file.folder.empty() || declared.contains(file.folder))
        << file.path << " belongs to no target";
  }
}

struct Ban {
  std::vector<std::string> words;
  std::string instead;
  std::set<std::string> allowed_in;
};

bool is_part_of_a_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Whether `word` stands in the code, and not as a part of a longer name.
bool uses(std::string_view code, std::string_view word) {
  for (auto at = code.find(word); at != std::string_view::npos; at = code.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins =
        at == 0 || !is_part_of_a_name(word.front()) || !is_part_of_a_name(code[at - 1]);
    const bool ends =
        end == code.size() || !is_part_of_a_name(word.back()) || !is_part_of_a_name(code[end]);
    if (begins && ends) {
      return true;
    }
  }
  return false;
}

TEST(House, OnlyTheDoorsAskTheSystem) {
  const std::vector<Ban> bans{
      {{"system_clock::now", "steady_clock::now", "time(nullptr)", "gettimeofday", "clock_gettime"},
       "Clock::now or Clock::wall",
       {"src/base/system_clock.cpp", "src/http/curl_multi.cpp"}},
      // run_program waits for a program and its time limit at once, which a Clock cannot.
      {{"sleep_for", "usleep", "nanosleep", "steady_timer", "timerfd_create"},
       "Clock::sleep",
       {"src/base/system_clock.cpp", "src/http/curl_multi.cpp", "src/base/run_program.cpp"}},
      {{"random_device", "mt19937", "mt19937_64", "rand(", "uniform_int_distribution"},
       "Random",
       {"src/base/random.cpp"}},
      {{"getenv", "environ"},
       "Environment, handed in",
       {"src/base/environment.cpp", "src/base/spawn.cpp"}},
      {{"geteuid"}, "Surroundings::is_root", {"src/cli/real_world.cpp"}},
      {{"std::cout", "std::cerr", "printf(", "fmt::print("},
       "the streams of Surroundings, or log",
       {"src/cli/real_world.cpp", "src/base/check.cpp", "sim/ec2sim/main.cpp"}},
      {{"asio::detached", "catch (...)"}, "begin(), or an error that is handed on", {}},
      {{"co_spawn", "async_initiate", "any_completion_handler"},
       "begin, concurrently, OneShot",
       {"src/base/concurrently.cpp", "src/base/one_shot.hpp", "src/cli/real_world.cpp",
        "sim/virtual_time.cpp", "sim/ec2sim/server.cpp"}},
      {{"system(", "popen(", "fork(", "posix_spawn", "posix_spawnp"},
       "launch or run_program, without a shell",
       {"src/base/spawn.cpp"}},
      {{"waitpid(-1"}, "waitpid for the one child that is one's own", {}},
      {{"using namespace std;", "NOLINT", "TODO", "FIXME", "XXX"}, "nothing of the kind", {}},
  };
  for (const auto& file : all_sources()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto code = std::string_view(file.lines[i]).substr(0, file.lines[i].find("//"));
      for (const auto& ban : bans) {
        for (const auto& word : ban.words) {
          EXPECT_TRUE(!uses(code, word) || ban.allowed_in.contains(file.path))
              << file.path << ':' << i + 1 << ": " << trimmed(file.lines[i]) << "\n  use "
              << ban.instead;
        }
      }
    }
  }
}

TEST(House, ExceptionsToTheRulesAreStillNeeded) {
  for (const auto* path :
       {"src/base/system_clock.cpp", "src/http/curl_multi.cpp", "src/base/random.cpp",
        "src/base/environment.cpp", "src/base/spawn.cpp", "src/base/run_program.cpp",
        "src/cli/real_world.cpp", "src/base/check.cpp", "src/base/concurrently.cpp",
        "src/base/one_shot.hpp", "sim/ec2sim/main.cpp", "sim/virtual_time.cpp",
        "sim/ec2sim/server.cpp"}) {
    EXPECT_TRUE(fs::exists(fs::path(PITSTOP_SOURCE_DIR) / path)) << path;
  }
}

TEST(House, SlowHeadersStayInSourceFiles) {
  const std::regex slow(
      "#include "
      "<(CLI/|nlohmann/json\\.hpp|spdlog/|boost/asio\\.hpp|boost/asio/"
      "(co_spawn|steady_timer|io_context))");
  const std::string cli11_subclass = "src/cli/help_formatter.hpp";
  for (const auto& file : files_below("src")) {
    for (const auto& line : file.lines) {
      if (file.path.ends_with(".hpp") && file.path != cli11_subclass) {
        EXPECT_FALSE(std::regex_search(line, slow)) << file.path << ": " << line;
      }
    }
  }
}

/// "1 servers" is nothing that a person would say: numbers that may be one go through `counted`.
TEST(House, WhatMayBeOneIsCounted) {
  const std::regex plural(R"(\{\} (API calls|servers|backups|snapshots|reasons|leftovers|images))");
  // Where there are always two and more, or as many as AWS says.
  const std::set<std::string> always_more{
      "src/report/server_list.cpp",   "src/report/fleet_header.cpp",
      "src/report/fleet_summary.cpp", "src/report/figures_text.cpp",
      "src/report/copy_text.cpp",     "src/report/policy_state.cpp",
      "src/cli/backup_command.cpp",   "src/restore/restore_plan.cpp",
      "src/backup/fast_restoring.cpp"};
  for (const auto& file : files_below("src")) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_TRUE(!std::regex_search(file.lines[i], plural) || always_more.contains(file.path))
          << file.path << ':' << i + 1 << ": " << trimmed(file.lines[i]);
    }
  }
}

TEST(House, FilesStayShort) {
  std::vector<std::size_t> sources;
  std::vector<std::size_t> headers;
  for (const auto& file : all_sources()) {
    (file.path.ends_with(".hpp") ? headers : sources).push_back(file.lines.size());
    EXPECT_LE(file.lines.size(), 400U) << file.path;
  }
  std::ranges::sort(sources);
  std::ranges::sort(headers);
  EXPECT_LE(sources[sources.size() / 2], 150U);
  EXPECT_LE(headers[headers.size() / 2], 65U);
}

TEST(House, EveryHeaderGuardsItself) {
  for (const auto* top : {"src", "sim", "test"}) {
    for (const auto& file : files_below(top)) {
      if (file.path.ends_with(".hpp")) {
        EXPECT_TRUE(std::ranges::find(file.lines, "#pragma once") != file.lines.end()) << file.path;
      }
    }
  }
}

}  // namespace
}  // namespace pitstop::test
