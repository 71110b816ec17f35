#include "report/fleet_summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/backup_text.hpp"
#include "report/columns.hpp"
#include "report/reasons.hpp"

namespace pitstop {
namespace {

/// In a mail; more of them are in the journal.
constexpr std::size_t most_reasons = 10;
constexpr std::size_t most_columns_of_names = 100;

std::string_view not_made(const Reason& reason) {
  return reason.refused ? "refused" : "failed";
}

/// "web-1 (i-0abc…), web-2 (i-0def…) and 12 more", with as many names as there is room for.
std::string first_names(const std::vector<InstanceId>& servers, const Titles& titles,
                        std::size_t room) {
  std::string text = titles.of(servers.front());
  std::size_t named = 1;
  for (; named < servers.size(); ++named) {
    const auto longer = text + ", " + titles.of(servers[named]);
    const auto rest = fmt::format(" and {} more", servers.size() - named);
    if (columns_of(longer) + rest.size() > room) {
      return text + rest;
    }
    text = longer;
  }
  return text;
}

std::string outages_row(const RunOutages& outages, const Titles& titles) {
  return fmt::format("median {}, p99 {}, worst {}: {}", human(outages.median), human(outages.p99),
                     human(outages.worst), titles.of(outages.worst_of));
}

std::string number_of(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string snapshots_row(const RunFigures& figures) {
  return fmt::format("{} of {} GiB{}{}", figures.snapshots, figures.size_gib,
                     figures.images > 0 ? ", in " + number_of(figures.images, "image") : "",
                     figures.following > 0 ? fmt::format("; those of {} finish by themselves",
                                                         number_of(figures.following, "server"))
                                           : "");
}

std::string contents_row(const RunFigures& figures) {
  std::vector<std::string> parts;
  for (const auto& [consistency, count] : figures.consistency) {
    parts.push_back(fmt::format("{} {}", count, worth_text(consistency)));
  }
  return join(parts, ", ");
}

using Lines = std::vector<std::string>;

/// Those that are down, all of them, whatever the room.
Lines down_block(const RunSummary& summary, const Titles& titles) {
  Lines lines;
  for (const auto& backup : summary.backups) {
    if (backup.left_down) {
      const auto reason =
          backup.error ? printable(without_subject(backup.error->message, backup.instance)) : "";
      lines.push_back(
          fmt::format("  {}{}{}", titles.of(backup.instance), reason.empty() ? "" : ": ", reason));
    }
  }
  if (!lines.empty()) {
    lines.insert(lines.begin(), {"", "DOWN, stopped by pitstop and not running:"});
  }
  return lines;
}

/// One reason, in so many lines at most; nothing if that is too few.
Lines lines_of(const Reason& reason, const Titles& titles, BoardSize room) {
  if (room.lines < 2) {
    return {};
  }
  const auto columns = static_cast<std::size_t>(std::max(room.columns, 3));
  Lines lines{
      fmt::format("{} {}: {}", reason.servers.size(), not_made(reason), printable(reason.text)),
      "  " + first_names(reason.servers, titles, std::min(columns, most_columns_of_names) - 2)};
  if (!reason.hint.empty() && room.lines > 2) {
    lines.push_back("  HINT: " + printable(reason.hint));
  }
  for (auto& line : lines) {
    line = cut_to(line, columns);
  }
  return lines;
}

/// In so many lines at most, but for the first reason, which is always told.
Lines reasons_block(const std::vector<Reason>& reasons, const Titles& titles, BoardSize room) {
  Lines block;
  std::size_t told = 0;
  for (; told < reasons.size(); ++told) {
    const bool is_last = told + 1 == reasons.size();
    auto left = room;
    left.lines -= static_cast<int>(block.size()) + (is_last ? 0 : 1);
    if (told == 0) {
      left.lines = std::max(left.lines, 2);
    }
    auto lines = lines_of(reasons[told], titles, left);
    if (lines.empty()) {
      break;
    }
    std::ranges::move(lines, std::back_inserter(block));
  }
  if (told < reasons.size()) {
    std::size_t servers = 0;
    for (auto i = told; i < reasons.size(); ++i) {
      servers += reasons[i].servers.size();
    }
    block.push_back(fmt::format("{} more, for other reasons", servers));
  }
  return block;
}

/// The lines that a text takes where they wrap.
int wrapped_lines(std::string_view text, BoardSize screen) {
  const auto columns = static_cast<std::size_t>(std::max(screen.columns, 1));
  std::size_t lines = 0;
  for (const auto line : split(text, '\n')) {
    lines += std::max<std::size_t>((columns_of(line) + columns - 1) / columns, 1);
  }
  return static_cast<int>(lines) - 1;  // the text ends with a line's end
}

/// Where everything is told.
std::string show_command(const RunSummary& summary) {
  return fmt::format("pitstop show {}", summary.recovery ? "RUN" : summary.run.str());
}

}  // namespace

std::string run_figures_text(const RunFigures& figures, const Titles& titles) {
  std::vector<std::vector<std::string>> rows;
  if (figures.outages) {
    rows.push_back({"downtime", outages_row(*figures.outages, titles)});
  }
  if (figures.at_deadline > 0) {
    rows.push_back({"gate", fmt::format("not open at the deadline for {}, started all the same",
                                        number_of(figures.at_deadline, "server"))});
  }
  if (figures.good > 0) {
    rows.push_back({"snapshots", snapshots_row(figures)});
    rows.push_back({"contents", contents_row(figures)});
  }
  return table(rows, "");
}

std::string fleet_summary_text(const RunSummary& summary, const std::string& sum,
                               const Titles& titles, BoardSize screen) {
  const auto figures = run_figures_text(run_figures_of(summary.backups), titles);
  const auto end = fmt::format("\n{}{} shows all of it\n", sum, show_command(summary));
  auto lines = down_block(summary, titles);
  lines.emplace_back();
  auto text = join(lines, "\n") + '\n' + figures;
  const auto reasons = reasons_of(summary.backups);
  if (!reasons.empty()) {
    const auto above = figures.empty() ? "\n" : '\n' + figures + '\n';
    const BoardSize room{screen.columns, screen.lines - wrapped_lines(above + end, screen)};
    text += (figures.empty() ? "" : "\n") + join(reasons_block(reasons, titles, room), "\n") + '\n';
  }
  return text + end;
}

std::string fleet_errors_text(const RunSummary& summary, const Titles& titles) {
  const auto reasons = reasons_of(summary.backups);
  if (reasons.empty()) {
    return "";
  }
  std::size_t servers = 0;
  for (const auto& reason : reasons) {
    servers += reason.servers.size();
  }
  auto text = error_lines({ErrorKind::refused,
                           fmt::format("{} of {} servers {} not backed up", servers,
                                       summary.backups.size(), servers == 1 ? "was" : "were"),
                           fmt::format("{} --failed tells of each of them", show_command(summary)),
                           {}});
  for (std::size_t i = 0; i < std::min(reasons.size(), most_reasons); ++i) {
    const auto& reason = reasons[i];
    const auto names = first_names(reason.servers, titles, most_columns_of_names);
    text += error_lines(
        {ErrorKind::refused,
         fmt::format("{} {}: {}: {}", reason.servers.size(), not_made(reason), reason.text, names),
         reason.hint,
         {}});
  }
  if (reasons.size() > most_reasons) {
    text += fmt::format("error: and {}\n", counted(reasons.size() - most_reasons, "more reason"));
  }
  return text;
}

}  // namespace pitstop
