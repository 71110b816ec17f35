#include "base/run_program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>

#include "base/spawn.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr std::size_t most_errors = 4096;

/// An open file; closes it.
class File {
 public:
  File() = default;
  explicit File(int number) : number_(number) {}
  File(File&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~File() { close(); }

  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  void close() {
    if (is_open()) {
      ::close(std::exchange(number_, -1));
    }
  }

 private:
  int number_ = -1;
};

/// A file that can be read once the process has ended. (glibc declares its own function for C
/// only.)
int pidfd_of(pid_t process) {
  return static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
}

/// A program that runs: killed and buried with the object, if it has not ended before.
class Child {
 public:
  explicit Child(pid_t id) : id_(id), end_(pidfd_of(id)) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (id_ > 0) {
      ::kill(-id_, SIGKILL);
      (void)wait();
    }
  }

  /// Can be read once the program has ended.
  int end() const { return end_.get(); }

  int wait() {
    int status = 0;
    while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
    id_ = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  pid_t id_;
  File end_;
};

/// What a program writes, as much as is kept of it.
struct Capture {
  explicit Capture(std::size_t most_) : most(most_) {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) == 0) {
      ours = File(ends[0]);
      theirs = File(ends[1]);
      ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
    }
  }

  /// What is there at the moment, more than a pipe can hold; closes the pipe at its end.
  void read() {
    std::array<char, 16384> part;
    for (int parts = 0; parts < 8 && ours.is_open(); ++parts) {
      const auto got = ::read(ours.get(), part.data(), part.size());
      if (got < 0 && errno == EAGAIN) {
        return;
      }
      if (got <= 0) {
        ours.close();
        return;
      }
      const auto size = static_cast<std::size_t>(got);
      too_long |= size > most - text.size();
      text.append(part.data(), std::min(size, most - text.size()));
    }
  }

  std::size_t most;
  File ours;
  File theirs;
  std::string text;
  bool too_long = false;
};

File alarm_after(Duration limit) {
  File alarm(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  const auto whole = std::chrono::floor<Seconds>(limit);
  itimerspec when{};
  when.it_value.tv_sec = whole.count();
  when.it_value.tv_nsec = Duration(limit - whole).count();
  ::timerfd_settime(alarm.get(), 0, &when, nullptr);
  return alarm;
}

/// Files of which one or the other can be read sooner or later; itself a file that can be read
/// then.
class Watch {
 public:
  Watch() : file_(::epoll_create1(EPOLL_CLOEXEC)) {}

  void add(int file) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = file;
    ::epoll_ctl(file_.get(), EPOLL_CTL_ADD, file, &event);
  }

  int file() const { return file_.get(); }

  bool can_be_read(int file) const {
    std::array<epoll_event, 8> ready{};
    const int count = ::epoll_wait(file_.get(), ready.data(), ready.size(), 0);
    for (int i = 0; i < count; ++i) {
      if (ready.at(static_cast<std::size_t>(i)).data.fd == file) {
        return true;
      }
    }
    return false;
  }

 private:
  File file_;
};

}  // namespace

Task<Result<ProgramEnd>> run_program(Program program) {
  const std::string name = program.command.front();
  Capture output(program.most_output);
  Capture errors(most_errors);
  const File nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const File alarm = alarm_after(program.time_limit);
  if (!output.theirs.is_open() || !errors.theirs.is_open() || !nothing.is_open() ||
      !alarm.is_open()) {
    co_return fail(cannot_be_started(name, errno));
  }
  const StandardStreams streams{nothing.get(), output.theirs.get(), errors.theirs.get()};
  CO_TRY(const pid_t id, spawn(program.command, streams));
  Child child(id);
  if (child.end() < 0) {
    co_return fail(cannot_be_started(name, errno));
  }
  output.theirs.close();
  errors.theirs.close();

  Watch watch;
  for (const int file : {output.ours.get(), errors.ours.get(), alarm.get(), child.end()}) {
    watch.add(file);
  }
  const Executor executor = co_await boost::asio::this_coro::executor;
  const int watched = ::dup(watch.file());
  if (watched < 0) {
    co_return fail(cannot_be_started(name, errno));
  }
  boost::asio::posix::stream_descriptor ready(executor, watched);
  while (true) {
    co_await ready.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                              boost::asio::use_awaitable);
    // Asked before the last look at what it has written.
    const bool ended = watch.can_be_read(child.end());
    output.read();
    errors.read();
    if (output.too_long) {
      co_return fail(ErrorKind::refused, fmt::format("{} writes more than {} KiB", in_quotes(name),
                                                     program.most_output >> 10));
    }
    if (ended) {
      co_return ProgramEnd{child.wait(), std::move(output.text), std::move(errors.text)};
    }
    if (watch.can_be_read(alarm.get())) {
      co_return fail(ErrorKind::deadline, fmt::format("{} has not ended within {}", in_quotes(name),
                                                      human(program.time_limit)));
    }
  }
}

}  // namespace pitstop
