#include "cli/wiring.hpp"

#include <fmt/format.h>

#include "aws/dated_http.hpp"
#include "aws/partition.hpp"
#include "aws/region.hpp"
#include "base/text.hpp"
#include "cli/state_directory.hpp"
#include "cli/state_report.hpp"
#include "cli/version.hpp"
#include "report/json_report.hpp"
#include "report/live_report.hpp"
#include "report/text_report.hpp"

namespace pitstop {
namespace {

/// A call is tried again for that many times the time of one attempt.
constexpr int attempts_of_patience = 3;

Result<Milliseconds> read_timeout(const GlobalOptions& options) {
  const auto parsed = parse_duration(options.timeout);
  if (!parsed) {
    return fail(within("--timeout", parsed.error()));
  }
  const Duration timeout = *parsed;
  if (timeout < Milliseconds(100) || timeout > std::chrono::minutes(5)) {
    return fail(ErrorKind::usage, fmt::format("--timeout {} is out of bounds", options.timeout),
                "it takes 100ms to 5m");
  }
  return std::chrono::duration_cast<Milliseconds>(timeout);
}

}  // namespace

Result<Ec2Network> Ec2Network::open(const GlobalOptions& options,
                                    const Surroundings& surroundings) {
  TRY(const Milliseconds timeout, read_timeout(options));
  CurlSettings settings;
  settings.ca_bundle = surroundings.environment.get("AWS_CA_BUNDLE");
  settings.user_agent = fmt::format("pitstop/{}", version);
  settings.clock = &surroundings.clock;
  const auto time = std::make_shared<AwsTime>(surroundings.clock);
  const auto http =
      std::make_shared<DatedHttp>(surroundings.open_network(std::move(settings)), time);
  const CredentialDoors doors{*http, *time, surroundings.random, surroundings.run_program};
  auto of_identity = options.identity;
  if (!options.regions.empty()) {
    of_identity.region = options.regions.front();
  }
  TRY(auto identity, Identity::load(std::move(of_identity), surroundings.environment, doors));
  return Ec2Network{.http = http,
                    .time = time,
                    .identity = std::move(identity),
                    .doors = doors,
                    .timeout = timeout};
}

Ec2Connection::Ec2Connection(const Ec2Network& network, Identity identity, std::string role,
                             std::string endpoint, const Surroundings& surroundings)
    : http_(network.http),
      time_(network.time),
      identity_(std::move(identity)),
      role_(std::move(role)),
      usual_patience_(network.timeout * attempts_of_patience),
      query_(*http_, identity_, std::move(endpoint), network.timeout),
      counting_(query_),
      pace_(surroundings.clock),
      paced_(counting_, pace_),
      retrying_(paced_, surroundings.clock, surroundings.random, usual_patience_),
      scheduler_(*http_, identity_, surroundings.clock, surroundings.random, network.timeout,
                 usual_patience_),
      auto_scaling_(*http_, identity_, surroundings.clock, surroundings.random, network.timeout,
                    usual_patience_),
      load_balancing_(*http_, identity_, surroundings.clock, surroundings.random, network.timeout,
                      usual_patience_),
      keys_(*http_, identity_, surroundings.clock, surroundings.random, network.timeout,
            usual_patience_),
      commands_(*http_, identity_, surroundings.clock, surroundings.random, network.timeout,
                usual_patience_) {}

Result<std::unique_ptr<Ec2Connection>> Ec2Connection::open(const Ec2Network& network,
                                                           Identity identity, std::string role,
                                                           const Surroundings& surroundings) {
  TRY(auto endpoint, identity.endpoint("ec2"));
  // Another cloud names its regions as it likes.
  const auto& partition = partition_of(identity.region());
  const bool is_of_aws =
      endpoint.ends_with(partition.suffix) || endpoint.ends_with(partition.dual_stack_suffix);
  if (is_of_aws && !is_aws_region(identity.region())) {
    return fail(ErrorKind::usage,
                fmt::format("{} is not a region of AWS", in_quotes(identity.region())),
                what_a_region_looks_like);
  }
  return std::unique_ptr<Ec2Connection>(new Ec2Connection(
      network, std::move(identity), std::move(role), std::move(endpoint), surroundings));
}

FleetTools Ec2Connection::fleet_tools(const Surroundings& surroundings, Observer& observer,
                                      Logbook& logbook) {
  return {.wire = counting_,
          .pace = pace_,
          .clock = surroundings.clock,
          .random = surroundings.random,
          .observer = observer,
          .interruption = surroundings.interruption,
          .usual_patience = usual_patience_,
          .logbook = logbook,
          .scheduler = &scheduler_,
          .here = {.region = region(),
                   .role = role_,
                   .host = surroundings.host,
                   .process = surroundings.process,
                   .instance = own_instance_},
          .others = {&auto_scaling_, &load_balancing_, &keys_, &commands_},
          .identity = &identity_};
}

std::unique_ptr<State> State::in_memory(Clock& clock) {
  return std::make_unique<State>(Journal::in_memory(), RunLocks(), clock);
}

Result<std::unique_ptr<State>> open_state(const GlobalOptions& options,
                                          const Surroundings& surroundings) {
  TRY(const auto directory,
      choose_state_directory(options.state_dir, surroundings.environment, surroundings.is_root));
  TRY(auto journal, Journal::open(directory));
  RunLocks locks(directory);
  locks.sweep();
  return std::make_unique<State>(std::move(journal), std::move(locks), surroundings.clock);
}

Result<Journal> find_journal(const GlobalOptions& options, const Surroundings& surroundings) {
  TRY(const auto directory,
      choose_state_directory(options.state_dir, surroundings.environment, surroundings.is_root));
  if (!Journal::exists_in(directory)) {
    return fail(ErrorKind::not_found,
                fmt::format("there is no journal in {}", printable(directory.string())),
                "the first pitstop backup begins one; --state-dir names another directory");
  }
  return Journal::open(directory);
}

namespace {

Result<std::unique_ptr<BackupReport>> report_in_format(const GlobalOptions& options,
                                                       const Surroundings& surroundings) {
  auto& output = surroundings.output;
  auto& diagnostics = surroundings.diagnostics;
  if (options.output == "json") {
    return std::make_unique<JsonReport>(output, diagnostics);
  }
  if (options.output != "text") {
    return fail(ErrorKind::usage,
                fmt::format("{} is not an output format", in_quotes(options.output)),
                "--output takes text or json");
  }
  // Lines of a log would fall into the board.
  const bool chatty = options.log_level == "debug" || options.log_level == "info";
  if (surroundings.terminal_size && !chatty) {
    const bool colors = !options.no_color && !surroundings.environment.get("NO_COLOR");
    Terminal terminal{output, diagnostics, surroundings.terminal_size, colors};
    return std::make_unique<LiveReport>(std::move(terminal), surroundings.clock);
  }
  return std::make_unique<TextReport>(output, diagnostics);
}

}  // namespace

Result<std::unique_ptr<BackupReport>> open_report(const GlobalOptions& options,
                                                  const Surroundings& surroundings) {
  TRY(auto report, report_in_format(options, surroundings));
  return std::make_unique<StateReport>(std::move(report), surroundings);
}

}  // namespace pitstop
