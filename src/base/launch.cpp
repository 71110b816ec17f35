#include "base/launch.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/spawn.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

namespace fs = std::filesystem;

/// A file without a name that holds the text and stands at its beginning: who reads it needs nobody
/// who writes. -1 if there is none, see errno.
int file_with(std::string_view text) {
  const int file = ::memfd_create("input", MFD_CLOEXEC);
  while (file >= 0 && !text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0) {
      ::close(file);
      return -1;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (file >= 0) {
    ::lseek(file, 0, SEEK_SET);
  }
  return file;
}

/// The programs that were launched and have not been seen to end. Other children have somebody who
/// waits for them.
std::vector<pid_t>& launched() {
  static std::vector<pid_t> children;
  return children;
}

void bury_the_dead() {
  std::erase_if(launched(), [](pid_t child) { return ::waitpid(child, nullptr, WNOHANG) != 0; });
}

}  // namespace

Status launch(const std::vector<std::string>& command, std::string_view input) {
  bury_the_dead();
  const int file = file_with(input);
  if (file < 0) {
    return fail(cannot_be_started(command.front(), errno));
  }
  const auto child = spawn(command, {file, STDERR_FILENO, STDERR_FILENO});
  ::close(file);
  if (!child) {
    return fail(child.error());
  }
  launched().push_back(*child);
  return {};
}

bool can_be_launched(const std::string& name, const std::optional<std::string>& path) {
  const auto is_program = [](const fs::path& file) {
    std::error_code ignored;
    return fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
  };
  if (name.find('/') != std::string::npos) {
    return is_program(name);
  }
  const std::string whole_path = path.value_or("/usr/local/bin:/usr/bin:/bin");
  const auto directories = split(whole_path, ':');
  return std::ranges::any_of(directories, [&](std::string_view directory) {
    return is_program(fs::path(directory) / name);
  });
}

}  // namespace pitstop
