#include "aws/small_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>

#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20;

std::string in_words(int error) {
  return lower_case(std::generic_category().message(error));
}

/// A service that systemd starts as root has no HOME, and root's files are meant all the same.
std::string home_directory(const Environment& environment) {
  if (auto home = environment.get("HOME")) {
    return *std::move(home);
  }
  const passwd* user = ::getpwuid(::getuid());
  return user == nullptr ? "/" : user->pw_dir;
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  return ::fsync(file) == 0;
}

}  // namespace

std::string expand_home(std::string path, const Environment& environment) {
  if (path == "~" || path.starts_with("~/")) {
    path.replace(0, 1, home_directory(environment));
  }
  return path;
}

Result<std::optional<std::string>> read_small_file(const std::string& path, std::string hint) {
  const auto unreadable = [&](int error) {
    return fail(ErrorKind::usage,
                fmt::format("{} cannot be read: {}", printable(path), in_words(error)), hint);
  };
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "rbe"));
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return std::nullopt;
    }
    return unreadable(errno);
  }
  std::string text(largest_file + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) {
    return unreadable(errno);
  }
  if (text.size() > largest_file) {
    return fail(ErrorKind::usage,
                fmt::format("{} is larger than {} KiB", printable(path), largest_file >> 10),
                "this is not a file of AWS's tools");
  }
  return text;
}

Status replace_private_file(const std::string& path, std::string_view text) {
  std::string temporary = path + ".XXXXXX";
  const int file = ::mkostemp(temporary.data(), O_CLOEXEC);
  const bool written = file >= 0 && write_all(file, text);
  if (file >= 0) {
    ::close(file);
  }
  if (!written || std::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    if (file >= 0) {
      ::unlink(temporary.c_str());
    }
    return fail(ErrorKind::refused,
                fmt::format("{} cannot be written: {}", printable(path), in_words(error)));
  }
  return {};
}

}  // namespace pitstop
