#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backup/observer.hpp"

namespace pitstop {

/// How soon a server has to be looked at, the most urgent first.
enum class BoardRank { down, under_way, waiting, not_backed_up, done };

/// How a server counts among the others of its run.
enum class BoardStage { waiting, under_way, done, failed, refused };
inline constexpr std::size_t board_stages = 5;

/// What one server of the board is at, as its events tell.
class BoardServer {
 public:
  void saw(const Event& event, Instant now);

  /// One or two words: "awaiting progress".
  std::string_view phase() const;

  BoardRank rank() const;
  BoardStage stage() const;

  /// Whether all is over but the copying: it is up again, or its backup has ended.
  bool is_through() const;

  bool is_down() const { return down_since_.has_value(); }
  std::optional<Instant> down_since() const { return down_since_; }
  /// How long the outage was that is over.
  std::optional<Duration> was_down() const { return was_down_; }

  std::string title;
  std::vector<SnapshotOutcome> snapshots;

 private:
  bool has_ended() const { return step_ == Step::finished; }

  std::optional<Step> step_;
  std::string outcome_;
  std::optional<Instant> down_since_;
  /// A start was asked for and has not succeeded yet.
  bool is_starting_ = false;
  std::optional<Duration> was_down_;
};

}  // namespace pitstop
