#include "cli/restore_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/asio/this_coro.hpp>
#include <charconv>
#include <fstream>
#include <sstream>

#include "base/check.hpp"
#include "base/packing.hpp"
#include "base/text.hpp"
#include "cli/drawing.hpp"
#include "cli/give_up.hpp"
#include "cli/known_backups.hpp"
#include "cli/server_selection.hpp"
#include "ec2/instances.hpp"
#include "report/restore_json.hpp"
#include "report/restore_text.hpp"
#include "restore/new_server.hpp"
#include "restore/original.hpp"
#include "restore/restore_volumes.hpp"

namespace pitstop {

// Options and declaration.

namespace {

void declare_new_server(CLI::App& command, RestoreArguments& arguments) {
  const auto* group = "A new server (--new), where it is not to be as it was";
  const auto add = [&](const char* name, std::string& value, const char* what, const char* type) {
    command.add_option(name, value, what)->type_name(type)->group(group);
  };
  add("--type", arguments.type, "Another instance type", "TYPE");
  add("--subnet", arguments.subnet, "Another subnet, and with it another zone", "SUBNET");
  command
      .add_option("--security-group", arguments.security_groups,
                  "Other security groups, by id; may be repeated")
      ->type_name("GROUP")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group(group);
  add("--key-name", arguments.key_name, "Another key pair", "NAME");
  add("--instance-profile", arguments.instance_profile, "Another instance profile", "ARN");
  add("--private-ip", arguments.private_ip, "This private address", "ADDRESS");
  command
      .add_flag("--keep-private-ip", arguments.keep_private_ip,
                "The private address that it had, which must be free")
      ->group(group);
  command
      .add_flag("--move-elastic-ip", arguments.move_elastic_ip,
                "Take the Elastic IPs of the old server over")
      ->group(group);
  command
      .add_option("--user-data", arguments.user_data,
                  "User data out of this file; else that of the old server, if it is\n"
                  "still there: no backup has it")
      ->type_name("FILE")
      ->group(group);
  add("--name", arguments.name, "Another tag Name", "NAME");
  command
      .add_option("--set-tag", arguments.set_tags,
                  "One more tag, or another value; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group(group);
  command
      .add_flag("--keep-image", arguments.keep_image, "Leave the image that was registered for it")
      ->group(group);
  command.add_flag("--no-wait", arguments.no_wait, "End when it runs, without EC2's status checks")
      ->group(group);
}

}  // namespace

CLI::App* declare_restore(CLI::App& app, RestoreArguments& arguments) {
  auto* command = app.add_subcommand(
      "restore",
      "Make a server, or volumes, of a backup.\n\n"
      "--new launches another server that is what the backed up one was: machine, network,\n"
      "options, tags, and every volume with its type and speed. It waits until EC2's status "
      "checks\n"
      "pass. --volumes-only makes the volumes alone. The server that was backed up is not "
      "touched,\n"
      "and need not exist any more. What will not be as it was is said before anything is made;\n"
      "--dry-run says only that.");
  command->add_option("backup", arguments.backup, "The backup: pitstop list has them")
      ->type_name("BACKUP")
      ->required();
  const auto* group = "What to make";
  command->add_flag("--new", arguments.as_new, "A new server")->group(group);
  command->add_flag("--volumes-only", arguments.volumes_only, "Its volumes")->group(group);
  command->add_flag("--dry-run", arguments.dry_run, "Say what would be made, and make nothing")
      ->group(group);
  command
      ->add_option("--initialize-rate", arguments.initialize_rate,
                   "Have AWS fill the volumes at so many MiB/s, 100 to 300, which it charges\n"
                   "for; else each block is loaded when it is first read")
      ->type_name("RATE")
      ->group(group);
  command
      ->add_option("--zone", arguments.zone,
                   "Another zone: of the volumes, or of a server in the default network")
      ->type_name("ZONE")
      ->group(group);
  declare_new_server(*command, arguments);
  const auto* volumes = "Volumes (--volumes-only)";
  command->add_option("--attach-to", arguments.attach_to, "Attach them to this server")
      ->type_name("INSTANCE")
      ->group(volumes);
  command
      ->add_flag("--incomplete", arguments.incomplete,
                 "Take what is there of a backup that is incomplete or failed")
      ->group(volumes);
  command->footer(
      "Examples:\n"
      "  pitstop restore b-0123456789ab --new --dry-run\n"
      "  pitstop restore b-0123456789ab --new --subnet subnet-0abc1234def567890\n"
      "  pitstop restore b-0123456789ab --volumes-only --attach-to i-0abc1234def567890\n\n" +
      exit_status_help(
          {ExitStatus::done, ExitStatus::failed, ExitStatus::usage, ExitStatus::interrupted}));
  return command;
}

// Run.

namespace {

constexpr std::size_t longest_user_data = 16 << 10;

struct RestoreRequest {
  BackupId backup;
  RestoreKind kind = RestoreKind::new_server;
  bool dry_run = false;
  NewServerWishes server = {};
  NewServerOptions options = {};
  VolumeWishes volumes = {};
  std::optional<InstanceId> attach_to = {};
};

Result<RestoreKind> read_kind(const RestoreArguments& arguments) {
  if (arguments.as_new == arguments.volumes_only) {
    return fail(ErrorKind::usage,
                arguments.as_new ? "--new and --volumes-only are two ways"
                                 : "it is not said what is to be made of the backup",
                "--new makes a server, --volumes-only its volumes");
  }
  return arguments.as_new ? RestoreKind::new_server : RestoreKind::volumes;
}

Result<int> read_rate(const std::optional<std::string>& text) {
  if (!text) {
    return 0;
  }
  int rate = 0;
  const auto* end = text->data() + text->size();
  const auto [rest, status] = std::from_chars(text->data(), end, rate);
  constexpr int slowest = 100;
  constexpr int fastest = 300;
  if (status != std::errc() || rest != end || rate < slowest || rate > fastest) {
    return fail(ErrorKind::usage, fmt::format("--initialize-rate {} is no rate", in_quotes(*text)),
                "EC2 takes 100 to 300 MiB/s");
  }
  return rate;
}

Result<std::string> read_user_data(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!(text << file.rdbuf())) {
    return fail(ErrorKind::usage, fmt::format("--user-data: {} cannot be read", in_quotes(path)));
  }
  if (text.view().size() > longest_user_data) {
    return fail(ErrorKind::usage,
                fmt::format("--user-data: {} has {} bytes", in_quotes(path), text.view().size()),
                fmt::format("EC2 takes {} at most", longest_user_data));
  }
  return base64(text.view());
}

Result<NewServerWishes> read_wishes(const RestoreArguments& arguments) {
  NewServerWishes wishes{.type = arguments.type,
                         .subnet = arguments.subnet,
                         .zone = arguments.zone,
                         .security_groups = arguments.security_groups,
                         .key_name = arguments.key_name,
                         .instance_profile_arn = arguments.instance_profile,
                         .private_ip = arguments.private_ip,
                         .user_data = {},
                         .name = arguments.name,
                         .set_tags = {},
                         .keep_private_ip = arguments.keep_private_ip,
                         .move_elastic_ip = arguments.move_elastic_ip};
  if (wishes.keep_private_ip && !wishes.private_ip.empty()) {
    return fail(ErrorKind::usage, "--keep-private-ip and --private-ip are two addresses",
                "give one of them");
  }
  if (!wishes.subnet.empty() && !wishes.zone.empty()) {
    return fail(ErrorKind::usage, "--subnet and --zone are two places",
                "give one of them: a subnet is in a zone");
  }
  for (const auto& text : arguments.set_tags) {
    TRY(auto tag, parse_tag("--set-tag", text));
    wishes.set_tags.push_back(std::move(tag));
  }
  if (arguments.user_data) {
    TRY(wishes.user_data, read_user_data(*arguments.user_data));
  }
  return wishes;
}

Status check_volume_options(const RestoreArguments& arguments, RestoreKind kind) {
  const bool has_some = arguments.attach_to || arguments.incomplete;
  if (kind != RestoreKind::volumes && has_some) {
    return fail(ErrorKind::usage, "--attach-to and --incomplete are for --volumes-only");
  }
  if (arguments.attach_to && !arguments.zone.empty()) {
    return fail(ErrorKind::usage, "--attach-to and --zone are two places",
                "volumes that are attached are in the zone of their server");
  }
  return {};
}

Result<RestoreRequest> read_arguments(const RestoreArguments& arguments) {
  RestoreRequest request{.backup = BackupId(arguments.backup)};
  if (!arguments.backup.starts_with("b-")) {
    return fail(ErrorKind::usage, fmt::format("{} is not a backup", in_quotes(arguments.backup)),
                "it looks like b-0123456789ab: pitstop list has them");
  }
  TRY(request.kind, read_kind(arguments));
  request.dry_run = arguments.dry_run;
  TRY_STATUS(check_volume_options(arguments, request.kind));
  TRY(const int rate, read_rate(arguments.initialize_rate));
  TRY(request.server, read_wishes(arguments));
  request.server.initialization_rate = rate;
  request.options = {.wait = !arguments.no_wait, .keep_image = arguments.keep_image};
  request.volumes.zone = arguments.zone;
  request.volumes.incomplete = arguments.incomplete;
  request.volumes.initialization_rate = rate;
  if (arguments.attach_to) {
    TRY(request.attach_to, parse_instance_id(*arguments.attach_to));
  }
  return request;
}

class RestoreRun {
 public:
  RestoreRun(RestoreRequest request, GlobalOptions options, Surroundings& surroundings,
             BackupReport& report)
      : request_(std::move(request)),
        options_(std::move(options)),
        surroundings_(surroundings),
        report_(report) {}

  Task<Result<ExitStatus>> run() {
    CO_TRY(auto sites, Ec2Sites::open(options_, surroundings_));
    sites_.emplace(std::move(sites));
    CO_TRY(const auto set, co_await find_set());
    announce(set);
    const RestoreId restore("rs-" + surroundings_.random.hex(12));
    switch (request_.kind) {
      case RestoreKind::new_server: {
        CO_TRY(auto original, co_await look_at_original(tools(set), set));
        CO_TRY(auto plan, plan_new_server(restore, set, request_.server, original));
        co_return co_await carry_out(set, std::move(plan));
      }
      case RestoreKind::volumes: {
        CO_TRY(request_.volumes.attach_to, co_await find_target(set));
        CO_TRY(auto plan, plan_volumes(restore, set, request_.volumes));
        co_return co_await carry_out(set, std::move(plan));
      }
      case RestoreKind::in_place:
        break;
    }
    unreachable();
  }

 private:
  Task<Result<BackupSet>> find_set() {
    BackupSearch search{.backup = request_.backup};
    CO_TRY(const auto list,
           co_await known_backups(*sites_, std::move(search), options_, surroundings_, report_));
    if (list.backups.empty()) {
      co_return fail(ErrorKind::not_found,
                     fmt::format("EC2 has no backup {}", in_quotes(request_.backup.str())),
                     "pitstop list shows those that there are; check the region (--region) and "
                     "the account (--profile)");
    }
    if (list.backups.size() > 1) {
      co_return fail(ErrorKind::usage,
                     fmt::format("{} is in {} and in {}", request_.backup.str(),
                                 list.backups[0].site, list.backups[1].site),
                     "choose one: --region, --assume-role");
    }
    co_return list.backups.front().set;
  }

  /// For the display: the server that was backed up is what everything is about.
  void announce(const BackupSet& set) {
    ec2::Instance server;
    server.id = set.instance;
    server.tags = {{"Name", set.name}};
    report_.begun({server});
  }

  Task<Result<std::optional<ec2::Instance>>> find_target(const BackupSet& set) {
    if (!request_.attach_to) {
      co_return std::nullopt;
    }
    std::vector<InstanceId> ids{*request_.attach_to};
    CO_TRY(const auto found, co_await ec2::find_instances(caller(set), std::move(ids)));
    if (found.empty()) {
      co_return fail(ErrorKind::not_found,
                     fmt::format("there is no server {}", request_.attach_to->str()),
                     "it must be in the region and account of the backup");
    }
    const auto state = found.front().state;
    if (state != ec2::InstanceState::running && state != ec2::InstanceState::stopped) {
      co_return fail(ErrorKind::wrong_state,
                     fmt::format("{} is {}", request_.attach_to->str(), to_string(state)),
                     "volumes can be attached when it runs, or is stopped");
    }
    co_return found.front();
  }

  Task<RestoreOutcome> restore(const BackupSet& set, NewServerPlan plan) {
    return restore_new_server(tools(set), std::move(plan), request_.options);
  }
  Task<RestoreOutcome> restore(const BackupSet& set, VolumesPlan plan) {
    return restore_volumes(tools(set), std::move(plan));
  }

  template <class Plan>
  Task<Result<ExitStatus>> carry_out(const BackupSet& set, Plan plan) {
    if (options_.output == "json") {
      write_plan_json(plan, surroundings_.output);
    } else {
      surroundings_.output << plan_text(plan) << std::flush;
    }
    if (request_.dry_run) {
      co_return ExitStatus::done;
    }
    const Executor executor = co_await boost::asio::this_coro::executor;
    RestoreOutcome outcome;
    {
      const auto subscription = surroundings_.interruption.subscribe([&] {
        tools(set).report(set.instance, Step::warning,
                          "interrupted: it ends at the next step, and tells what there is then");
      });
      const Drawing drawing(executor, report_, surroundings_.clock, surroundings_.redraw_every,
                            [this] { return sites_->congestion(); });
      outcome = co_await restore(set, std::move(plan));
    }
    const auto status = outcome.error ? exit_status_of(*outcome.error) : ExitStatus::done;
    report_.restored(outcome, number(status));
    co_return status;
  }

  ec2::Caller& caller(const BackupSet& set) const { return *sites_->callers()[set.site]; }

  RestoreTools tools(const BackupSet& set) {
    return {.ec2 = caller(set),
            .clock = surroundings_.clock,
            .random = surroundings_.random,
            .observer = report_,
            .interruption = surroundings_.interruption};
  }

  RestoreRequest request_;
  GlobalOptions options_;
  Surroundings& surroundings_;
  BackupReport& report_;
  std::optional<Ec2Sites> sites_;
};

}  // namespace

Task<ExitStatus> run_restore(RestoreArguments arguments, GlobalOptions options,
                             Surroundings& surroundings, BackupReport& report) {
  auto request = read_arguments(arguments);
  if (!request) {
    co_return give_up(request.error(), report);
  }
  RestoreRun restoring(*std::move(request), std::move(options), surroundings, report);
  const auto ended = co_await restoring.run();
  co_return ended ? *ended : give_up(ended.error(), report);
}

}  // namespace pitstop
