#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>

#include "base/concurrently.hpp"
#include "sim/ec2sim/options.hpp"
#include "sim/ec2sim/server.hpp"
#include "sim/scaled_clock.hpp"
#include "sim/scenario/read_scenario.hpp"

namespace pitstop::sim {
namespace {

Result<Scenario> open_scenario(const Options& options) {
  Scenario scenario;
  if (options.scenario) {
    TRY(scenario, load_scenario(*options.scenario));
  }
  scenario.seed = options.seed.value_or(scenario.seed);
  return scenario;
}

/// Serves until a signal ends it.
Status serve(const Options& options) {
  TRY(auto scenario, open_scenario(options));
  const auto seed = scenario.seed;
  boost::asio::io_context loop(1);
  std::signal(SIGPIPE, SIG_IGN);
  boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code&, int) { loop.stop(); });
  TRY(const auto server, Server::open(loop.get_executor(), options.address, options.port));
  SystemClock real;
  ScaledClock clock(real, options.time_scale);
  Front front(clock, real, std::move(scenario), options.signer);
  std::cout << fmt::format("ec2sim listens on {} (seed {}, time scale {})\n", server->url(), seed,
                           options.time_scale)
            << std::flush;
  begin(loop.get_executor(), server->serve(front, real, options.patience));
  loop.run();
  return {};
}

int complain(const Error& error) {
  std::cerr << "error: " << error.message << '\n';
  if (!error.hint.empty()) {
    std::cerr << "HINT: " << error.hint << '\n';
  }
  return error.kind == ErrorKind::usage ? 2 : 1;
}

int run(std::vector<std::string> arguments) {
  const auto options = parse_options(std::move(arguments));
  if (!options) {
    return complain(options.error());
  }
  if (const auto* information = std::get_if<Information>(&*options)) {
    std::cout << *information << std::flush;
    return 0;
  }
  const auto served = serve(std::get<Options>(*options));
  return served ? 0 : complain(served.error());
}

}  // namespace
}  // namespace pitstop::sim

int main(int count, char** arguments) {
  return pitstop::sim::run({arguments + (count > 0 ? 1 : 0), arguments + count});
}
