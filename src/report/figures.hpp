#pragma once

#include <optional>
#include <string>
#include <vector>

#include "journal/backup_record.hpp"
#include "report/availability.hpp"

/// What the backups of the past amount to. `pitstop report --help` defines every figure in words.
namespace pitstop {

struct ReportPeriod {
  std::optional<WallTime> since;  ///< the first backup of each server if nothing
  WallTime until;                 ///< not included
};

/// Time that was spent on something, each time anew.
struct Spent {
  Duration total{};
  std::optional<Duration> median;  ///< nothing if it never happened
  std::optional<Duration> worst;
};

/// What waiting for the snapshots to complete, instead of starting, would have added.
struct Saved {
  Duration total{};
  std::size_t known = 0;    ///< how many backups that is of
  std::size_t unknown = 0;  ///< of how many it is not known: nobody followed their snapshots
};

/// A server that pitstop stopped and could not start again.
struct LeftDown {
  InstanceId instance;
  WallTime since;
  /// When the next backup found it running: it was down until then at most. Nothing if none did.
  std::optional<WallTime> found_running;
};

/// Of one server, or of several together.
struct Figures {
  WallTime since;
  WallTime until;
  std::size_t good = 0;
  std::size_t failed = 0;
  std::size_t refused = 0;
  /// The total is all downtime within the period, that of servers left down included.
  Spent downtime;
  Spent stop;
  Spent snapshot;
  Spent gate;
  Spent start;
  /// A lower bound if something was left down.
  Availability availability{Duration(0), Duration(0)};
  /// From one stop of a server to its next: the median, or what the user said.
  std::optional<Duration> cadence;
  std::optional<Availability> at_cadence;
  Saved saved;
  std::vector<LeftDown> left_down;
};

struct ServerFigures {
  InstanceId instance;
  std::string name;
  std::string region;
  Figures figures;
};

struct ReportFigures {
  std::vector<ServerFigures> servers;  ///< by name
  Figures all;
};

/// The figures of a period. `records` are those of all time, ordered by when they began: a server
/// may have been left down before the period. Servers without a backup and without downtime in it
/// are left out.
ReportFigures figures_of(const std::vector<BackupRecord>& records, const ReportPeriod& period,
                         std::optional<Duration> cadence = {});

}  // namespace pitstop
