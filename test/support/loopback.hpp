#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/time.hpp"
#include "support/file_descriptor.hpp"

namespace pitstop::test {

/// The other side broke the connection, let us wait too long, or we were interrupted.
struct ConnectionLost : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Ends what other threads wait for; once raised it stays so.
class Interrupt {
 public:
  Interrupt();
  void raise();

  /// Sleeps; true if it was raised before the time had passed.
  bool wait(Milliseconds limit) const;
  void wait() const;

  int handle() const { return event_.get(); }

 private:
  FileDescriptor event_;
};

/// Bytes both ways, blocking.
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  /// At least one byte, or 0 at the end of the stream.
  virtual std::size_t read(std::span<char> into) = 0;
  virtual void write(std::string_view bytes) = 0;
};

/// A TCP connection to 127.0.0.1. Every single wait ends with `limit` or the interrupt, if given.
class Socket final : public ByteStream {
 public:
  explicit Socket(FileDescriptor connected, const Interrupt* interrupt = nullptr)
      : socket_(std::move(connected)), interrupt_(interrupt) {}

  static Socket connect(int port, const Interrupt* interrupt = nullptr);

  void set_limit(Milliseconds limit) { limit_ = limit; }
  std::size_t read(std::span<char> into) override;
  void write(std::string_view bytes) override;

  /// The other side will see "connection reset by peer" in place of an orderly end.
  void reset_when_closed();

 private:
  void await(short events) const;

  FileDescriptor socket_;
  const Interrupt* interrupt_;
  Milliseconds limit_ = std::chrono::minutes(5);
};

/// Takes connections on a free port of 127.0.0.1.
class Listener {
 public:
  Listener();
  int port() const { return port_; }

  /// The next connection, or -1 if interrupted.
  FileDescriptor accept(const Interrupt& interrupt) const;

 private:
  FileDescriptor socket_;
  int port_ = 0;
};

/// A port of 127.0.0.1 that nobody listens on; somebody else may take it at any time.
int free_port();

}  // namespace pitstop::test
