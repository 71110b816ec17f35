#include "support/fault_connection.hpp"

#include <array>
#include <exception>

#include "support/exchange.hpp"

namespace pitstop::test {

namespace {

class ServedCall final : public Exchange {
 public:
  ServedCall(const RecordedRequest& request, FaultPlan plan, Socket& socket, ByteStream& stream,
             const FaultConnections& shared)
      : request_(request),
        plan_(std::move(plan)),
        socket_(socket),
        stream_(stream),
        shared_(shared) {}

  Afterwards serve() {
    if (plan_.delay > Milliseconds(0)) {
      pause(plan_.delay);
    }
    if (plan_.deliver) {
      return plan_.deliver(*this);
    }
    const HttpResponse whole = reply();
    send(wire_form(whole, status_line(whole.status)));
    return Afterwards::keep_connection;
  }

  HttpResponse reply() override {
    try {
      HttpResponse reply = plan_.answer ? plan_.answer(request_) : without_faults();
      if (reply.status == 200) {
        for (const Rewrite& rewrite : plan_.rewrites) {
          reply.body = rewrite(std::move(reply.body));
        }
      }
      return reply;
    } catch (const std::exception& thrown) {
      return {502, {{"Content-Type", "text/plain"}}, thrown.what()};
    }
  }

  void send(std::string_view bytes) override { stream_.write(bytes); }

  void pause(Milliseconds length) override {
    if (shared_.interrupt.wait(length)) {
      throw ConnectionLost("interrupted");
    }
  }

  void await_departure() override {
    std::array<char, 4096> ignored;
    while (stream_.read(ignored) > 0) {
    }
  }

  void reset_when_closed() override { socket_.reset_when_closed(); }

 private:
  HttpResponse without_faults() const {
    if (shared_.upstream.empty() && !request_.proxied) {
      return {404, {{"Content-Type", "text/plain"}}, "no rule for this call, and no upstream"};
    }
    HttpRequest forwarded;
    forwarded.method = request_.method;
    forwarded.url = request_.target;
    if (!shared_.upstream.empty()) {
      forwarded.url = shared_.upstream + std::string(path_of(request_.target));
    }
    forwarded.headers = request_.headers;
    forwarded.body = request_.body;
    return send_on_loopback(forwarded, &shared_.interrupt);
  }

  const RecordedRequest& request_;
  FaultPlan plan_;
  Socket& socket_;
  ByteStream& stream_;
  const FaultConnections& shared_;
};

}  // namespace

void serve_connection(Socket& socket, ByteStream& stream, int number,
                      const FaultConnections& shared) {
  std::string pending;
  while (auto received = read_request(stream, pending)) {
    RecordedRequest request = recorded(std::move(received->request));
    request.connection = number;
    shared.record(request);
    ServedCall call(request, shared.script.plan_for(request), socket, stream, shared);
    if (call.serve() == Afterwards::close_connection || !received->keep_alive) {
      return;
    }
  }
}

}  // namespace pitstop::test
