#pragma once

#include <functional>
#include <streambuf>
#include <string>

#include "cli/exit_status.hpp"
#include "cli/surroundings.hpp"

namespace pitstop {

/// Writes to an open file, and remembers whether that has failed.
///
/// A reader that does not read, such as a pager, or a terminal after Ctrl-S, must keep no server
/// down: what would have to wait is kept in memory as long as `may_wait` says no.
class OutputFile final : public std::streambuf {
 public:
  OutputFile(int file, std::function<bool()> may_wait);

  /// The errno of the first write that failed; 0 if none has.
  int error() const { return error_; }

 protected:
  int_type overflow(int_type next) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;

 private:
  bool can_be_written() const;

  int file_;
  std::function<bool()> may_wait_;
  int error_ = 0;
  std::string unwritten_;
};

/// What a command ends with that had `status`: a failure if its output could not be written, which
/// is said on the diagnostics. A reader that has read enough and left (`| head -1`) is told
/// nothing, and only a command that does nothing but show something has failed then.
ExitStatus with_output(ExitStatus status, bool only_shows, Surroundings& surroundings);

}  // namespace pitstop
