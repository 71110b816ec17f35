#include "cli/real_world.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <system_error>

#include "base/launch.hpp"
#include "cli/command_line.hpp"
#include "cli/output_file.hpp"
#include "cli/question.hpp"
#include "cli/signals.hpp"
#include "cli/terminal.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "an unknown host";
}

/// So many files are open at the same time while one server is backed up, and some more.
constexpr int files_needed = 32;

/// Standard streams that nobody has opened would be the first files that we open: a socket, say,
/// that all output goes into. Those that stand in for them can neither be read nor written.
void open_standard_streams() {
  int opened = 0;
  do {
    opened = ::open("/dev/null", O_PATH);
  } while (opened >= 0 && opened <= STDERR_FILENO);
  if (opened >= 0) {
    ::close(opened);
  }
}

/// A fleet has many connections. What cannot be raised is found out before anything is stopped.
void raise_limit_of_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    constexpr rlim_t enough = 65536;
    limit.rlim_cur = std::max(limit.rlim_cur, std::min(limit.rlim_max, enough));
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  std::vector<int> opened;
  int error = 0;
  while (error == 0 && opened.size() < files_needed) {
    const int file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    error = file < 0 ? errno : 0;
    if (file >= 0) {
      opened.push_back(file);
    }
  }
  for (const int file : opened) {
    ::close(file);
  }
  if (error != 0) {
    throw std::system_error(error, std::generic_category(),
                            fmt::format("only {} files can be opened", opened.size()));
  }
}

/// Why the process cannot begin, or cannot go on.
Error end_by(const std::exception& thrown) {
  const auto* of_system = dynamic_cast<const std::system_error*>(&thrown);
  const bool wants_files = of_system != nullptr && (of_system->code().value() == EMFILE ||
                                                    of_system->code().value() == ENFILE);
  return {ErrorKind::internal, fmt::format("pitstop cannot work: {}", thrown.what()),
          wants_files ? fmt::format("it needs {} open files: ulimit -n 1024", files_needed)
          : of_system != nullptr ? "the system has refused it"
                                 : "this is a mistake in pitstop: please report it",
          ""};
}

class RealWorld {
 public:
  RealWorld() : random_(system_seed()) {}

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
    try {
      loop_.run();
    } catch (const std::exception& thrown) {
      diagnostics_ << error_lines(end_by(thrown)) << std::flush;
      end_now(ExitStatus::failed);
    }
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
            .output = output_,
            .output_error = [this] { return output_file_.error(); },
            .diagnostics = diagnostics_,
            .terminal_size =
                output_is_terminal(environment_) ? terminal_size : std::function<BoardSize()>(),
            .ask = make_ask()};
  }

  std::function<Task<bool>(std::string)> make_ask() {
    if (!somebody_can_be_asked()) {
      return {};
    }
    return [this](std::string question) {
      return ask_at_terminal(std::move(question), diagnostics_, interruption_);
    };
  }

  bool may_wait_for_readers() const { return down_.empty() && !is_ending_; }

  void await_signal() {
    using boost::asio::posix::stream_descriptor;
    signals_come_.async_wait(stream_descriptor::wait_read,
                             [this](const boost::system::error_code& error) {
                               if (error) {
                                 return;
                               }
                               for (const auto& signal : signals_.take()) {
                                 act_on(signal);
                               }
                               await_signal();
                             });
  }

  void act_on(const ReceivedSignal& signal) {
    switch (signal_rules_.action_for(signal, clock_.now())) {
      case SignalAction::nothing:
        return;
      case SignalAction::end:
        request_end();
        return;
      case SignalAction::end_now:
        end_now(ExitStatus::interrupted);
      case SignalAction::show_state:
        show_state();
        return;
      case SignalAction::suspend:
        suspend();
        return;
    }
  }

  void request_end() {
    if (surroundings_.may_end_at_once) {
      end_now(ExitStatus::interrupted);
    }
    if (!interruption_.requested()) {
      interruption_.request();
    }
  }

  void show_state() {
    const auto& describers = *surroundings_.describers;
    diagnostics_ << fmt::format("{}  {}\n", rfc3339(clock_.wall()), how_many_are_down(down_.size()))
                 << (describers.empty() ? "" : describers.back()()) << std::flush;
  }

  void suspend() {
    if (down_.empty()) {
      signals_.suspend();
    } else if (!std::exchange(will_suspend_, true)) {
      diagnostics_ << fmt::format("not suspended: {}; pitstop suspends when all are up\n",
                                  how_many_are_down(down_.size()))
                   << std::flush;
      boost::asio::co_spawn(loop_, suspend_when_all_are_up(), [](std::exception_ptr thrown) {
        if (thrown) {
          std::rethrow_exception(thrown);
        }
      });
    }
  }

  Task<void> suspend_when_all_are_up() {
    while (!down_.empty()) {
      co_await clock_.sleep(Milliseconds(100));
    }
    will_suspend_ = false;
    signals_.suspend();
  }

  /// Unwinds nothing: whatever the coroutines hold goes with the process.
  [[noreturn]] void end_now(ExitStatus status) {
    is_ending_ = true;
    if (surroundings_.before_early_end) {
      surroundings_.before_early_end();
    }
    diagnostics_ << down_lines(down_, Titles()) << std::flush;
    output_.flush();
    std::_Exit(number(down_.empty() ? status : ExitStatus::left_down));
  }

  Environment environment_ = Environment::of_process();
  SystemClock clock_;
  SeededRandom random_;
  Interruption interruption_;
  std::vector<InstanceId> down_;
  bool is_ending_ = false;
  OutputFile output_file_{STDOUT_FILENO, [this] { return may_wait_for_readers(); }};
  OutputFile diagnostics_file_{STDERR_FILENO, [this] { return may_wait_for_readers(); }};
  std::ostream output_{&output_file_};
  std::ostream diagnostics_{&diagnostics_file_};
  SignalRules signal_rules_;
  bool will_suspend_ = false;
  Surroundings surroundings_ = make_surroundings();
  ExitStatus status_ = ExitStatus::failed;
  SignalPipe signals_;
  /// The last one but for what works with it: coroutines that have not ended go with it.
  boost::asio::io_context loop_{1};
  boost::asio::posix::stream_descriptor signals_come_{loop_, ::dup(signals_.file())};
};

}  // namespace

int run_in_real_world(std::vector<std::string> arguments) {
  open_standard_streams();
  try {
    raise_limit_of_files();
    return RealWorld().run(std::move(arguments));
  } catch (const std::exception& thrown) {
    std::cerr << error_lines(end_by(thrown));
    return number(ExitStatus::failed);
  }
}

}  // namespace pitstop
