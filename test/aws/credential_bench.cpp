#include "credential_bench.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/identity.hpp"
#include "base/log.hpp"

namespace pitstop::test {
namespace {

/// Catches what goes to the standard error, and lets the log say everything.
class Overheard {
 public:
  Overheard() {
    log::set_level(log::Level::debug);
    testing::internal::CaptureStderr();
  }
  Overheard(const Overheard&) = delete;
  Overheard& operator=(const Overheard&) = delete;
  ~Overheard() { (void)take(); }

  std::string take() {
    if (!taken_) {
      taken_ = testing::internal::GetCapturedStderr();
      log::set_level(log::Level::warning);
    }
    return *taken_;
  }

 private:
  std::optional<std::string> taken_;
};

}  // namespace

std::string CredentialBench::Answer::id() const {
  return credentials ? credentials->access_key_id : credentials.error().message;
}

void CredentialBench::Answer::expect_whole(std::string_view wanted_id,
                                           std::string_view origin) const {
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->access_key_id, wanted_id);
  EXPECT_EQ(credentials->secret_access_key.reveal(), "SECRETKEY");
  EXPECT_EQ(credentials->session_token.reveal(), "SECRETTOKEN");
  EXPECT_EQ(credentials->expires, parse_rfc3339("2099-01-01T00:00:00Z"));
  EXPECT_THAT(said, testing::HasSubstr(origin));
  EXPECT_THAT(said, testing::Not(testing::HasSubstr("SECRET")));
}

Task<CredentialBench::Answer> CredentialBench::ask(std::optional<std::string> profile_flag) {
  Overheard overheard;
  const CredentialDoors doors{http_, clock_, random_, run_program};
  const IdentityOptions options{
      .region = "us-east-1", .profile = std::move(profile_flag), .endpoint_url = {}};
  auto identity = Identity::load(options, home.environment(), doors);
  if (!identity) {
    co_return Answer{fail(identity.error()), identity.error().message};
  }
  auto credentials = co_await identity->credentials();
  Answer answer{std::move(credentials), {}};
  answer.said = overheard.take();
  if (!answer.credentials) {
    answer.said += answer.credentials.error().message + "\n" + answer.credentials.error().hint;
  }
  co_return answer;
}

}  // namespace pitstop::test
