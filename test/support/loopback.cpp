#include "support/loopback.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

namespace pitstop::test {

namespace {

[[noreturn]] void lost(const char* doing) {
  throw ConnectionLost(std::string(doing) + ": " + std::strerror(errno));
}

FileDescriptor open_socket() {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot open a socket");
  }
  return socket;
}

sockaddr_in loopback_address(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<in_port_t>(port));
  return address;
}

/// Waits until one of the two is ready; false if the time has passed first.
bool poll_either(int first, short events, int second, Milliseconds limit) {
  std::array<pollfd, 2> waited{pollfd{first, events, 0}, pollfd{second, POLLIN, 0}};
  while (true) {
    const int ready = ::poll(waited.data(), waited.size(), static_cast<int>(limit.count()));
    if (ready >= 0 || errno != EINTR) {
      return ready > 0;
    }
  }
}

constexpr Milliseconds for_ever{-1};

}  // namespace

Interrupt::Interrupt() : event_(::eventfd(0, EFD_CLOEXEC)) {}

void Interrupt::raise() {
  ::eventfd_write(event_.get(), 1);
}

bool Interrupt::wait(Milliseconds limit) const {
  return poll_either(event_.get(), POLLIN, -1, limit);
}

void Interrupt::wait() const {
  wait(for_ever);
}

Socket Socket::connect(int port, const Interrupt* interrupt) {
  FileDescriptor socket = open_socket();
  const auto address = loopback_address(port);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    lost("cannot connect");
  }
  return Socket(std::move(socket), interrupt);
}

void Socket::await(short events) const {
  const int interruption = interrupt_ == nullptr ? -1 : interrupt_->handle();
  if (!poll_either(socket_.get(), events, interruption, limit_)) {
    throw ConnectionLost("the other side took too long");
  }
  if (interrupt_ != nullptr && interrupt_->wait(Milliseconds(0))) {
    throw ConnectionLost("interrupted");
  }
}

std::size_t Socket::read(std::span<char> into) {
  while (true) {
    await(POLLIN);
    const auto got = ::recv(socket_.get(), into.data(), into.size(), MSG_DONTWAIT);
    if (got >= 0) {
      return static_cast<std::size_t>(got);
    }
    if (errno != EAGAIN && errno != EINTR) {
      lost("cannot receive");
    }
  }
}

void Socket::write(std::string_view bytes) {
  while (!bytes.empty()) {
    await(POLLOUT);
    const auto sent =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN && errno != EINTR) {
      lost("cannot send");
    }
  }
}

void Socket::reset_when_closed() {
  const linger at_once{1, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

Listener::Listener() : socket_(open_socket()) {
  auto address = loopback_address(0);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (::bind(socket_.get(), generic, size) != 0 || ::listen(socket_.get(), SOMAXCONN) != 0 ||
      ::getsockname(socket_.get(), generic, &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
}

FileDescriptor Listener::accept(const Interrupt& interrupt) const {
  while (true) {
    poll_either(socket_.get(), POLLIN, interrupt.handle(), for_ever);
    if (interrupt.wait(Milliseconds(0))) {
      return FileDescriptor();
    }
    FileDescriptor accepted(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (accepted.get() >= 0) {
      // What is written at once goes out at once: a slow drip must not be gathered up.
      const int yes = 1;
      ::setsockopt(accepted.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      return accepted;
    }
  }
}

int free_port() {
  return Listener().port();
}

}  // namespace pitstop::test
