#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <ostream>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "support/file_descriptor.hpp"

namespace pitstop::test {

namespace {

[[noreturn]] void fail_with(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

FileDescriptor file_in_memory(const char* name) {
  FileDescriptor file(::memfd_create(name, MFD_CLOEXEC));
  if (file.get() < 0) {
    fail_with(errno, "cannot make a file in memory");
  }
  return file;
}

FileDescriptor file_with(const std::string& text) {
  FileDescriptor file = file_in_memory("stdin");
  for (std::size_t done = 0; done < text.size();) {
    const auto written = ::write(file.get(), text.data() + done, text.size() - done);
    if (written < 0) {
      fail_with(errno, "cannot write a program's input");
    }
    done += static_cast<std::size_t>(written);
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

/// The side of a terminal on which the person sits.
FileDescriptor new_terminal() {
  FileDescriptor terminal(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (terminal.get() < 0 || ::grantpt(terminal.get()) != 0 || ::unlockpt(terminal.get()) != 0) {
    fail_with(errno, "cannot make a terminal");
  }
  return terminal;
}

std::string text_of(const FileDescriptor& file) {
  std::string text;
  std::array<char, 65536> part;
  while (true) {
    const auto got = ::pread(file.get(), part.data(), part.size(), static_cast<off_t>(text.size()));
    if (got <= 0) {
      return text;
    }
    text.append(part.data(), static_cast<std::size_t>(got));
  }
}

std::string path_of_program(const std::string& name) {
  if (name.contains('/')) {
    return name;
  }
  const auto found = find_program(name);
  if (!found) {
    throw std::runtime_error(name + " is not on the PATH");
  }
  return *found;
}

/// "NAME=value" for each variable that the program is to see.
std::vector<std::string> environment_with(const EnvironmentChanges& changes) {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    if (!changes.contains(std::string(text.substr(0, text.find('='))))) {
      variables.emplace_back(text);
    }
  }
  for (const auto& [name, value] : changes) {
    if (value) {
      variables.push_back(name + '=' + *value);
    }
  }
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

/// All that the new process needs, made before the fork: after it, only system calls are allowed.
struct Launch {
  const char* program;
  char* const* arguments;
  char* const* environment;
  std::array<int, 3> standard_files;
  const char* terminal;  ///< that the program controls; null for none
  int report;            ///< errno goes here if the program cannot be run
  pid_t parent;
};

[[noreturn]] void become(const Launch& launch) {
  if (launch.terminal == nullptr) {
    ::setpgid(0, 0);
  } else {
    ::setsid();
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != launch.parent) {
    ::_exit(127);  // the test died before it could take this process with it
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int number = 0; number < 3; ++number) {
    ::dup2(launch.standard_files[static_cast<std::size_t>(number)], number);
  }
  if (launch.terminal != nullptr) {
    // The first terminal that the leader of a session opens is the one that it controls.
    ::dup2(::open(launch.terminal, O_RDWR), STDIN_FILENO);
  }
  ::execve(launch.program, launch.arguments, launch.environment);
  const int error = errno;
  [[maybe_unused]] const auto written = ::write(launch.report, &error, sizeof error);
  ::_exit(127);
}

/// Returns when the program runs, in a process group of its own.
pid_t start(Command& command, std::array<int, 3> standard_files, const char* terminal) {
  const std::string program = path_of_program(command.arguments.at(0));
  auto variables = environment_with(command.environment);
  const auto arguments = pointers_to(command.arguments);
  const auto environment = pointers_to(variables);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    fail_with(errno, "cannot make a pipe");
  }
  FileDescriptor report_out(ends[0]);
  FileDescriptor report_in(ends[1]);
  const Launch launch{program.c_str(), arguments.data(), environment.data(), standard_files,
                      terminal,        report_in.get(),  ::getpid()};
  const pid_t pid = ::fork();
  if (pid < 0) {
    fail_with(errno, "cannot fork");
  }
  if (pid == 0) {
    become(launch);
  }
  report_in.close();
  int error = 0;
  if (::read(report_out.get(), &error, sizeof error) > 0) {
    ::waitpid(pid, nullptr, 0);
    fail_with(error, "cannot run " + program);
  }
  return pid;
}

/// Becomes readable when the process has ended.
FileDescriptor end_of(pid_t pid) {
  // As a system call: the declaration in glibc 2.36 cannot be linked from C++.
  FileDescriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (handle.get() < 0) {
    fail_with(errno, "cannot watch a process");
  }
  return handle;
}

}  // namespace

struct ChildProcess::State {
  explicit State(Command command)
      : input(command.at_terminal ? new_terminal() : file_with(command.input)),
        output(file_in_memory("stdout")),
        errors(file_in_memory("stderr")),
        started(SystemClock().now()),
        pid(start(command, {input.get(), output.get(), errors.get()},
                  command.at_terminal ? ::ptsname(input.get()) : nullptr)),
        handle(end_of(pid)) {}

  /// False while it runs. Once it has ended, its id stays taken until reap().
  bool ended_within(Milliseconds limit) const {
    pollfd end{handle.get(), POLLIN, 0};
    const Instant until = SystemClock().now() + limit;
    while (true) {
      const auto left = std::chrono::ceil<Milliseconds>(until - SystemClock().now());
      const auto wait = static_cast<int>(std::max(left.count(), Milliseconds::rep{0}));
      if (const int ready = ::poll(&end, 1, wait); ready >= 0 || errno != EINTR) {
        return ready > 0;
      }
    }
  }

  void reap() {
    int status = 0;
    rusage usage{};
    // Descendants that outlived it share its group: nothing is left running behind a test's back.
    ::kill(-pid, SIGKILL);
    ::wait4(pid, &status, 0, &usage);
    result.emplace();
    result->wall = SystemClock().now() - started;
    result->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    result->max_rss_kib = usage.ru_maxrss;
    result->output = text_of(output);
    result->errors = text_of(errors);
  }

  FileDescriptor input;
  FileDescriptor output;
  FileDescriptor errors;
  Instant started;
  pid_t pid;
  FileDescriptor handle;
  std::optional<ProcessResult> result;  ///< there once it has been reaped
};

ChildProcess::ChildProcess(Command command) : state_(std::make_unique<State>(std::move(command))) {}

ChildProcess::~ChildProcess() {
  terminate();
}

pid_t ChildProcess::pid() const {
  return state_->pid;
}

bool ChildProcess::running() {
  return !wait(Milliseconds(0));
}

std::string ChildProcess::output() const {
  return text_of(state_->output);
}

std::string ChildProcess::errors() const {
  return text_of(state_->errors);
}

bool ChildProcess::await_text(std::string_view text, Milliseconds limit) {
  const Instant until = SystemClock().now() + limit;
  while (true) {
    const bool ended = !running();
    if (output().contains(text) || errors().contains(text)) {
      return true;
    }
    if (ended || SystemClock().now() >= until) {
      return false;
    }
    std::this_thread::sleep_for(Milliseconds(5));
  }
}

void ChildProcess::signal(int number) {
  if (!state_->result) {
    ::kill(state_->pid, number);
  }
}

void ChildProcess::type(std::string_view keys) {
  if (::write(state_->input.get(), keys.data(), keys.size()) < 0) {
    fail_with(errno, "cannot type");
  }
}

std::optional<ProcessResult> ChildProcess::wait(Milliseconds limit) {
  if (!state_->result && state_->ended_within(limit)) {
    state_->reap();
  }
  return state_->result;
}

ProcessResult ChildProcess::terminate(Milliseconds grace) {
  if (!state_->result) {
    ::kill(-state_->pid, SIGTERM);
    state_->ended_within(grace);
    state_->reap();
  }
  return *state_->result;
}

ProcessResult run_process(Command command) {
  const auto limit = command.limit;
  ChildProcess child(std::move(command));
  if (auto result = child.wait(limit)) {
    return *std::move(result);
  }
  ProcessResult result = child.terminate(Milliseconds(0));
  result.timed_out = true;
  return result;
}

std::ostream& operator<<(std::ostream& out, const ProcessResult& result) {
  if (result.timed_out) {
    out << "took too long and was killed";
  } else if (result.signal != 0) {
    out << "ended by signal " << result.signal;
  } else {
    out << "exit status " << result.exit_status;
  }
  return out << " after " << human(result.wall) << "\noutput: " << result.output
             << "\nerrors: " << result.errors;
}

std::optional<std::filesystem::path> find_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  for (const std::string_view folder : split(path == nullptr ? "" : path, ':')) {
    auto candidate = std::filesystem::path(folder) / name;
    if (::access(candidate.c_str(), X_OK) == 0 && !std::filesystem::is_directory(candidate)) {
      return candidate;
    }
  }
  return std::nullopt;
}

}  // namespace pitstop::test
