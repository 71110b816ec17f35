#pragma once

#include <array>
#include <optional>
#include <string>

#include "report/board_server.hpp"
#include "report/throughput.hpp"

namespace pitstop {

/// An outage that is over, and whose it was.
struct PastOutage {
  Duration length{};
  std::string title;
};

/// What the servers of a run amount to, kept as each of them changes.
class FleetTotals {
 public:
  void add(const BoardServer& server);

  /// Before a server changes; it is added again after that.
  void remove(const BoardServer& server);

  /// A server has got through: it is up again, or has ended.
  void got_through(const BoardServer& server, Instant now);

  std::size_t servers() const { return servers_; }
  std::size_t count(BoardStage stage) const { return stages_[static_cast<std::size_t>(stage)]; }
  std::size_t down() const { return down_; }
  std::size_t through() const { return through_; }
  const std::optional<PastOutage>& worst() const { return worst_; }
  const Throughput& throughput() const { return throughput_; }

 private:
  std::size_t servers_ = 0;
  std::array<std::size_t, board_stages> stages_{};
  std::size_t down_ = 0;
  std::size_t through_ = 0;
  std::optional<PastOutage> worst_;
  Throughput throughput_;
};

}  // namespace pitstop
