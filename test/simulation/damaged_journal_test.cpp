// A journal that has lost its end, or whose bits have flipped: no server is abandoned. Either it is
// recovered, or it is said, and its tag stays.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "backup/down_tag.hpp"
#include "base/contains.hpp"
#include "base/environment.hpp"
#include "simulation/crashes.hpp"
#include "support/pit_bench.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop::test {
namespace {

namespace fs = std::filesystem;

using Bytes = std::vector<char>;

bool tries_all() {
  return Environment::of_process().get("PITSTOP_CRASHES") == "all";
}

Bytes read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& file, const Bytes& bytes) {
  std::ofstream stream(file, std::ios::binary);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// The files of a journal.
struct Files {
  Bytes database;
  Bytes log;
};

/// A server that is down, as its run has left it that was killed there, and the journal of that.
class DownServer {
 public:
  DownServer() : world(one_quick_server()) {
    world.journal = *Journal::open(directory.path());
    RecordingObserver observer(world.time);
    observer.on_event = [this](const Event& event) {
      if (event.step == Step::snapshots_created) {
        world.time.kill();
      }
    };
    world.observer = &observer;
    world.killing = {.at_moment = std::numeric_limits<int>::max()};
    EXPECT_FALSE(world.back_up({.wait = false}));
    world.killing = {};
    world.observer = nullptr;
    server = world.servers().front();
    EXPECT_EQ(state(), sim::InstanceState::stopped);
  }

  sim::InstanceState state() { return world.region().instances.at(server).state(); }
  bool is_tagged() { return world.region().instances.at(server).tags.contains(down_tag_key); }

  fs::path database() const { return directory.path() / "journal.db"; }
  fs::path log() const { return directory.path() / "journal.db-wal"; }

  /// As a copy of the directory has them; `is_settled`: with all of the log in the database.
  Files files(bool is_settled) {
    if (is_settled) {
      world.journal = Journal::in_memory();
    }
    return {read(database()), fs::exists(log()) ? read(log()) : Bytes()};
  }

  /// From now on that is the journal. False, and an empty one, if it cannot be opened.
  bool replace_journal(const Files& by) {
    world.journal = Journal::in_memory();
    for (const auto& entry : fs::directory_iterator(directory.path())) {
      fs::remove_all(entry);
    }
    write(database(), by.database);
    if (!by.log.empty()) {
      write(log(), by.log);
    }
    auto opened = Journal::open(directory.path());
    if (opened) {
      world.journal = *std::move(opened);
    }
    return opened.has_value();
  }

  /// What is wrong after a recovery with this journal; empty: nothing.
  std::string recover() {
    if (!world.recover()) {
      return "the recovery did not end";
    }
    const bool is_told = world.search_error || contains(world.left_alone, server) ||
                         (!world.recovered.empty() && !world.recovered.front().left_behind.empty());
    if (state() != sim::InstanceState::running && (!is_told || !is_tagged())) {
      return fmt::format("left down{}{}", is_told ? "" : ", and nobody says so",
                         is_tagged() ? "" : ", without its tag");
    }
    if (is_tagged() && !is_told) {
      return "still has its tag, and nobody says so";
    }
    return "";
  }

  /// When everything else has failed: without the journal, when the time of the tag is over.
  std::string recover_later() {
    world.wait(std::chrono::hours(3));
    if (!world.recover() || world.search_error) {
      world.journal = Journal::in_memory();
      world.recover();
    }
    return state() == sim::InstanceState::running ? "" : "is never brought back";
  }

  void expect_not_abandoned(const std::string& where) {
    EXPECT_EQ(recover(), "") << where;
    EXPECT_EQ(recover_later(), "") << where;
  }

  TemporaryDirectory directory;
  SimulatedWorld world;
  InstanceId server;
};

TEST(DamagedJournals, ThatLackTheirEndAbandonNoServer) {
  constexpr std::size_t header = 32;
  constexpr std::size_t frame = 4096 + 24;
  const auto all = DownServer().files(false).log.size();
  ASSERT_GT(all, header + 10 * frame) << "all of it is in the log";
  for (std::size_t length = header; length <= all; length += frame) {
    DownServer down;
    auto files = down.files(false);
    files.log.resize(std::min(length, files.log.size()));
    ASSERT_TRUE(down.replace_journal(files));
    down.expect_not_abandoned(fmt::format("{} frames of the log", (length - header) / frame));
  }
}

/// The same one mark after the other, at each of the moments of a run.
TEST(DamagedJournals, ThatLackTheirLastMarksAbandonNoServer) {
  std::size_t marks = 1;
  for (std::size_t lost = 0; lost <= marks; ++lost) {
    DownServer down;
    auto open = *down.world.journal.open_backups();
    ASSERT_EQ(open.size(), 1U);
    marks = open.front().marks.size();
    auto kept = std::exchange(open.front().marks, {});
    kept.resize(kept.size() - lost);
    down.world.journal = Journal::in_memory();
    ASSERT_TRUE(down.world.journal.open_backup(open.front()));
    for (const auto& mark : kept) {
      ASSERT_TRUE(down.world.journal.mark(open.front().run, down.server, mark));
    }
    EXPECT_EQ(down.recover(), "") << lost << " marks lost";
    EXPECT_EQ(down.state(), sim::InstanceState::running) << lost << " marks lost";
    EXPECT_FALSE(down.is_tagged());
    EXPECT_TRUE(down.world.journal.open_backups()->empty());
  }
  EXPECT_GE(marks, 3U);
}

TEST(DamagedJournals, WithAFlippedBitAbandonNoServer) {
  SeededRandom random(20);
  const int flips = tries_all() ? 2000 : 50;
  int unreadable = 0;
  for (int i = 0; i < flips; ++i) {
    DownServer down;
    auto files = down.files(true);
    // What is empty has nothing to lose, and what is in the first page is seen at once, mostly.
    const std::size_t first = i % 4 == 0 ? 0 : 4096;
    const auto rest = static_cast<double>(files.database.size() - first);
    std::size_t place = 0;
    do {
      place = first + static_cast<std::size_t>(random.unit() * rest);
    } while (files.database[place] == 0);
    const int bit = static_cast<int>(random.unit() * 8);
    files.database[place] = static_cast<char>(files.database[place] ^ (1 << bit));
    const auto where = fmt::format("bit {} of byte {}", bit, place);
    if (!down.replace_journal(files)) {
      ++unreadable;  // it says so, and ends
      EXPECT_EQ(down.recover_later(), "") << where;
      continue;
    }
    down.expect_not_abandoned(where);
  }
  EXPECT_LT(unreadable, flips);
}

}  // namespace
}  // namespace pitstop::test
