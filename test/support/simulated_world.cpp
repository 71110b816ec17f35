#include "support/simulated_world.hpp"

#include "aws/dated_http.hpp"
#include "aws/identity.hpp"
#include "aws/remote_commands.hpp"
#include "aws/scheduler.hpp"
#include "base/environment.hpp"
#include "ec2/query_caller.hpp"
#include "ec2/retrying_caller.hpp"
#include "support/closed_doors.hpp"
#include "support/killed_run.hpp"

namespace pitstop::test {
namespace {

constexpr Duration usual_patience = Seconds(30);

class IgnoringObserver final : public Observer {
 public:
  void saw(const Event&) override {}
  void saw_progress(const InstanceId&, const std::vector<SnapshotOutcome>&) override {}
  bool wants_progress() const override { return false; }
};

/// The process may end at each of its moments.
class Executioner {
 public:
  explicit Executioner(SimulatedWorld& world) : world_(world) {}

  /// Whether this moment is the last one.
  bool is_last() {
    return ++world_.moments == world_.killing.at_moment ||
           world_.simulator.age() > world_.killing.at;
  }
  bool strikes_after() const { return world_.killing.after; }

  /// Does not return: the sleep is destroyed with all else.
  Task<void> strike() {
    world_.time.kill();
    return world_.time.sleep(Seconds(1));
  }

 private:
  SimulatedWorld& world_;
};

class CountingHttp final : public Http {
 public:
  CountingHttp(Http& below, SimulatedWorld& world)
      : below_(below), world_(world), executioner_(world) {}

  Task<Result<HttpResponse>> send(HttpRequest request) override {
    ++world_.calls;
    const bool last = executioner_.is_last();
    if (last && !executioner_.strikes_after()) {
      co_await executioner_.strike();
    }
    auto response = co_await below_.send(std::move(request));
    if (last) {
      co_await executioner_.strike();
    }
    co_return response;
  }

 private:
  Http& below_;
  SimulatedWorld& world_;
  Executioner executioner_;
};

class DangerousLogbook final : public Logbook {
 public:
  explicit DangerousLogbook(SimulatedWorld& world)
      : below_(world.journal, locks_, world.time), executioner_(world) {}

  Task<Status> open(OpenBackup backup) override {
    auto write = below_.open(std::move(backup));
    return written(std::move(write));
  }
  Task<Status> mark(RunId run, InstanceId instance, Mark mark, std::string detail,
                    Duration patience) override {
    auto write =
        below_.mark(std::move(run), std::move(instance), mark, std::move(detail), patience);
    return written(std::move(write));
  }
  Task<Status> close(BackupRecord record) override {
    auto write = below_.close(std::move(record));
    return written(std::move(write));
  }
  Task<Status> keep_open(BackupRecord record) override {
    auto write = below_.keep_open(std::move(record));
    return written(std::move(write));
  }
  Result<std::vector<OpenBackup>> open_backups() override { return below_.open_backups(); }
  Result<std::optional<OpenBackup>> open_backup_of(const InstanceId& instance) override {
    return below_.open_backup_of(instance);
  }
  Status adopt(const RunId& run) override { return below_.adopt(run); }
  void let_go(const RunId& run) override { below_.let_go(run); }

 private:
  Task<Status> written(Task<Status> write) {
    const bool last = executioner_.is_last();
    if (last && !executioner_.strikes_after()) {
      co_await executioner_.strike();
    }
    const auto status = co_await std::move(write);
    if (last) {
      co_await executioner_.strike();
    }
    co_return status;
  }

  RunLocks locks_;
  JournalLogbook below_;
  Executioner executioner_;
};

Environment simulated_environment(const SimulatedWorld& world) {
  std::map<std::string, std::string, std::less<>> variables{
      {"AWS_REGION", "us-east-1"},
      {"AWS_CONFIG_FILE", "/nonexistent/config"},
      {"AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/keys"}};
  if (!world.credentials_file.empty()) {
    variables["AWS_SHARED_CREDENTIALS_FILE"] = world.credentials_file;
    return Environment(variables);
  }
  variables["AWS_ACCESS_KEY_ID"] = "simulated";
  variables["AWS_SECRET_ACCESS_KEY"] = "simulated";
  if (world.credentials_end) {
    variables["AWS_CREDENTIAL_EXPIRATION"] = rfc3339(*world.credentials_end);
  }
  return Environment(variables);
}

/// What a process has for itself.
class Process {
 public:
  explicit Process(SimulatedWorld& world)
      : world_(world),
        seed_(world.simulator.scenario().seed + static_cast<std::uint64_t>(world.processes++)),
        network_(world.simulator, world.faults, world.time, seed_ ^ 0x77, world.round_trip),
        aws_time_(std::make_shared<AwsTime>(world.host_clock)),
        http_(std::make_shared<CountingHttp>(network_, world), aws_time_),
        random_(seed_ ^ 0x55),
        identity_(*Identity::load({}, simulated_environment(world), doors())),
        wire_(http_, identity_, "http://simulated", Seconds(10)),
        pace_(world.time),
        scheduler_(http_, identity_, world.time, random_, Seconds(10), usual_patience),
        auto_scaling_(http_, identity_, world.time, random_, Seconds(10), usual_patience),
        load_balancing_(http_, identity_, world.time, random_, Seconds(10), usual_patience),
        keys_(http_, identity_, world.time, random_, Seconds(10), usual_patience),
        commands_(http_, identity_, world.time, random_, Seconds(10), usual_patience),
        logbook_(world) {
    world.moments = 0;
    network_.admit_by(world.admission ? &*world.admission : nullptr);
  }

  FleetTools tools() {
    return {.wire = wire_,
            .pace = pace_,
            .clock = world_.host_clock,
            .random = random_,
            .observer = world_.observer != nullptr ? *world_.observer : nobody_,
            .interruption = world_.interruption,
            .usual_patience = usual_patience,
            .logbook = logbook_,
            .scheduler = &scheduler_,
            .here = {.region = "us-east-1",
                     .host = world_.host,
                     .process = world_.processes,
                     .instance = world_.own_host},
            .others = {&auto_scaling_, &load_balancing_, &keys_, &commands_},
            .identity = &identity_};
  }

  RunId run() const { return RunId("r-" + std::to_string(world_.processes)); }

 private:
  CredentialDoors doors() { return {http_, *aws_time_, random_, closed_doors().run_program}; }

  SimulatedWorld& world_;
  std::uint64_t seed_;
  sim::SimulatedHttp network_;
  std::shared_ptr<AwsTime> aws_time_;
  DatedHttp http_;
  SeededRandom random_;
  Identity identity_;
  ec2::QueryCaller wire_;
  ec2::Pace pace_;
  Scheduler scheduler_;
  AutoScaling auto_scaling_;
  LoadBalancing load_balancing_;
  Keys keys_;
  RemoteCommands commands_;
  DangerousLogbook logbook_;
  IgnoringObserver nobody_;
};

Task<Result<std::vector<SelectedServer>>> select(FleetTools tools, std::vector<InstanceId> ids,
                                                 std::vector<VolumeId> detached) {
  ec2::RetryingCaller retrying(tools.wire, tools.clock, tools.random, usual_patience);
  Selection selection{.ids = std::move(ids), .tags = {}, .all = false};
  const std::vector<ec2::Caller*> sites{&retrying};
  CO_TRY(auto selected, co_await select_servers(sites, std::move(selection)));
  auto servers = std::move(selected.servers);
  CO_TRY_STATUS(co_await add_volumes(retrying, std::move(detached), servers.front()));
  co_return servers;
}

Task<void> back_up_all(SimulatedWorld& world, BackupOptions options,
                       std::vector<InstanceId> servers, std::vector<BackupOutcome>& outcomes) {
  Process process(world);
  auto selected = co_await select(process.tools(), std::move(servers), options.detached_volumes);
  if (selected) {
    const std::vector<FleetSite> sites{{process.tools(), std::move(options)}};
    outcomes = co_await back_up_fleet(sites, std::move(*selected), process.run(), world.rules);
  }
}

Task<void> check_all(SimulatedWorld& world, BackupOptions options, std::vector<InstanceId> servers,
                     std::vector<Checked>& all) {
  Process process(world);
  auto selected = co_await select(process.tools(), std::move(servers), options.detached_volumes);
  if (selected) {
    all = co_await check_fleet(process.tools(), std::move(*selected), std::move(options),
                               process.run());
  }
}

Task<void> recover_all(SimulatedWorld& world, RecoveryOptions options,
                       std::vector<BackupOutcome>& outcomes) {
  Process process(world);
  const auto tools = process.tools();
  auto stranded = co_await find_stranded(tools, options);
  if (!stranded) {
    world.search_error = stranded.error();
  } else {
    for (const auto& passed_over : stranded->passed_over) {
      world.left_alone.push_back(passed_over.instance.id);
      if (passed_over.is_down) {
        world.left_down.push_back(passed_over.instance.id);
      }
    }
    const std::vector<RecoveryPart> parts{{tools, std::move(stranded->servers)}};
    outcomes = co_await pitstop::recover(parts, std::move(options));
  }
}

}  // namespace

SimulatedWorld::SimulatedWorld(sim::Scenario scenario)
    : simulator(time, scenario), faults(scenario.faults, scenario.seed ^ 0x33) {}

std::vector<InstanceId> SimulatedWorld::servers() {
  std::vector<InstanceId> ids;
  for (const auto& [id, instance] : region().instances) {
    ids.push_back(id);
  }
  return ids;
}

std::optional<std::vector<BackupOutcome>> SimulatedWorld::back_up(BackupOptions options,
                                                                  std::vector<InstanceId> ids) {
  std::vector<BackupOutcome> outcomes;
  if (ids.empty()) {
    ids = servers();
  }
  if (!run_process(back_up_all(*this, std::move(options), std::move(ids), outcomes))) {
    return std::nullopt;
  }
  return outcomes;
}

std::vector<Checked> SimulatedWorld::check(BackupOptions options, std::vector<InstanceId> ids) {
  std::vector<Checked> all;
  if (ids.empty()) {
    ids = servers();
  }
  run_process(check_all(*this, std::move(options), std::move(ids), all));
  return all;
}

std::optional<std::vector<BackupOutcome>> SimulatedWorld::recover(RecoveryOptions options) {
  std::vector<BackupOutcome> outcomes;
  left_alone.clear();
  left_down.clear();
  search_error.reset();
  const bool ended = run_process(recover_all(*this, std::move(options), outcomes));
  recovered = outcomes;
  return ended ? std::optional(outcomes) : std::nullopt;
}

bool SimulatedWorld::run_process(Task<void> process) {
  const bool will_be_killed = killing.at_moment > 0 || killing.at < std::chrono::hours(24);
  const bool ended =
      will_be_killed ? run_to_be_killed(time, std::move(process)) : time.run(std::move(process));
  if (ended) {
    time.drain();
  }
  return ended;
}

void SimulatedWorld::lose_the_host() {
  journal = Journal::in_memory();
  host = "host-2";
  host_is_lost = true;
}

void SimulatedWorld::wait(Duration length) {
  time.run(time.sleep(length));
  simulator.region();
}

}  // namespace pitstop::test
