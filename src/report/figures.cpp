#include "report/figures.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "backup/outcome.hpp"

namespace pitstop {
namespace {

using Durations = std::vector<Duration>;

/// What the figures are made from, of one server or of several.
struct Material {
  WallTime since;
  WallTime until;
  Duration watched{};  ///< the periods of all servers, one after the other
  Duration down{};
  std::size_t good = 0;
  std::size_t failed = 0;
  std::size_t refused = 0;
  Durations downtimes;
  Durations stops;
  Durations snapshots;
  Durations gates;
  Durations starts;
  Durations between_stops;
  Saved saved;
  std::vector<LeftDown> left_down;
};

bool is(const BackupRecord& record, Outcome outcome) {
  return record.outcome == to_string(outcome);
}

/// A restore in place that takes no backup before has an outage, and no snapshots.
bool is_good(const BackupRecord& record) {
  return !record.snapshots.empty() &&
         (is(record, Outcome::completed) || is(record, Outcome::following));
}

/// Whether pitstop stopped the server, which was running then.
bool was_stopped(const BackupRecord& record) {
  return record.downtime.has_value() || record.left_down;
}

void count(Material& material, const BackupRecord& record) {
  material.good += is_good(record) ? 1 : 0;
  material.failed += is(record, Outcome::failed) ? 1 : 0;
  material.refused += is(record, Outcome::refused) ? 1 : 0;
}

void append(Durations& durations, const std::optional<Milliseconds>& duration) {
  if (duration) {
    durations.emplace_back(*duration);
  }
}

void append(Durations& durations, const Durations& more) {
  durations.insert(durations.end(), more.begin(), more.end());
}

void add_outage(Material& material, const BackupRecord& record) {
  if (!record.downtime) {
    return;
  }
  append(material.downtimes, record.downtime);
  append(material.stops, record.phases.stop);
  append(material.snapshots, record.phases.snapshot);
  append(material.gates, record.phases.gate);
  append(material.starts, record.phases.start);
}

void add_saving(Material& material, const BackupRecord& record) {
  if (!is_good(record) || !record.downtime || !record.phases.start) {
    return;
  }
  if (!record.snapshots_completed) {
    ++material.saved.unknown;
    return;
  }
  const WallTime start_requested = record.begun + *record.downtime - *record.phases.start;
  const Duration waiting = *record.snapshots_completed - start_requested;
  material.saved.total += std::max(waiting, Duration(0));
  ++material.saved.known;
}

/// Adds the downtime within the period, and what was left down in it. `history` is one server's.
void add_downtime(Material& material, const std::vector<BackupRecord>& history) {
  WallTime counted = material.since;
  for (auto record = history.begin(); record != history.end(); ++record) {
    if (!was_stopped(*record)) {
      continue;
    }
    const auto next = std::find_if(std::next(record), history.end(), was_stopped);
    const bool found_running = next != history.end();
    const WallTime up = record->downtime ? record->begun + *record->downtime
                        : found_running  ? next->begun
                                         : material.until;
    const WallTime begin = std::max(record->begun, counted);
    const WallTime end = std::min(up, material.until);
    if (begin >= end) {
      continue;
    }
    counted = end;
    material.down += end - begin;
    if (record->left_down) {
      material.left_down.push_back({record->instance, record->begun,
                                    found_running ? std::optional(next->begun) : std::nullopt});
    }
  }
}

Material material_of(const std::vector<BackupRecord>& history, const ReportPeriod& period) {
  Material material;
  material.since = period.since.value_or(history.front().begun);
  material.until = period.until;
  material.watched = material.until - material.since;
  std::optional<WallTime> last_stop;
  for (const auto& record : history) {
    if (record.begun < material.since) {
      continue;
    }
    count(material, record);
    add_outage(material, record);
    add_saving(material, record);
    if (was_stopped(record)) {
      if (last_stop) {
        material.between_stops.emplace_back(record.begun - *last_stop);
      }
      last_stop = record.begun;
    }
  }
  add_downtime(material, history);
  return material;
}

bool has_anything(const Material& material) {
  return material.good + material.failed + material.refused > 0 || material.down > Duration(0);
}

void add(Material& all, const Material& one) {
  all.since = all.watched == Duration(0) ? one.since : std::min(all.since, one.since);
  all.until = one.until;
  all.watched += one.watched;
  all.down += one.down;
  all.good += one.good;
  all.failed += one.failed;
  all.refused += one.refused;
  append(all.downtimes, one.downtimes);
  append(all.stops, one.stops);
  append(all.snapshots, one.snapshots);
  append(all.gates, one.gates);
  append(all.starts, one.starts);
  append(all.between_stops, one.between_stops);
  all.saved.total += one.saved.total;
  all.saved.known += one.saved.known;
  all.saved.unknown += one.saved.unknown;
  all.left_down.insert(all.left_down.end(), one.left_down.begin(), one.left_down.end());
}

std::optional<Duration> median(Durations durations) {
  if (durations.empty()) {
    return std::nullopt;
  }
  std::ranges::sort(durations);
  const auto middle = durations.size() / 2;
  return durations.size() % 2 == 1 ? durations[middle]
                                   : (durations[middle - 1] + durations[middle]) / 2;
}

Spent spent(const Durations& durations) {
  Spent spent{.total = std::reduce(durations.begin(), durations.end(), Duration(0)),
              .median = median(durations),
              .worst = {}};
  if (!durations.empty()) {
    spent.worst = std::ranges::max(durations);
  }
  return spent;
}

Figures evaluate(const Material& material, std::optional<Duration> cadence) {
  Figures figures{.since = material.since,
                  .until = material.until,
                  .good = material.good,
                  .failed = material.failed,
                  .refused = material.refused,
                  .downtime = spent(material.downtimes),
                  .stop = spent(material.stops),
                  .snapshot = spent(material.snapshots),
                  .gate = spent(material.gates),
                  .start = spent(material.starts),
                  .availability = {material.down, material.watched},
                  .cadence = cadence ? cadence : median(material.between_stops),
                  .at_cadence = {},
                  .saved = material.saved,
                  .left_down = material.left_down};
  figures.downtime.total = material.down;
  if (figures.cadence && figures.downtime.median) {
    figures.at_cadence.emplace(*figures.downtime.median, *figures.cadence);
  }
  return figures;
}

/// The newest name that is known.
std::string name_in(const std::vector<BackupRecord>& history) {
  for (auto record = history.rbegin(); record != history.rend(); ++record) {
    if (!record->name.empty()) {
      return record->name;
    }
  }
  return "";
}

}  // namespace

ReportFigures figures_of(const std::vector<BackupRecord>& records, const ReportPeriod& period,
                         std::optional<Duration> cadence) {
  std::map<InstanceId, std::vector<BackupRecord>> histories;
  for (const auto& record : records) {
    if (record.begun < period.until) {
      histories[record.instance].push_back(record);
    }
  }
  ReportFigures report;
  Material all;
  for (const auto& [instance, history] : histories) {
    const auto material = material_of(history, period);
    if (has_anything(material)) {
      report.servers.push_back(
          {instance, name_in(history), history.back().region, evaluate(material, cadence)});
      add(all, material);
    }
  }
  std::ranges::sort(report.servers, {}, [](const ServerFigures& server) {
    return std::pair(server.name, server.instance);
  });
  report.all = evaluate(all, cadence);
  return report;
}

}  // namespace pitstop
