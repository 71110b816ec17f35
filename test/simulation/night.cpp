#include "simulation/night.hpp"

#include <fmt/format.h>

#include <array>

namespace pitstop::test {
namespace {

using sim::FaultKind;

class Author {
 public:
  Author(std::uint64_t seed, Nemeses nemeses) : chance_(seed * 2 + 1), nemeses_(nemeses) {
    night_.scenario.seed = seed;
    // Nights differ: not everything goes wrong in each of them.
    nemeses_.slow_gates = nemeses.slow_gates && rarely(0.2);
    nemeses_.failing_snapshots = nemeses.failing_snapshots && rarely(0.3);
    if (rarely(0.25)) {
      // A calm night shows that no time is lost.
      nemeses_ = {.throttling = false,
                  .lost_messages = false,
                  .errors = false,
                  .late_looks = false,
                  .capacity = false,
                  .slow_gates = nemeses_.slow_gates,
                  .failing_snapshots = nemeses_.failing_snapshots,
                  .hung_shutdowns = nemeses.hung_shutdowns,
                  .denials = nemeses.denials,
                  .false_refusals = false};
    }
  }

  Night write(std::optional<int> servers) {
    write_options();
    const int count = servers.value_or(1 + below(4));
    for (int i = 0; i < count; ++i) {
      night_.scenario.servers.push_back(server(i));
    }
    write_weather();
    write_faults();
    write_rules();
    return std::move(night_);
  }

 private:
  bool rarely(double part) { return chance_.unit() < part; }
  int below(int count) { return static_cast<int>(chance_.next() % static_cast<unsigned>(count)); }
  Duration between(Duration least, Duration most) {
    return least + std::chrono::duration_cast<Duration>((most - least) * chance_.unit());
  }
  sim::Spread around(Duration least, Duration most) {
    const auto usual = between(least, most);
    return {least, usual, most};
  }

  void write_options() {
    constexpr std::array gates{StartWhen::progress, StartWhen::progress, StartWhen::progress,
                               StartWhen::accepted, StartWhen::completed};
    auto& options = night_.options;
    options.start_when = gates.at(static_cast<std::size_t>(below(gates.size())));
    options.max_downtime = between(std::chrono::minutes(4), std::chrono::minutes(20));
    options.wait = rarely(0.3);
    options.prime = rarely(0.1);
    options.method = rarely(0.15) ? Method::image : Method::snapshots;
    night_.rules.max_down = {.number = rarely(0.2) ? 1U : 1000U};
  }

  sim::SnapshotPace snapshot_pace() {
    sim::SnapshotPace pace;
    pace.lag = around(Seconds(1), Seconds(20));
    pace.mib_per_second = 20 + chance_.unit() * 200;
    pace.step = 1 + below(20);
    pace.jumping = 0.2;
    if (nemeses_.slow_gates && rarely(0.3)) {
      pace.lag = around(std::chrono::minutes(2), std::chrono::minutes(30));
    }
    if (nemeses_.failing_snapshots && rarely(0.2)) {
      pace.failing = 0.5;
    }
    return pace;
  }

  sim::ServerPace server_pace() {
    sim::ServerPace pace;
    pace.shutdown = around(Seconds(2), Seconds(40));
    pace.boot = around(Seconds(3), Seconds(30));
    pace.power_cut_after = between(Seconds(150), std::chrono::minutes(5));
    pace.hung_shutdowns = nemeses_.hung_shutdowns ? 0.1 : 0;
    return pace;
  }

  sim::VolumePlan volume(int number) {
    sim::VolumePlan plan;
    plan.device = number == 0 ? "/dev/xvda" : fmt::format("/dev/sd{}", "efgh"[number]);
    plan.size_gib = 8 + below(20);
    plan.used_gib = 0.5 + chance_.unit() * 4;
    plan.writes_mib_per_second = chance_.unit() * 2;
    plan.snapshot_pace = snapshot_pace();
    return plan;
  }

  sim::ServerPlan server(int number) {
    sim::ServerPlan plan;
    plan.name = fmt::format("server-{}", number);
    plan.stopped = rarely(0.1);
    plan.pace = server_pace();
    plan.volumes.clear();
    const int volumes = 1 + below(3);
    for (int i = 0; i < volumes; ++i) {
      plan.volumes.push_back(volume(i));
    }
    if (nemeses_.capacity && rarely(0.1)) {
      plan.starts_that_fall_back = 1 + below(3);
    }
    return plan;
  }

  void write_weather() {
    auto& scenario = night_.scenario;
    scenario.throttling.on = nemeses_.throttling;
    if (nemeses_.throttling && rarely(0.2)) {
      scenario.throttling.neighbour = chance_.unit() * 0.8;
    }
    if (nemeses_.late_looks && rarely(0.5)) {
      scenario.consistency = {.late_looks = chance_.unit() * 0.4,
                              .most = between(Seconds(1), Seconds(12))};
    }
    if (nemeses_.capacity && rarely(0.15)) {
      const auto from = between(Seconds(10), std::chrono::minutes(5));
      const auto until = from + between(Seconds(30), std::chrono::minutes(40));
      scenario.shortages.push_back({.instance_type = "", .zone = "", .from = from, .until = until});
    }
  }

  void write_faults() {
    if (nemeses_.denials && rarely(0.04)) {
      constexpr std::array actions{"StartInstances", "StopInstances", "CreateSnapshots"};
      night_.scenario.denied_actions = {actions.at(static_cast<std::size_t>(below(3)))};
    }
    write_script();
    write_false_refusals();
    auto& random = night_.scenario.faults.random;
    const auto sometimes = [&](bool on, FaultKind kind, double most) {
      if (on && rarely(0.4)) {
        random.parts[kind] = chance_.unit() * most;
      }
    };
    sometimes(nemeses_.throttling, FaultKind::throttled, 0.2);
    sometimes(nemeses_.lost_messages, FaultKind::lost_request, 0.1);
    sometimes(nemeses_.lost_messages, FaultKind::lost_reply, 0.1);
    sometimes(nemeses_.lost_messages, FaultKind::cut_reply, 0.1);
    sometimes(nemeses_.lost_messages, FaultKind::late, 0.05);
    sometimes(nemeses_.errors, FaultKind::internal_error, 0.1);
    sometimes(nemeses_.errors, FaultKind::unavailable, 0.1);
    sometimes(nemeses_.errors, FaultKind::html_page, 0.1);
    // Whatever was broken is mended some day: only then a promise can be kept.
    random.until = between(std::chrono::minutes(5), std::chrono::minutes(60));
  }

  /// What chance would bring about in one night of a thousand.
  void write_script() {
    auto& script = night_.scenario.faults.scripted;
    if (nemeses_.lost_messages && rarely(0.03)) {
      script.push_back({"StopInstances", 1, 8, FaultKind::lost_reply});
    }
    if (nemeses_.lost_messages && rarely(0.03)) {
      script.push_back({"StopInstances", 1, 1 + below(8), FaultKind::late});
    }
    if (nemeses_.lost_messages && rarely(0.04)) {
      // The last attempt arrives when it has been given up.
      script.push_back({"StopInstances", 1, 2, FaultKind::lost_request});
      script.push_back({"StopInstances", 3, 2, FaultKind::late});
    }
    if (nemeses_.lost_messages && rarely(0.05)) {
      script.push_back({"CreateSnapshots", 1, 1, FaultKind::lost_reply});
    }
  }

  /// By a chance of its own: all else of a night is as it is without.
  void write_false_refusals() {
    SeededRandom chance(night_.scenario.seed * 3 + 2);
    auto& faults = night_.scenario.faults;
    if (nemeses_.false_refusals && chance.unit() < 0.2) {
      faults.random.parts[FaultKind::false_refusal] = chance.unit() * 0.03;
    }
    for (const auto* action : {"StopInstances", "CreateSnapshots", "StartInstances"}) {
      if (nemeses_.false_refusals && chance.unit() < 0.05) {
        faults.scripted.push_back({action, 1, 1, FaultKind::false_refusal});
      }
    }
  }

  void write_rules() {
    const bool groups = rarely(0.3);
    const bool waves = rarely(0.2);
    for (auto& server : night_.scenario.servers) {
      if (groups && rarely(0.8)) {
        server.tags["group"] = rarely(0.5) ? "a" : "b";
        night_.rules.group_by = "group";
      }
      if (waves && rarely(0.8)) {
        server.tags["wave"] = std::to_string(1 + below(2));
        night_.rules.order_by = "wave";
      }
    }
  }

  SeededRandom chance_;
  Nemeses nemeses_;
  Night night_;
};

}  // namespace

Night night(std::uint64_t seed, Nemeses nemeses, std::optional<int> servers) {
  return Author(seed, nemeses).write(servers);
}

}  // namespace pitstop::test
