#include "contract/over_http.hpp"

#include <boost/asio/this_coro.hpp>

#include "http/curl_http.hpp"
#include "support/coroutine.hpp"

namespace pitstop::test {
namespace {

Task<void> hold_through_curl(const Item& item, std::string endpoint, Clock& clock,
                             std::span<const Deviation> known) {
  CurlHttp http(co_await boost::asio::this_coro::executor, {});
  Subject subject(http, std::move(endpoint), clock);
  co_await hold(item, subject);
  expect_kept(item, subject, known);
}

}  // namespace

void hold_over_http(const Item& item, const std::string& endpoint, Clock& clock,
                    std::span<const Deviation> known) {
  run([&] { return hold_through_curl(item, endpoint, clock, known); });
}

}  // namespace pitstop::test
