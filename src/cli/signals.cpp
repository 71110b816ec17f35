#include "cli/signals.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>

#include "base/contains.hpp"

namespace pitstop {
namespace {

/// What they do to the process by default does not matter: a closed terminal, a reader that has
/// left, a file that has reached its limit (the write fails then), and a job in the background that
/// uses its terminal. (A question to it then counts as answered by no.)
constexpr std::array ignored{SIGHUP, SIGPIPE, SIGXFSZ, SIGTTIN, SIGTTOU};

constexpr std::array caught{SIGINT,  SIGTERM, SIGQUIT, SIGUSR1, SIGUSR2,   SIGALRM, SIGVTALRM,
                            SIGPROF, SIGIO,   SIGXCPU, SIGTSTP, SIGSTKFLT, SIGPWR};

/// Those that the system sends to a process that has done wrong. Other processes may send them,
/// too.
constexpr std::array of_crashes{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};

/// Between glibc's own two and SIGRTMIN, as the kernel counts.
constexpr int first_of_glibc = 32;

constexpr auto from_terminal_bit = 0x80U;

// All that a handler may touch.
std::atomic<int> signals_go_to{-1};
std::array<struct sigaction, NSIG> before_us{};

bool is_sent_by_another(const siginfo_t& info) {
  return info.si_code <= 0 && info.si_pid != ::getpid();
}

/// Gives a crash back to whoever dealt with it before, such as a sanitizer. A fault comes again
/// when the handler returns; what has been raised does not.
void crash(int number) {
  ::sigaction(number, &before_us[static_cast<std::size_t>(number)], nullptr);
  if (number == SIGABRT || number == SIGTRAP || number == SIGSYS) {
    ::raise(number);
  }
}

void note(int number, siginfo_t* info, void*) {
  const bool is_crash = std::ranges::find(of_crashes, number) != of_crashes.end();
  if (is_crash && !is_sent_by_another(*info)) {
    crash(number);
    return;
  }
  const int kept = errno;
  const auto bits =
      static_cast<unsigned>(number) | (info->si_code == SI_KERNEL ? from_terminal_bit : 0U);
  const auto byte = static_cast<unsigned char>(bits);
  [[maybe_unused]] const auto written = ::write(signals_go_to, &byte, 1);
  errno = kept;
}

void catch_signal(int number) {
  struct sigaction action{};
  action.sa_sigaction = note;
  // A fault that has used up the stack needs another one.
  action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  ::sigaction(number, &action, &before_us[static_cast<std::size_t>(number)]);
}

/// Those with which glibc cancels threads and changes users, which nobody here does: it lets nobody
/// else have them, and by default they end the process.
void ignore_those_of_glibc() {
  struct {
    void (*handler)(int) = SIG_IGN;
    unsigned long flags = 0;
    void (*restorer)() = nullptr;
    unsigned long mask = 0;
  } const kernel_action;
  for (int number = first_of_glibc; number < SIGRTMIN; ++number) {
    ::syscall(SYS_rt_sigaction, number, &kernel_action, nullptr, sizeof kernel_action.mask);
  }
}

std::vector<int> all_caught() {
  std::vector<int> all(caught.begin(), caught.end());
  all.insert(all.end(), of_crashes.begin(), of_crashes.end());
  for (int number = SIGRTMIN; number <= SIGRTMAX; ++number) {
    all.push_back(number);
  }
  return all;
}

}  // namespace

SignalAction SignalRules::action_for(const ReceivedSignal& signal, Instant now) {
  switch (signal.number) {
    case SIGUSR1:
      return SignalAction::show_state;
    case SIGTSTP:
      return SignalAction::suspend;
    case SIGINT:
      break;
    default:
      return SignalAction::end;
  }
  if (!signal.from_terminal) {
    return SignalAction::end;
  }
  if (!first_ctrl_c_) {
    first_ctrl_c_ = now;
    return SignalAction::end;
  }
  constexpr Duration time_to_read = Seconds(1);
  return now - *first_ctrl_c_ >= time_to_read ? SignalAction::end_now : SignalAction::nothing;
}

SignalPipe::SignalPipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    throw std::system_error(errno, std::generic_category(), "signals");
  }
  read_end_ = ends[0];
  write_end_ = ends[1];
  signals_go_to = write_end_;
  for (const int number : ignored) {
    std::signal(number, SIG_IGN);
  }
  ignore_those_of_glibc();
  for (const int number : all_caught()) {
    catch_signal(number);
  }
  // Whoever has started us may have blocked some.
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

SignalPipe::~SignalPipe() {
  for (const int number : all_caught()) {
    ::sigaction(number, &before_us[static_cast<std::size_t>(number)], nullptr);
  }
  signals_go_to = -1;
  ::close(read_end_);
  ::close(write_end_);
}

std::vector<ReceivedSignal> SignalPipe::take() {
  std::vector<ReceivedSignal> received;
  std::array<unsigned char, 256> bytes{};
  while (true) {
    const auto size = ::read(read_end_, bytes.data(), bytes.size());
    if (size <= 0) {
      return received;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(size); ++i) {
      const unsigned byte = bytes.at(i);
      received.push_back(
          {static_cast<int>(byte & ~from_terminal_bit), (byte & from_terminal_bit) != 0});
    }
  }
}

void SignalPipe::suspend() {
  std::signal(SIGTSTP, SIG_DFL);
  ::raise(SIGTSTP);
  catch_signal(SIGTSTP);
}

}  // namespace pitstop
