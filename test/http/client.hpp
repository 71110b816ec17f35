#pragma once

#include <boost/asio/io_context.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/curl_http.hpp"

namespace pitstop::test {

/// Environment variables as a test wants them, and as they were when the object goes.
class EnvironmentGuard {
 public:
  explicit EnvironmentGuard(std::map<std::string, std::optional<std::string>> changes);
  ~EnvironmentGuard();
  EnvironmentGuard(const EnvironmentGuard&) = delete;
  EnvironmentGuard& operator=(const EnvironmentGuard&) = delete;

 private:
  std::map<std::string, std::optional<std::string>> before_;
};

/// No proxies, whatever the environment of the tests says.
std::map<std::string, std::optional<std::string>> no_proxies();

/// A CurlHttp and the event loop that drives it: a test without coroutines of its own just sends.
class Client {
 public:
  explicit Client(CurlSettings settings = {});

  Result<HttpResponse> send(HttpRequest request);

  /// All side by side; the outcomes in the order of the requests.
  std::vector<Result<HttpResponse>> send_all(std::vector<HttpRequest> requests);

 private:
  EnvironmentGuard environment_{no_proxies()};
  boost::asio::io_context loop_{1};
  CurlHttp http_;
};

/// Requests for a test's server, with time enough for a slow machine.
HttpRequest get(std::string url);
HttpRequest post(std::string url, std::string form = "Action=A");

/// "200 the body", or the error's kind and text.
std::string described(const Result<HttpResponse>& outcome);

/// The kind of the error; nothing if there is an answer.
std::optional<ErrorKind> kind_of(const Result<HttpResponse>& outcome);

}  // namespace pitstop::test
