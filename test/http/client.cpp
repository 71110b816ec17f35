#include "client.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <cstdlib>
#include <exception>

#include "base/text.hpp"

namespace pitstop::test {
namespace {

void set_variable(const std::string& name, const std::optional<std::string>& value) {
  if (value) {
    ::setenv(name.c_str(), value->c_str(), 1);
  } else {
    ::unsetenv(name.c_str());
  }
}

}  // namespace

EnvironmentGuard::EnvironmentGuard(std::map<std::string, std::optional<std::string>> changes) {
  for (const auto& [name, value] : changes) {
    const char* before = std::getenv(name.c_str());
    before_.emplace(name, before == nullptr ? std::nullopt : std::optional<std::string>(before));
    set_variable(name, value);
  }
}

EnvironmentGuard::~EnvironmentGuard() {
  for (const auto& [name, value] : before_) {
    set_variable(name, value);
  }
}

std::map<std::string, std::optional<std::string>> no_proxies() {
  std::map<std::string, std::optional<std::string>> changes;
  for (const auto* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                           "no_proxy", "NO_PROXY"}) {
    changes.emplace(name, std::nullopt);
  }
  return changes;
}

Client::Client(CurlSettings settings) : http_(loop_.get_executor(), std::move(settings)) {}

Result<HttpResponse> Client::send(HttpRequest request) {
  std::vector<HttpRequest> one;
  one.push_back(std::move(request));
  return std::move(send_all(std::move(one)).front());
}

std::vector<Result<HttpResponse>> Client::send_all(std::vector<HttpRequest> requests) {
  std::vector<Result<HttpResponse>> outcomes(requests.size());
  auto left = requests.size();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    auto sending = http_.send(std::move(requests[i]));
    boost::asio::co_spawn(loop_, std::move(sending),
                          [&, i](std::exception_ptr thrown, Result<HttpResponse> outcome) {
                            if (thrown) {
                              std::rethrow_exception(thrown);
                            }
                            outcomes[i] = std::move(outcome);
                            --left;
                          });
  }
  // Not until the loop has nothing to do: curl keeps timers beyond the end of a transfer.
  loop_.restart();
  while (left > 0 && loop_.run_one() > 0) {
  }
  return outcomes;
}

HttpRequest get(std::string url) {
  HttpRequest request;
  request.method = "GET";
  request.url = std::move(url);
  return request;
}

HttpRequest post(std::string url, std::string form) {
  HttpRequest request;
  request.url = std::move(url);
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"});
  request.body = std::move(form);
  return request;
}

std::string described(const Result<HttpResponse>& outcome) {
  if (outcome) {
    return fmt::format("{} {}", outcome->status, printable(outcome->body));
  }
  const auto& error = outcome.error();
  return fmt::format("{}: {} HINT: {}", to_string(error.kind), error.message, error.hint);
}

std::optional<ErrorKind> kind_of(const Result<HttpResponse>& outcome) {
  return outcome ? std::nullopt : std::optional(outcome.error().kind);
}

}  // namespace pitstop::test
