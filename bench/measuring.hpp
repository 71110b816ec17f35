#pragma once

#include <malloc.h>
#include <sys/resource.h>

#include <ctime>
#include <vector>

/// What the benches have in common.
namespace pitstop::test {

/// What this process has used so far.
inline rusage used() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

/// Of all its cores together.
inline double cpu_seconds(const rusage& usage = used()) {
  const auto in_seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
}

/// Of the thread that asks, so far.
inline double thread_cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// What is allocated at the moment.
inline double allocated_mib() {
  return static_cast<double>(mallinfo2().uordblks) / 1024 / 1024;
}

/// 0.5 is the median, 1 the largest; 0 where there is nothing.
inline double part(const std::vector<double>& sorted, double fraction) {
  return sorted.empty()
             ? 0
             : sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * fraction)];
}

}  // namespace pitstop::test
