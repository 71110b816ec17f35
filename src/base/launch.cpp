#include "base/launch.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <system_error>

#include "base/text.hpp"

namespace pitstop {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> cannot_launch(const std::string& program, int error) {
  return fail(ErrorKind::refused, fmt::format("{} cannot be started: {}", in_quotes(program),
                                              lower_case(std::generic_category().message(error))));
}

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

/// Those of earlier launches that have ended meanwhile.
void bury_the_dead() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

/// With the signals as a program expects them, and out of reach of a Ctrl-C that is meant for us.
int spawn(const std::vector<std::string>& command, int input) {
  std::vector<char*> arguments;
  for (const auto& word : command) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all;
  sigfillset(&all);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  pid_t child = 0;
  const int error =
      ::posix_spawnp(&child, arguments.front(), &files, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

}  // namespace

Status launch(const std::vector<std::string>& command, std::string_view input) {
  bury_the_dead();
  const int file = file_with(input);
  if (file < 0) {
    return cannot_launch(command.front(), errno);
  }
  const int error = spawn(command, file);
  ::close(file);
  return error == 0 ? Status() : cannot_launch(command.front(), error);
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
