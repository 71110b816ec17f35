#include "sim/ec2sim/server.hpp"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "base/log.hpp"
#include "base/text.hpp"
#include "sim/ec2sim/connection.hpp"

namespace pitstop::sim {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// A connection that breaks takes nothing with it but itself.
void note(std::exception_ptr thrown) {
  if (!thrown) {
    return;
  }
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& exception) {
    log::warning("a connection broke: {}", printable(exception.what()));
  }
}

Error cannot_listen(const std::string& address, std::uint16_t port,
                    const boost::system::error_code& why) {
  const bool taken = why == asio::error::address_in_use;
  return {ErrorKind::refused,
          fmt::format("cannot listen on {}:{}: {}", printable(address), port,
                      lower_case(why.message())),
          taken ? "another ec2sim may be running; --listen 127.0.0.1:0 takes a free port"
                : "--listen takes an address of this machine and a port, such as 127.0.0.1:4599",
          ""};
}

}  // namespace

struct Server::Listener {
  /// Throws boost::system::system_error.
  Listener(const Executor& executor, const std::string& address, std::uint16_t port)
      : acceptor(executor, tcp::endpoint(asio::ip::make_address(address), port)) {}

  tcp::acceptor acceptor;
};

Server::Server(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}

Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::open(const Executor& executor, const std::string& address,
                                             std::uint16_t port) {
  try {
    auto listener = std::make_unique<Listener>(executor, address, port);
    return std::unique_ptr<Server>(new Server(std::move(listener)));
  } catch (const boost::system::system_error& thrown) {
    return fail(cannot_listen(address, port, thrown.code()));
  }
}

std::string Server::url() const {
  const auto endpoint = listener_->acceptor.local_endpoint();
  const auto address = endpoint.address().to_string();
  return fmt::format("http://{}:{}", endpoint.address().is_v6() ? '[' + address + ']' : address,
                     endpoint.port());
}

Task<void> Server::serve(Front& front, Clock& clock, Duration patience) {
  constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
  auto& acceptor = listener_->acceptor;
  while (acceptor.is_open()) {
    auto [error, socket] = co_await acceptor.async_accept(as_values);
    if (error) {
      // Out of file descriptors, say: some connection will end soon.
      log::warning("cannot take a connection: {}", error.message());
      co_await clock.sleep(Milliseconds(100));
      continue;
    }
    asio::co_spawn(acceptor.get_executor(), serve_connection(std::move(socket), front, patience),
                   note);
  }
}

}  // namespace pitstop::sim
