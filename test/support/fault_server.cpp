#include "support/fault_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "base/clock.hpp"
#include "support/fault_connection.hpp"
#include "support/temporary_directory.hpp"
#include "support/tls_stream.hpp"

namespace pitstop::test {

namespace {

/// The requests so far. May be used by several threads.
class Record {
 public:
  void add(RecordedRequest& request) {
    const std::lock_guard lock(mutex_);
    request.arrived = SystemClock().now();
    requests_.push_back(request);
    grown_.notify_all();
  }

  std::vector<RecordedRequest> all() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  bool await(std::string_view action, std::size_t count, Milliseconds limit) const {
    std::unique_lock lock(mutex_);
    return grown_.wait_for(lock, limit, [&] {
      return static_cast<std::size_t>(
                 std::ranges::count(requests_, action, &RecordedRequest::action)) >= count;
    });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable grown_;
  std::vector<RecordedRequest> requests_;
};

/// The certificate that a server shows, and the file by which clients can trust it.
struct Identity {
  explicit Identity(const CertificateOptions& options)
      : certificate(make_certificate(options)),
        tls(certificate),
        file(directory.write("ca.pem", certificate.certificate)) {}

  Certificate certificate;
  TlsServer tls;
  TemporaryDirectory directory;
  std::filesystem::path file;
};

}  // namespace

class FaultServer::Running {
 public:
  explicit Running(FaultServerOptions options)
      : shared_{script_, std::move(options.upstream), interrupt_,
                [this](RecordedRequest& request) { record_.add(request); }} {
    if (options.tls) {
      identity_ = std::make_unique<Identity>(*options.tls);
    }
    acceptor_ = std::jthread([this] { accept_all(); });
  }

  ~Running() { interrupt_.raise(); }

  FaultScript& script() { return script_; }
  const Record& record() const { return record_; }
  int port() const { return listener_.port(); }
  int connections() const { return connections_; }
  const Identity* identity() const { return identity_.get(); }

 private:
  struct Connection {
    std::atomic<bool> ended = false;
    std::jthread thread;
  };

  void accept_all() {
    std::list<Connection> open;
    while (true) {
      FileDescriptor accepted = listener_.accept(interrupt_);
      if (accepted.get() < 0) {
        return;
      }
      open.remove_if([](const Connection& connection) { return connection.ended.load(); });
      Connection& connection = open.emplace_back();
      connection.thread =
          std::jthread([this, &connection, number = ++connections_,
                        socket = Socket(std::move(accepted), &interrupt_)]() mutable {
            serve(socket, number);
            connection.ended = true;
          });
    }
  }

  void serve(Socket& socket, int number) const {
    try {
      if (identity_) {
        const auto secured = identity_->tls.accept(socket);
        serve_connection(socket, *secured, number, shared_);
      } else {
        serve_connection(socket, socket, number, shared_);
      }
    } catch (const ConnectionLost&) {
      // The client left, spoke no HTTP or refused the certificate: what a test looks at is its
      // client.
    }
  }

  Interrupt interrupt_;
  Listener listener_;
  FaultScript script_;
  Record record_;
  FaultConnections shared_;
  std::unique_ptr<Identity> identity_;
  std::atomic<int> connections_ = 0;
  std::jthread acceptor_;  ///< last: it ends before anything that it uses
};

FaultServer::FaultServer(FaultServerOptions options)
    : running_(std::make_unique<Running>(std::move(options))) {}

FaultServer::~FaultServer() = default;

std::string FaultServer::endpoint() const {
  return fmt::format("{}://127.0.0.1:{}", running_->identity() ? "https" : "http", port());
}

int FaultServer::port() const {
  return running_->port();
}

std::filesystem::path FaultServer::ca_file() const {
  return running_->identity() ? running_->identity()->file : std::filesystem::path();
}

Occasion FaultServer::on(std::string action) {
  return when(action,
              [action](const RecordedRequest& request) { return request.action() == action; });
}

Occasion FaultServer::on_any() {
  return when("any call", [](const RecordedRequest&) { return true; });
}

Occasion FaultServer::when(std::string calls, std::function<bool(const RecordedRequest&)> matches) {
  return running_->script().on(std::move(calls), std::move(matches));
}

std::vector<std::string> FaultServer::unused_faults() const {
  return running_->script().unused();
}

std::vector<RecordedRequest> FaultServer::requests() const {
  return running_->record().all();
}

std::vector<RecordedRequest> FaultServer::requests(std::string_view action) const {
  auto wanted = requests();
  std::erase_if(wanted,
                [action](const RecordedRequest& request) { return request.action() != action; });
  return wanted;
}

std::vector<std::string> FaultServer::actions() const {
  std::vector<std::string> names;
  for (const RecordedRequest& request : requests()) {
    names.push_back(request.action());
  }
  return names;
}

std::size_t FaultServer::count(std::string_view action) const {
  return requests(action).size();
}

bool FaultServer::await_calls(std::string_view action, std::size_t count,
                              Milliseconds limit) const {
  return running_->record().await(action, count, limit);
}

int FaultServer::connections() const {
  return running_->connections();
}

}  // namespace pitstop::test
