#include "cli/known_restores.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/ec2_sites.hpp"
#include "cli/give_up.hpp"
#include "report/backup_report.hpp"
#include "report/restore_records.hpp"
#include "restore/finish_evidence.hpp"

namespace pitstop {
namespace {

struct KnownRestores {
  std::vector<ListedRestore> restores;
  bool is_all = true;  ///< every account and region has answered
};

Task<Result<KnownRestores>> known_restores(const Ec2Sites& sites, std::optional<RestoreId> restore,
                                           BackupReport& report) {
  CO_TRY(auto found, co_await find_restores(sites.callers(), std::move(restore)));
  KnownRestores known;
  for (const auto& [site, error] : found.silent_sites) {
    report.site_failed(sites.all()[site].name(), error);
    known.is_all = false;
  }
  for (auto& record : found.items) {
    auto site = sites.all()[record.site].name();
    known.restores.push_back({std::move(record), std::move(site)});
  }
  co_return known;
}

Task<Result<ListedRestore>> the_restore(const Ec2Sites& sites, RestoreId restore,
                                        BackupReport& report) {
  CO_TRY(auto known, co_await known_restores(sites, restore, report));
  if (known.restores.empty()) {
    co_return fail(
        ErrorKind::not_found,
        fmt::format("nothing is left of a restore {}", in_quotes(restore.str())),
        "pitstop list --restores shows those that there are; check the region (--region) "
        "and the account (--profile)");
  }
  if (known.restores.size() > 1) {
    co_return fail(ErrorKind::usage,
                   fmt::format("{} is in {} and in {}", restore.str(), known.restores[0].site,
                               known.restores[1].site),
                   "choose one: --region, --assume-role");
  }
  co_return std::move(known.restores.front());
}

Task<Result<ExitStatus>> list_restores(GlobalOptions options, Surroundings& surroundings,
                                       BackupReport& report) {
  CO_TRY(const auto sites, Ec2Sites::open(options, surroundings));
  CO_TRY(const auto known, co_await known_restores(sites, std::nullopt, report));
  const auto status = known.is_all ? ExitStatus::done : ExitStatus::some_failed;
  if (options.output == "json") {
    write_restore_list_json(known.restores, number(status), surroundings.output);
  } else {
    surroundings.output << restore_list_text(known.restores) << std::flush;
  }
  co_return status;
}

Task<Status> show_restore(RestoreId restore, GlobalOptions options, Surroundings& surroundings,
                          BackupReport& report) {
  CO_TRY(const auto sites, Ec2Sites::open(options, surroundings));
  CO_TRY(const auto listed, co_await the_restore(sites, std::move(restore), report));
  if (options.output == "json") {
    write_restore_json(listed, surroundings.output);
  } else {
    surroundings.output << restore_details_text(listed) << std::flush;
  }
  co_return Status();
}

/// Once somebody has said that this is meant.
Task<Status> confirm(const RestoreRecord& record, const FinishPlan& plan, bool confirmed,
                     const Surroundings& surroundings) {
  if (confirmed || plan.empty()) {
    co_return Status();
  }
  if (!surroundings.ask) {
    co_return fail(ErrorKind::usage,
                   fmt::format("this would {}, and no terminal is attached to ask whether that is "
                               "meant",
                               lower_case(finish_text(plan))),
                   "add --yes to confirm");
  }
  auto question = fmt::format(
      "{}?{} [y/N] ", finish_text(plan),
      record.kept.empty() ? ""
                          : fmt::format(" {} cannot be taken back then.", record.restore.str()));
  if (!co_await surroundings.ask(std::move(question))) {
    co_return fail(ErrorKind::refused, "nothing was done: the answer was no");
  }
  co_return Status();
}

Task<Status> finish(RestoreId restore, bool confirmed, GlobalOptions options,
                    Surroundings& surroundings, BackupReport& report) {
  CO_TRY(const auto sites, Ec2Sites::open(options, surroundings));
  CO_TRY(const auto listed, co_await the_restore(sites, std::move(restore), report));
  const auto& record = listed.record;
  auto& ec2 = *sites.callers()[record.site];
  CO_TRY(const auto plan, plan_finish(record));
  CO_TRY_STATUS(co_await check_finish(ec2, record, plan));
  CO_TRY_STATUS(co_await confirm(record, plan, confirmed, surroundings));
  CO_TRY_STATUS(co_await finish_restore(ec2, record, plan));
  if (options.output == "json") {
    write_finished_json(record, plan, surroundings.output);
  } else {
    surroundings.output << finished_text(record, plan) << std::flush;
  }
  co_return Status();
}

}  // namespace

Result<RestoreId> parse_restore_id(const std::string& text) {
  if (!text.starts_with("rs-")) {
    return fail(ErrorKind::usage, fmt::format("{} is not a restore", in_quotes(text)),
                "it looks like rs-0123456789ab: pitstop list --restores has them");
  }
  return RestoreId(text);
}

Task<ExitStatus> run_list_restores(GlobalOptions options, Surroundings& surroundings,
                                   BackupReport& report) {
  const auto listed = co_await list_restores(std::move(options), surroundings, report);
  co_return listed ? *listed : give_up(listed.error(), report);
}

Task<ExitStatus> run_show_restore(RestoreId restore, GlobalOptions options,
                                  Surroundings& surroundings, BackupReport& report) {
  const auto shown =
      co_await show_restore(std::move(restore), std::move(options), surroundings, report);
  co_return shown ? ExitStatus::done : give_up(shown.error(), report);
}

Task<ExitStatus> run_finish(std::string restore, bool confirmed, GlobalOptions options,
                            Surroundings& surroundings, BackupReport& report) {
  const auto id = parse_restore_id(restore);
  if (!id) {
    co_return give_up(id.error(), report);
  }
  const auto finished = co_await finish(*id, confirmed, std::move(options), surroundings, report);
  co_return finished ? ExitStatus::done : give_up(finished.error(), report);
}

}  // namespace pitstop
