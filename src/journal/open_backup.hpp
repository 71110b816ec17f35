#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace pitstop {

/// What a backup writes down before EC2 hears of it: whoever finds the entry of a process that is
/// gone knows from these how far it may have come.
enum class Mark {
  prime,         ///< a first set of snapshots is taken, while the server runs
  fast_restore,  ///< fast snapshot restore is enabled; the detail is the restore
  tag,           ///< the server gets its tag `pitstop:down`
  rotation,      ///< the tag says so, too: it is taken out of what the detail names
  guard,         ///< a schedule is made that starts the server in the end
  reserve,       ///< a capacity reservation is made
  stop,          ///< from here on the server may be down because of us
  force,         ///< the stop is forced
  snapshots,     ///< the set is asked for; the detail is what it is worth
  volumes,  ///< volumes are made that are to take the places of others; the detail is the restore
  swap,     ///< from here on volumes may be exchanged
  start,    ///< the server is started; the detail is what opened the gate, if anything did
  running,  ///< it runs, or was not stopped: only tidying up and following are left
};

std::string_view to_string(Mark mark);
std::optional<Mark> parse_mark(std::string_view text);

struct MarkRecord {
  WallTime at;
  Mark mark = Mark::tag;
  std::string detail;

  bool operator==(const MarkRecord&) const = default;
};

/// The backup of one server that is under way, or was when its process ended.
struct OpenBackup {
  RunId run;
  BackupId backup;
  InstanceId instance;
  std::string name;  ///< the instance's tag "Name"
  std::string region;
  std::string role = {};  ///< the ARN of the one that was assumed for its account; empty: none
  WallTime opened;
  std::string start_when;
  std::string policy = {};     ///< that asked for it
  bool found_stopped = false;  ///< it is not to be started, whatever happens
  std::string holder;          ///< "process 4711 on host-1", for people
  std::vector<MarkRecord> marks = {};

  bool operator==(const OpenBackup&) const = default;

  /// The first mark of that kind, or null.
  const MarkRecord* find(Mark mark) const;

  /// The last one.
  const MarkRecord* find_last(Mark mark) const;
};

}  // namespace pitstop
