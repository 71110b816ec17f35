#include "cli/real_world.hpp"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "cli/command_line.hpp"
#include "cli/terminal.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

class RealWorld {
 public:
  RealWorld() : signals_(loop_, SIGINT, SIGTERM), random_(system_seed()) {
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
  }

  int run(std::vector<std::string> arguments) {
    auto surroundings = make_surroundings();
    await_signal();
    auto ended = [this](std::exception_ptr thrown, ExitStatus status) {
      if (thrown) {
        std::rethrow_exception(thrown);
      }
      status_ = status;
      loop_.stop();
    };
    boost::asio::co_spawn(loop_, run_command_line(std::move(arguments), surroundings), ended);
    loop_.run();
    return number(status_);
  }

 private:
  Surroundings make_surroundings() {
    return {.environment = environment_,
            .is_root = ::geteuid() == 0,
            .clock = clock_,
            .random = random_,
            .open_network =
                [this](CurlSettings settings) {
                  return std::make_unique<CurlHttp>(loop_.get_executor(), std::move(settings));
                },
            .interruption = interruption_,
            .down = down_,
            .output = std::cout,
            .diagnostics = std::cerr,
            .terminal_size =
                output_is_terminal(environment_) ? terminal_size : std::function<BoardSize()>()};
  }

  void await_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (error) {
        return;
      }
      if (interruption_.requested()) {
        end_now();
        return;
      }
      interruption_.request();
      await_signal();
    });
  }

  /// Unwinds nothing: whatever the coroutines hold goes with the process.
  [[noreturn]] void end_now() {
    std::cerr << down_lines(down_, Titles()) << std::flush;
    std::cout << std::flush;
    std::_Exit(number(down_.empty() ? ExitStatus::interrupted : ExitStatus::left_down));
  }

  boost::asio::io_context loop_{1};
  boost::asio::signal_set signals_;
  Environment environment_ = Environment::of_process();
  SystemClock clock_;
  SeededRandom random_;
  Interruption interruption_;
  std::vector<InstanceId> down_;
  ExitStatus status_ = ExitStatus::failed;
};

}  // namespace

int run_in_real_world(std::vector<std::string> arguments) {
  return RealWorld().run(std::move(arguments));
}

}  // namespace pitstop
