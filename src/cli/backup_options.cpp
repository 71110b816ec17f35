#include "cli/backup_options.hpp"

#include <CLI/CLI.hpp>

namespace pitstop {
namespace {

void declare_approach(CLI::App& command, BackupArguments& arguments) {
  const auto* group = "Without a stop";
  command
      .add_flag("--online", arguments.online,
                "Let the server go on: its snapshots are as after a power cut")
      ->group(group);
  command
      .add_flag("--freeze", arguments.freeze,
                "With --online: freeze its data file systems meanwhile, by the SSM agent:\n"
                "see pitstop freeze template")
      ->group(group);
  command
      .add_flag("--data-volumes-unmounted", arguments.data_volumes_unmounted,
                "Let the server go on, and take all but the root: you have unmounted them")
      ->group(group);
  command
      .add_option("--detached-volume", arguments.detached_volumes,
                  "With --data-volumes-unmounted: take this volume, too, which is attached\n"
                  "to nothing, as one of the server's; may be repeated")
      ->type_name("VOLUME")
      ->expected(1)
      ->take_all()
      ->group(group);
}

void declare_outage(CLI::App& command, BackupArguments& arguments) {
  const auto* group = outage_group;
  command
      .add_option("--start-when", arguments.start_when,
                  "Start again when every snapshot is past 0 % (progress), taken by EC2\n"
                  "(accepted), or complete (completed; slow)")
      ->type_name("GATE")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--max-downtime", arguments.max_downtime,
                  "Start again after that time, whatever the snapshots show")
      ->type_name("DURATION")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--stop-timeout", arguments.stop_timeout,
                  "Give an alarm when a server has not stopped by then")
      ->type_name("DURATION")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--force-stop-after", arguments.force_stop_after,
                  "Cut the power of a server that has not stopped by then (default: never)")
      ->type_name("DURATION")
      ->group(group);
}

void declare_prime(CLI::App& command, BackupArguments& arguments) {
  const auto* group = outage_group;
  command
      .add_flag("--prime", arguments.prime,
                "Take a first set of snapshots while the server runs, and stop it when\n"
                "they are complete: the stopped server then has little left to copy")
      ->group(group);
  command
      .add_flag("--keep-prime", arguments.keep_prime,
                "Keep that first set; else it is removed when the backup is complete")
      ->group(group);
}

void declare_safety(CLI::App& command, BackupArguments& arguments) {
  const auto* group = safety_group;
  command
      .add_option("--guard-role", arguments.guard_role,
                  "Have AWS start a server that nobody has started by its deadline, by this\n"
                  "role: see pitstop guard template (else $PITSTOP_GUARD_ROLE)")
      ->type_name("ARN")
      ->group(group);
  command
      .add_flag("--reserve-capacity", arguments.reserve_capacity,
                "Reserve the server's place while it is down, against want of capacity")
      ->group(group);
  command
      .add_flag("--standby", arguments.standby,
                "Put a member of an Auto Scaling group into Standby before its stop, and\n"
                "back into service when it runs")
      ->group(group);
  command
      .add_flag("--drain", arguments.drain,
                "Deregister a load balancer's target before its stop, wait until its\n"
                "connections have ended, and register it again when it runs")
      ->group(group);
}

void declare_contents(CLI::App& command, BackupArguments& arguments) {
  const auto* group = backup_group;
  command
      .add_option("--method", arguments.method, "snapshots, or image: an AMI of the server, too")
      ->type_name("METHOD")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--exclude-volume", arguments.exclude_volumes,
                  "Leave this volume out; may be repeated")
      ->type_name("VOLUME")
      ->expected(1)
      ->take_all()
      ->group(group);
  command
      .add_option("--set-tag", arguments.set_tags,
                  "Put this tag onto every snapshot; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all()
      ->group(group);
}

void declare_risks(CLI::App& command, BackupArguments& arguments) {
  const auto* group = risks_group;
  command
      .add_option("--accept", arguments.accepted,
                  "Let this finding pass, knowing of it; may be repeated. pitstop check\n"
                  "names those of a server")
      ->type_name("CODE")
      ->expected(1)
      ->take_all()
      ->group(group);
  command
      .add_flag("--wait-pending", arguments.wait_pending,
                "Wait, before the stop, until older snapshots of the volumes are\n"
                "complete: they would hold the gate shut")
      ->group(group);
}

void declare_rules(CLI::App& command, BackupArguments& arguments) {
  const auto* group = "Who may be down together";
  command
      .add_option("--max-down", arguments.max_down,
                  "How many servers may be down at a time, or percent (default: 10%)")
      ->type_name("N|N%")
      ->group(group);
  command
      .add_option("--group-by", arguments.group_by,
                  "Never have two servers with the same value of this tag down at a time")
      ->type_name("TAG")
      ->group(group);
  command
      .add_option("--max-down-per-group", arguments.max_down_per_group,
                  "With --group-by: never more than so many (default: 1)")
      ->type_name("N")
      ->group(group);
  command
      .add_option("--order-by", arguments.order_by,
                  "Begin a server when all with a lesser value of this tag are up again:\n"
                  "2 before 10, numbers before words, and servers without the tag last")
      ->type_name("TAG")
      ->group(group);
  command
      .add_option("--stop-on-failure", arguments.stop_on_failure,
                  "Begin no further server when so many have failed (default: never)")
      ->type_name("N")
      ->group(group);
}

void declare_the_run(CLI::App& command, BackupArguments& arguments) {
  command
      .add_option("--on-down", arguments.on_down,
                  "Run this (no shell) at each alarm, and when the server is up again;\n"
                  "it can read the event as JSON")
      ->type_name("COMMAND")
      ->group(safety_group);
  command
      .add_flag("--no-wait", arguments.no_wait,
                "End when the servers are up; the snapshots finish by themselves")
      ->group(backup_group);
  command.add_flag("--dry-run", arguments.dry_run, "Say what would be done, and change nothing")
      ->group(backup_group);
  command.add_flag("--yes", arguments.yes, "Ask nobody before more than one server is backed up")
      ->group(backup_group);
}

}  // namespace

void declare_backup_options(CLI::App& command, BackupArguments& arguments) {
  declare_servers(command, arguments, true);
  declare_approach(command, arguments);
  declare_outage(command, arguments);
  declare_prime(command, arguments);
  declare_safety(command, arguments);
  declare_risks(command, arguments);
  declare_contents(command, arguments);
  declare_rules(command, arguments);
  declare_the_run(command, arguments);
}

}  // namespace pitstop
