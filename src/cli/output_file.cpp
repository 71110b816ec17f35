#include "cli/output_file.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/text.hpp"
#include "report/wording.hpp"

namespace pitstop {

namespace {

/// A pipe that can be written takes so much at once, and a terminal nearly always.
constexpr std::size_t most_at_once = 512;

}  // namespace

OutputFile::OutputFile(int file, std::function<bool()> may_wait)
    : file_(file), may_wait_(std::move(may_wait)) {}

OutputFile::int_type OutputFile::overflow(int_type next) {
  if (!traits_type::eq_int_type(next, traits_type::eof())) {
    unwritten_ += traits_type::to_char_type(next);
  }
  return traits_type::not_eof(next);
}

std::streamsize OutputFile::xsputn(const char* text, std::streamsize size) {
  unwritten_.append(text, static_cast<std::size_t>(size));
  return size;
}

bool OutputFile::can_be_written() const {
  pollfd ready{file_, POLLOUT, 0};
  constexpr int asked_again_after = 200;  // milliseconds: a server may be down by then
  int found = 0;
  do {
    found = ::poll(&ready, 1, may_wait_() ? asked_again_after : 0);
  } while (found <= 0 && may_wait_());
  return found > 0;
}

// What cannot be written is dropped: the next line may fit again, and half of one helps nobody.
int OutputFile::sync() {
  std::size_t done = 0;
  while (done < unwritten_.size() && can_be_written()) {
    const auto size = std::min(most_at_once, unwritten_.size() - done);
    const auto written = ::write(file_, unwritten_.data() + done, size);
    if (written >= 0) {
      done += static_cast<std::size_t>(written);
    } else if (errno != EAGAIN && errno != EINTR) {
      error_ = error_ == 0 ? errno : error_;
      unwritten_.clear();
      return -1;
    }
  }
  unwritten_.erase(0, done);
  return 0;
}

ExitStatus with_output(ExitStatus status, bool only_shows, Surroundings& surroundings) {
  surroundings.output.flush();
  if (surroundings.output.good()) {
    return status;
  }
  const int error = surroundings.output_error ? surroundings.output_error() : EIO;
  const bool reader_left = error == EPIPE;
  if (reader_left && !only_shows) {
    return status;
  }
  if (!reader_left) {
    const auto why = lower_case(std::generic_category().message(error));
    surroundings.diagnostics
        << error_lines({ErrorKind::refused, fmt::format("the output could not be written: {}", why),
                        only_shows ? "" : "only the output is lost; the work was done", ""})
        << std::flush;
  }
  return status == ExitStatus::done ? ExitStatus::failed : status;
}

}  // namespace pitstop
