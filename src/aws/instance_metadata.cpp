#include "aws/instance_metadata.hpp"

#include <fmt/format.h>

#include "aws/attempts.hpp"
#include "aws/credentials.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr std::string_view hop_limit_hint =
    "in a container the hop limit may be too small: aws ec2 modify-instance-metadata-options "
    "--http-put-response-hop-limit 2 --instance-id …; where there is no instance role, set "
    "AWS_EC2_METADATA_DISABLED=true";

/// Of an attempt. `not_found` is also what a service says that is turned off for this server.
ErrorKind kind_of(int status) {
  switch (status) {
    case 401:
      return ErrorKind::forbidden;
    case 403:
    case 404:
    case 405:
      return ErrorKind::not_found;
    default:
      return status == 429 || status >= 500 ? ErrorKind::throttled : ErrorKind::refused;
  }
}

}  // namespace

Task<Result<std::string>> InstanceMetadata::get(std::string path) {
  const Patience patience{settings_.timeout, settings_.attempts};
  auto answer = co_await ask(std::move(path), patience);
  if (!answer && answer.error().kind == ErrorKind::transient) {
    log::debug("{}", answer.error().message);
    co_return fail(ErrorKind::not_found,
                   fmt::format("there is no instance metadata service at {}", settings_.endpoint));
  }
  if (!answer && answer.error().kind == ErrorKind::unknown_fate) {
    co_return fail(ErrorKind::transient, std::move(answer).error().message,
                   std::string(hop_limit_hint));
  }
  co_return answer;
}

Task<std::optional<InstanceId>> InstanceMetadata::instance_id() {
  const Patience patience{Milliseconds(500), 1};
  const auto found = co_await ask("latest/meta-data/instance-id", patience);
  if (!found || !found->starts_with("i-") || !fits_into_header(*found)) {
    co_return std::nullopt;
  }
  co_return InstanceId(*found);
}

Task<Result<std::string>> InstanceMetadata::ask(std::string path, Patience patience) {
  if (settings_.disabled) {
    co_return fail(ErrorKind::not_found, "AWS_EC2_METADATA_DISABLED is set");
  }
  for (bool again = false;; again = true) {
    if (!token_) {
      CO_TRY(token_, co_await fetch_token(patience));
    }
    auto request = request_for("GET", path);
    if (!token_->empty()) {
      request.headers.push_back({"x-aws-ec2-metadata-token", token_->reveal()});
    }
    auto answer = co_await send(std::move(request), patience);
    if (answer || again || answer.error().kind != ErrorKind::forbidden) {
      co_return answer;
    }
    token_.reset();
  }
}

Task<Result<Secret>> InstanceMetadata::fetch_token(Patience patience) {
  auto request = request_for("PUT", "latest/api/token");
  request.headers.push_back({"x-aws-ec2-metadata-token-ttl-seconds", "21600"});
  auto answer = co_await send(std::move(request), patience);
  if (!answer && answer.error().kind != ErrorKind::not_found) {
    co_return fail(std::move(answer).error());
  }
  if (!answer && settings_.v1_disabled) {
    co_return fail(ErrorKind::refused,
                   fmt::format("the instance metadata service at {} gives no token, and "
                               "AWS_EC2_METADATA_V1_DISABLED keeps from asking without one",
                               settings_.endpoint));
  }
  auto token = std::move(answer).value_or("");
  if (!fits_into_header(token)) {
    co_return fail(ErrorKind::refused, fmt::format("what answers at {} is no instance metadata "
                                                   "service",
                                                   settings_.endpoint));
  }
  co_return Secret(std::move(token));
}

Task<Result<std::string>> InstanceMetadata::send(HttpRequest request, Patience patience) {
  request.connect_timeout = patience.timeout;
  request.total_timeout = patience.timeout;
  auto once = [&] { return attempt(request); };
  const Attempts attempts{.most = patience.attempts};
  co_return co_await try_repeatedly(once, attempts, clock_, random_);
}

Task<Result<std::string>> InstanceMetadata::attempt(HttpRequest request) {
  const auto url = request.url;
  auto response = co_await http_.send(std::move(request));
  if (!response) {
    co_return fail(within("the instance metadata service", std::move(response).error()));
  }
  log::debug("{}: HTTP {}, {} bytes", url, response->status, response->body.size());
  if (response->status != 200) {
    co_return fail(kind_of(response->status),
                   fmt::format("{}: HTTP {}", printable(url), response->status));
  }
  co_return std::move(response->body);
}

HttpRequest InstanceMetadata::request_for(std::string method, std::string path) const {
  HttpRequest request;
  request.method = std::move(method);
  request.url = fmt::format("{}/{}", settings_.endpoint, path);
  request.direct = true;
  request.max_response_bytes = std::size_t{1} << 20;
  return request;
}

}  // namespace pitstop
