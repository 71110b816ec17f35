#pragma once

#include "cli/backup_request.hpp"
#include "cli/exit_status.hpp"
#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"
#include "report/backup_report.hpp"
#include "restore/in_place.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// What is asked for where the volumes of a server are exchanged, as it was typed: the outage is
/// like that of a backup.
struct InPlaceArguments {
  BackupArguments outage;
  bool drop_old = false;
  bool no_safety_backup = false;
  bool safety_backup = false;  ///< of `rollback`, which takes none by itself
};

/// Declares them below a heading.
void declare_outage_in_place(CLI::App& command, InPlaceArguments& arguments, const char* group);

/// `pitstop restore BACKUP --in-place INSTANCE`, from the looking for the backup to the summary.
struct InPlaceRequest {
  BackupId backup;
  InstanceId server;
  InPlaceWishes wishes;
  bool dry_run = false;
};
Task<ExitStatus> run_in_place(InPlaceRequest request, InPlaceArguments arguments,
                              GlobalOptions options, Surroundings& surroundings,
                              BackupReport& report);

/// The arguments of `pitstop rollback`, as they were typed.
struct RollbackArguments {
  std::string restore;
  InPlaceArguments in_place;
  bool dry_run = false;
};
CLI::App* declare_rollback(CLI::App& app, RollbackArguments& arguments);
Task<ExitStatus> run_rollback(RollbackArguments arguments, GlobalOptions options,
                              Surroundings& surroundings, BackupReport& report);

}  // namespace pitstop
