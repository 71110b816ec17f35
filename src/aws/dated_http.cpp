#include "aws/dated_http.hpp"

#include "aws/refusal.hpp"
#include "base/log.hpp"

namespace pitstop {
namespace {

/// A clock may step once more while the request is on its way again.
constexpr int most_repetitions = 2;

/// "ec2.eu-central-1.amazonaws.com" of "https://ec2.eu-central-1.amazonaws.com/".
std::string server_of(std::string_view url) {
  const auto scheme = url.find("://");
  const auto rest = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  return std::string(rest.substr(0, rest.find_first_of("/?")));
}

std::optional<WallTime> date_of(const HttpResponse& response) {
  const auto date = response.header("Date");
  return date ? parse_http_date(*date) : std::nullopt;
}

}  // namespace

Task<Result<HttpResponse>> DatedHttp::send(HttpRequest request) {
  const auto time = time_;  // the door itself may be gone when the answer comes
  const auto below = below_;
  if (request.direct) {
    co_return co_await below->send(std::move(request));  // not to AWS
  }
  const auto server = server_of(request.url);
  for (int repetition = 0;; ++repetition) {
    HttpRequest dated = request;
    const auto correction = time->correction(server);
    const WallTime dated_at = time->host_wall() + correction;
    if (dated.signature) {
      dated.signature->correction = correction;
    }
    auto response = co_await below->send(std::move(dated));
    const auto date = response ? date_of(*response) : std::nullopt;
    if (!date) {
      co_return response;
    }
    time->learn(server, *date);
    response->clock_is_ahead = time->difference();
    const bool was_wrong = std::chrono::abs(dated_at - *date) >= tolerated_difference;
    if (!request.signature || !was_wrong || repetition == most_repetitions ||
        !may_be_the_clock(refusal_code(*response))) {
      co_return response;
    }
    log::debug("{}: it was dated {}, and AWS has {}; again", refusal_code(*response),
               rfc3339(dated_at), rfc3339(*date));
  }
}

}  // namespace pitstop
