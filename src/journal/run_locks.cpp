#include "journal/run_locks.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "base/text.hpp"
#include "journal/private_files.hpp"

namespace pitstop {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> cannot_lock(const fs::path& file, int error) {
  return fail(ErrorKind::refused,
              fmt::format("{} cannot be locked: {}", printable(file.string()),
                          lower_case(std::generic_category().message(error))),
              "let this user write there, or name another directory by --state-dir");
}

/// Whether the file that was locked is still the one of that name: its last holder may have removed
/// it between our opening and locking it.
bool is_still(int descriptor, const fs::path& file) {
  struct stat locked{};
  struct stat named{};
  return ::fstat(descriptor, &locked) == 0 && ::stat(file.c_str(), &named) == 0 &&
         locked.st_ino == named.st_ino && locked.st_dev == named.st_dev;
}

}  // namespace

RunLocks::RunLocks(const fs::path& state_directory) : directory_(state_directory / "runs") {}

RunLocks::RunLocks(RunLocks&& other) noexcept
    : directory_(std::move(other.directory_)),
      descriptors_(std::exchange(other.descriptors_, {})) {}

RunLocks::~RunLocks() {
  for (const auto& [run, descriptor] : descriptors_) {
    ::close(descriptor);
  }
}

fs::path RunLocks::file_of(const RunId& run) const {
  return directory_ / (run.str() + ".lock");
}

Status RunLocks::lock(const RunId& run) {
  if (directory_.empty() || descriptors_.contains(run)) {
    return {};
  }
  TRY_STATUS(make_private_directory(directory_));
  const auto file = file_of(run);
  while (true) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
      return cannot_lock(file, errno);
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      ::close(descriptor);
      if (error == EWOULDBLOCK) {
        return fail(ErrorKind::held,
                    fmt::format("the run {} goes on in another process", run.str()));
      }
      return cannot_lock(file, error);
    }
    if (is_still(descriptor, file)) {
      descriptors_.emplace(run, descriptor);
      return {};
    }
    ::close(descriptor);
  }
}

void RunLocks::unlock(const RunId& run) {
  const auto held = descriptors_.find(run);
  if (held == descriptors_.end()) {
    return;
  }
  ::unlink(file_of(run).c_str());
  ::close(held->second);
  descriptors_.erase(held);
}

void RunLocks::sweep() {
  std::vector<RunId> ended;
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(directory_, ignored)) {
    const RunId run(file.path().stem().string());
    if (file.path().extension() == ".lock" && !descriptors_.contains(run) && lock(run)) {
      ended.push_back(run);
    }
  }
  for (const auto& run : ended) {
    unlock(run);
  }
}

}  // namespace pitstop
