#include "support/simulated_world.hpp"

#include "aws/identity.hpp"
#include "base/environment.hpp"
#include "ec2/query_caller.hpp"
#include "ec2/retrying_caller.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define PITSTOP_FINDS_LEAKS
#endif
#endif

namespace pitstop::test {
namespace {

/// A process that is killed frees nothing: its coroutines wait for each other for ever.
bool run_to_be_killed(VirtualTime& time, Task<void> task) {
#ifdef PITSTOP_FINDS_LEAKS
  const __lsan::ScopedDisabler forgiven;
#endif
  return time.run(std::move(task));
}

constexpr Duration usual_patience = Seconds(30);

class IgnoringObserver final : public Observer {
 public:
  void saw(const Event&) override {}
  void saw_progress(const InstanceId&, const std::vector<SnapshotOutcome>&) override {}
  bool wants_progress() const override { return false; }
};

/// Counts the calls, and kills the process at one of them.
class CountingHttp final : public Http {
 public:
  CountingHttp(Http& below, SimulatedWorld& world) : below_(below), world_(world) {}

  Task<Result<HttpResponse>> send(HttpRequest request) override {
    const bool last =
        ++world_.calls == world_.killing.at_call || world_.simulator.age() > world_.killing.at;
    if (last && !world_.killing.after_answer) {
      co_await die();
    }
    auto response = co_await below_.send(std::move(request));
    if (last) {
      co_await die();
    }
    co_return response;
  }

 private:
  /// Does not return: the sleep is destroyed with all else.
  Task<void> die() {
    world_.time.kill();
    return world_.time.sleep(Seconds(1));
  }

  Http& below_;
  SimulatedWorld& world_;
};

const Environment& simulated_environment() {
  static const Environment environment({{"AWS_REGION", "us-east-1"},
                                        {"AWS_ACCESS_KEY_ID", "simulated"},
                                        {"AWS_SECRET_ACCESS_KEY", "simulated"},
                                        {"AWS_CONFIG_FILE", "/nonexistent/config"},
                                        {"AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/keys"}});
  return environment;
}

Task<void> run_fleet(SimulatedWorld& world, BackupOptions options, std::vector<InstanceId> servers,
                     std::vector<BackupOutcome>& outcomes) {
  const auto seed = world.simulator.scenario().seed;
  sim::SimulatedHttp http(world.simulator, world.faults, world.time, seed ^ 0x77, world.round_trip);
  CountingHttp counting(http, world);
  auto identity = Identity::load({}, simulated_environment());
  ec2::QueryCaller wire(counting, *identity, "http://simulated", Seconds(10));
  SeededRandom random(seed ^ 0x55);
  ec2::RetryingCaller retrying(wire, world.time, random, usual_patience);
  Selection selection{.ids = std::move(servers), .tags = {}, .all = false};
  auto selected = co_await select_servers(retrying, std::move(selection));
  if (!selected) {
    co_return;
  }
  IgnoringObserver nobody;
  Journal journal = Journal::in_memory();
  FleetTools tools{wire,
                   world.time,
                   random,
                   world.observer != nullptr ? *world.observer : nobody,
                   world.interruption,
                   usual_patience,
                   journal,
                   "us-east-1"};
  outcomes = co_await back_up_fleet(tools, std::move(*selected), std::move(options),
                                    RunId("r-simulated"), world.max_down);
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
  auto run = run_fleet(*this, std::move(options), std::move(ids), outcomes);
  const bool ended =
      killing.at_call > 0 ? run_to_be_killed(time, std::move(run)) : time.run(std::move(run));
  if (!ended) {
    return std::nullopt;
  }
  time.drain();
  return outcomes;
}

void SimulatedWorld::wait(Duration length) {
  time.run(time.sleep(length));
  simulator.region();
}

}  // namespace pitstop::test
