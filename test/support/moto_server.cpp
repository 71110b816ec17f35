#include "support/moto_server.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "support/exchange.hpp"
#include "support/loopback.hpp"
#include "support/process.hpp"

namespace pitstop::test {

bool moto_available() {
  return find_program("moto_server").has_value();
}

MotoServer::MotoServer() {
  // Between looking for a free port and moto's taking it, somebody else may have taken it.
  constexpr int tries = 3;
  for (int tried = 0; tried < tries; ++tried) {
    if (started_on(free_port())) {
      return;
    }
  }
  throw std::runtime_error("moto_server does not start: " + process_->errors());
}

MotoServer::~MotoServer() = default;

bool MotoServer::started_on(int port) {
  endpoint_ = fmt::format("http://127.0.0.1:{}", port);
  process_ = std::make_unique<ChildProcess>(
      Command{.arguments = {"moto_server", "-H", "127.0.0.1", "-p", std::to_string(port)},
              .environment = {{"MOTO_EC2_LOAD_DEFAULT_AMIS", "false"}}});
  // An answer alone would not do: it could come from another server that has the port.
  if (!process_->await_text("Running on " + endpoint_, Seconds(60))) {
    return false;
  }
  reset();
  return true;
}

void MotoServer::reset() const {
  HttpRequest request;
  request.url = endpoint_ + "/moto-api/reset";
  const HttpResponse reply = send_on_loopback(request);
  if (reply.status != 200) {
    throw std::runtime_error(fmt::format("moto was not reset: {} {}", reply.status, reply.body));
  }
}

void MotoServer::enforce_policies(bool enforce) const {
  HttpRequest request;
  request.url = endpoint_ + "/moto-api/reset-auth";
  request.headers = {{"Content-Type", "text/plain"}};
  // So many calls are still free.
  request.body = enforce ? "0" : "inf";
  const HttpResponse reply = send_on_loopback(request);
  if (reply.status != 200) {
    throw std::runtime_error(fmt::format("moto: reset-auth: {} {}", reply.status, reply.body));
  }
}

MotoServer& moto() {
  static MotoServer server;
  return server;
}

}  // namespace pitstop::test
