#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/certificate.hpp"
#include "support/fault_script.hpp"
#include "support/recorded_request.hpp"

namespace pitstop::test {

struct FaultServerOptions {
  /// "http://127.0.0.1:PORT", for what no rule answers; without one that is 404.
  std::string upstream = {};
  /// Serves https with such a certificate.
  std::optional<CertificateOptions> tls = {};
};

/// An HTTP/1.1 server on 127.0.0.1 that records what it gets and goes wrong by a script. Also a
/// plain HTTP proxy.
///
///     FaultServer server({.upstream = moto().endpoint()});
///     server.on("CreateSnapshots").nth(1).lose_reply_after_effect();
///     server.on("DescribeSnapshots").first(3).rewrite(as_pending);
///     …
///     EXPECT_THAT(server.unused_faults(), IsEmpty());
class FaultServer {
 public:
  explicit FaultServer(FaultServerOptions options = {});
  ~FaultServer();
  FaultServer(const FaultServer&) = delete;
  FaultServer& operator=(const FaultServer&) = delete;

  std::string endpoint() const;
  int port() const;

  /// The certificate, for clients that are to trust it; empty without TLS.
  std::filesystem::path ca_file() const;

  [[nodiscard]] Occasion on(std::string action);
  [[nodiscard]] Occasion on_any();
  [[nodiscard]] Occasion when(std::string calls,
                              std::function<bool(const RecordedRequest&)> matches);

  /// The faults that have not happened, or not as often as they should have.
  std::vector<std::string> unused_faults() const;

  /// In the order in which they arrived.
  std::vector<RecordedRequest> requests() const;
  std::vector<RecordedRequest> requests(std::string_view action) const;
  std::vector<std::string> actions() const;
  std::size_t count(std::string_view action) const;

  /// Waits until that many calls of the action have arrived; false if they take too long.
  bool await_calls(std::string_view action, std::size_t count,
                   Milliseconds limit = Seconds(30)) const;

  /// How many TCP connections were accepted.
  int connections() const;

 private:
  class Running;
  std::unique_ptr<Running> running_;
};

}  // namespace pitstop::test
