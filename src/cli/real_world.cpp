#include "cli/real_world.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "base/launch.hpp"
#include "cli/command_line.hpp"
#include "cli/question.hpp"
#include "cli/terminal.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "an unknown host";
}

class RealWorld {
 public:
  RealWorld() : random_(system_seed()), signals_(loop_, SIGINT, SIGTERM) {
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
  }

  int run(std::vector<std::string> arguments) {
    await_signal();
    auto ended = [this](std::exception_ptr thrown, ExitStatus status) {
      if (thrown) {
        std::rethrow_exception(thrown);
      }
      status_ = status;
      loop_.stop();
    };
    boost::asio::co_spawn(loop_, run_command_line(std::move(arguments), surroundings_), ended);
    loop_.run();
    return number(status_);
  }

 private:
  Surroundings make_surroundings() {
    return {.environment = environment_,
            .is_root = ::geteuid() == 0,
            .host = host_name(),
            .process = ::getpid(),
            .clock = clock_,
            .random = random_,
            .open_network =
                [this](CurlSettings settings) {
                  return std::make_unique<CurlHttp>(loop_.get_executor(), std::move(settings));
                },
            .launch = launch,
            .run_program = run_program,
            .interruption = interruption_,
            .down = down_,
            .output = std::cout,
            .diagnostics = std::cerr,
            .terminal_size =
                output_is_terminal(environment_) ? terminal_size : std::function<BoardSize()>(),
            .ask = make_ask()};
  }

  std::function<Task<bool>(std::string)> make_ask() {
    if (!somebody_can_be_asked()) {
      return {};
    }
    return [this](std::string question) {
      return ask_at_terminal(std::move(question), std::cerr, interruption_);
    };
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
    if (surroundings_.before_early_end) {
      surroundings_.before_early_end();
    }
    std::cerr << down_lines(down_, Titles()) << std::flush;
    std::cout << std::flush;
    std::_Exit(number(down_.empty() ? ExitStatus::interrupted : ExitStatus::left_down));
  }

  Environment environment_ = Environment::of_process();
  SystemClock clock_;
  SeededRandom random_;
  Interruption interruption_;
  std::vector<InstanceId> down_;
  Surroundings surroundings_ = make_surroundings();
  ExitStatus status_ = ExitStatus::failed;
  /// The last one, for coroutines that have not ended go with it.
  boost::asio::io_context loop_{1};
  boost::asio::signal_set signals_;
};

}  // namespace

int run_in_real_world(std::vector<std::string> arguments) {
  return RealWorld().run(std::move(arguments));
}

}  // namespace pitstop
