#include "support/pit_bench.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/environment.hpp"

namespace pitstop::test {

std::optional<Instant> RecordingObserver::when(Step step) const {
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].step == step) {
      return times[i];
    }
  }
  return std::nullopt;
}

std::size_t RecordingObserver::count(Step step) const {
  return static_cast<std::size_t>(std::ranges::count(events, step, &Event::step));
}

std::string RecordingObserver::warnings() const {
  std::string lines;
  for (const auto& event : events) {
    if (event.step == Step::warning) {
      lines += event.detail + '\n';
    }
  }
  return lines;
}

std::uint64_t seeds(std::uint64_t usually) {
  const auto wanted = Environment::of_process().get("PITSTOP_SEEDS");
  return wanted ? std::stoull(*wanted) : usually;
}

PitBench::PitBench(MiniCloudTimes times, std::uint64_t seed)
    : cloud(time, times), pace(time), seen(time), random(seed) {}

FleetTools PitBench::tools() {
  return {.wire = cloud,
          .pace = pace,
          .clock = time,
          .random = random,
          .observer = seen,
          .interruption = interruption,
          .usual_patience = Seconds(30),
          .logbook = logbook,
          .scheduler = nullptr,
          .here = {.region = "us-east-1", .host = "host-1", .process = 1}};
}

namespace {

Task<void> back_up_the_server(PitBench& bench, BackupOptions options, BackupOutcome& outcome) {
  const auto tools = bench.tools();
  Selection selection{.ids = {bench.cloud.instance}, .tags = {}, .all = false};
  const std::vector<ec2::Caller*> sites{&bench.cloud};
  auto selected = co_await select_servers(sites, std::move(selection));
  if (!selected) {
    ADD_FAILURE() << selected.error().message;
    co_return;
  }
  const RunId run("r-test");
  const std::vector<FleetSite> fleet{{tools, std::move(options)}};
  const auto outcomes =
      co_await back_up_fleet(fleet, std::move(selected->servers), run, FleetRules());
  outcome = outcomes.front();
}

}  // namespace

BackupOutcome PitBench::run_leniently(BackupOptions options) {
  BackupOutcome outcome;
  time.run(back_up_the_server(*this, std::move(options), outcome));
  time.drain();
  return outcome;
}

BackupOutcome PitBench::run(BackupOptions options) {
  auto outcome = run_leniently(std::move(options));
  EXPECT_EQ(cloud.unused_faults(), std::vector<std::string>{})
      << "the test did not test what it says";
  return outcome;
}

}  // namespace pitstop::test
