#include "contract/subject.hpp"

#include <fmt/format.h>

#include "base/environment.hpp"
#include "support/closed_doors.hpp"

namespace pitstop::test {
namespace {

constexpr auto longest_attempt = Seconds(20);
constexpr auto no_retries = Seconds(0);

Identity made_up_identity(const char* of_region, const std::string& endpoint) {
  const Environment environment({{"AWS_REGION", of_region},
                                 {"AWS_ACCESS_KEY_ID", "AKIACONTRACT"},
                                 {"AWS_SECRET_ACCESS_KEY", "contract"},
                                 {"AWS_CONFIG_FILE", "/nonexistent/config"},
                                 {"AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/keys"}});
  return Identity::load({.region = {}, .profile = {}, .endpoint_url = endpoint}, environment,
                        closed_doors())
      .value();
}

}  // namespace

Subject::Subject(Http& http, std::string endpoint, Clock& its_clock)
    : http_(http),
      endpoint_(std::move(endpoint)),
      identity_(made_up_identity(region, endpoint_)),
      identity_elsewhere_(made_up_identity(other_region, endpoint_)),
      caller(http, identity_, endpoint_, longest_attempt),
      elsewhere(http, identity_elsewhere_, endpoint_, longest_attempt),
      clock(its_clock),
      scheduler(http, identity_, its_clock, random_, longest_attempt, no_retries) {}

Task<HttpResponse> Subject::post(std::string form) {
  HttpRequest request;
  request.url = endpoint_ + "/";
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"});
  request.body = std::move(form);
  request.signature = needed("signing", co_await identity_.signature("ec2"));
  co_return needed("an exchange", co_await http_.send(std::move(request)));
}

std::string Subject::new_token() {
  return fmt::format("contract-{}", ++tokens_);
}

void Subject::expect(std::string_view fact, bool holds, std::string seen) {
  ++stated_;
  if (!holds) {
    broken_.push_back({std::string(fact), std::move(seen)});
  }
}

void Subject::expect_refusal(std::string_view fact, const Error& error, std::string_view code) {
  expect(fact, code.empty() ? !error.code.empty() : error.code == code, error.message);
}

CannotGoOn::CannotGoOn(std::string_view what, std::string_view why)
    : std::runtime_error(fmt::format("{} does not work: {}", what, why)),
      broken{fmt::format("{} works", what), std::string(why)} {}

}  // namespace pitstop::test
