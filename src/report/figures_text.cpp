#include "report/figures_text.hpp"

#include <fmt/format.h>

#include <array>

#include "report/columns.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

constexpr auto under_title = "  ";
constexpr std::size_t label_width = 14;  // "at the cadence"

std::string_view nines_text(int nines) {
  constexpr std::array<std::string_view, 10> words = {
      "less than one nine", "one nine",  "two nines",   "three nines", "four nines",
      "five nines",         "six nines", "seven nines", "eight nines", "nine nines"};
  return words.at(static_cast<std::size_t>(nines));
}

std::string availability_text(const Availability& availability) {
  const bool always = availability.downtime() == Duration(0);
  return fmt::format("{}, {}", availability.percent(),
                     always ? "no downtime" : nines_text(availability.nines()));
}

std::string at_cadence_text(const Figures& figures) {
  if (!figures.downtime.median) {
    return "unknown: no server was stopped and came back";
  }
  if (!figures.at_cadence) {
    return "unknown: it takes two stops of a server, or --cadence";
  }
  return fmt::format("{}: down for {} every {}", availability_text(*figures.at_cadence),
                     human(*figures.downtime.median), long_time(*figures.cadence));
}

std::string saved_text(const Saved& saved) {
  if (saved.known + saved.unknown == 0) {
    return "nothing: no good backup had a server down";
  }
  if (saved.known == 0) {
    return fmt::format("unknown: nobody followed the snapshots to their end ({})",
                       counted(saved.unknown, "backup"));
  }
  return fmt::format("{} of downtime, by not waiting for completion ({}{})", human(saved.total),
                     counted(saved.known, "backup"),
                     saved.unknown == 0 ? "" : fmt::format("; unknown for {}", saved.unknown));
}

std::string left_down_text(const LeftDown& left, bool with_instance) {
  return fmt::format(
      "{}{} UTC, {}", with_instance ? left.instance.str() + ": " : "", minute(left.since),
      left.found_running
          ? fmt::format("until {} UTC at most: found running then", minute(*left.found_running))
          : "and not found running so far");
}

std::string outages_text(const Figures& figures) {
  if (figures.downtime.total == Duration(0)) {
    return "";
  }
  std::vector<std::vector<std::string>> rows{{"", fmt::format("{:>10}", "total"),
                                              fmt::format("{:>10}", "median"),
                                              fmt::format("{:>10}", "worst")}};
  const auto cell = [](const std::optional<Duration>& duration) {
    return fmt::format("{:>10}", duration ? human(*duration) : "-");
  };
  const auto add = [&](const std::string& name, const Spent& spent) {
    rows.push_back({name, cell(spent.total), cell(spent.median), cell(spent.worst)});
  };
  add(padded("downtime", label_width), figures.downtime);
  if (figures.downtime.median) {
    add("  stop", figures.stop);
    add("  snapshot", figures.snapshot);
    add("  gate", figures.gate);
    add("  start", figures.start);
  }
  return table(rows, under_title);
}

std::string paragraph(const std::string& title, const Figures& figures, bool of_many) {
  const bool at_least = !figures.left_down.empty();
  std::vector<std::vector<std::string>> rows{
      {"backups", fmt::format("{} good, {} failed, {} refused", figures.good, figures.failed,
                              figures.refused)},
      {"availability", (at_least ? "at least " : "") + availability_text(figures.availability)},
      {"at the cadence", at_cadence_text(figures)},
      {"saved", saved_text(figures.saved)}};
  for (const auto& left : figures.left_down) {
    rows.push_back({"left down", left_down_text(left, of_many)});
  }
  return fmt::format("{}, {} to {} UTC ({})\n", title, minute(figures.since), minute(figures.until),
                     long_time(figures.until - figures.since)) +
         table(rows, under_title) + outages_text(figures);
}

}  // namespace

std::string figures_text(const ReportFigures& report) {
  std::string text;
  for (const auto& server : report.servers) {
    text += (text.empty() ? "" : "\n") +
            paragraph(title_of(server.name, server.instance), server.figures, false);
  }
  if (report.servers.size() > 1) {
    text +=
        '\n' + paragraph(fmt::format("all {} servers", report.servers.size()), report.all, true);
  }
  return text;
}

}  // namespace pitstop
