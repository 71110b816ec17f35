#include "journal/private_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/text.hpp"

namespace pitstop {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> refuse(const fs::path& path, std::string_view what, int error) {
  return fail(ErrorKind::refused,
              fmt::format("{} {}: {}", printable(path.string()), what,
                          lower_case(std::generic_category().message(error))),
              "let this user write there, or name another directory by --state-dir");
}

/// 0, or the error.
int make_directories(const fs::path& directory) {
  if (::mkdir(directory.c_str(), 0700) == 0) {
    return 0;
  }
  if (errno == EEXIST) {
    std::error_code ignored;
    return fs::is_directory(directory, ignored) ? 0 : ENOTDIR;
  }
  const auto parent = directory.parent_path();
  if (errno != ENOENT || parent.empty() || parent == directory) {
    return errno;
  }
  const int error = make_directories(parent);
  return error == 0 && ::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST ? errno : error;
}

}  // namespace

Status make_private_directory(const fs::path& directory) {
  if (const int error = make_directories(directory)) {
    return refuse(directory, "cannot be made a directory for the journal", error);
  }
  return {};
}

Status make_private_file(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor >= 0) {
    ::close(descriptor);
    return {};
  }
  // One that is there is not opened here: to close it again would drop the locks that SQLite may
  // hold on it in this process (sqlite.org/howtocorrupt.html, 2.2).
  const bool is_usable =
      errno == EEXIST && ::faccessat(AT_FDCWD, file.c_str(), R_OK | W_OK, AT_EACCESS) == 0;
  if (!is_usable) {
    return refuse(file, "cannot be read and written", errno);
  }
  return {};
}

}  // namespace pitstop
