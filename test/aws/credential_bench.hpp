#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/credentials.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "home.hpp"
#include "http/curl_http.hpp"

namespace pitstop::test {

/// Asks for the credentials of a user, with all sources, over real sockets and with real programs.
class CredentialBench {
 public:
  explicit CredentialBench(Executor executor) : http_(std::move(executor), {}) {}

  /// What came of it, and all that was said about it: the log from debug on, message and hint.
  struct Answer {
    Result<Credentials> credentials;
    std::string said;

    /// The access key id, or the error's message.
    std::string id() const;
    std::string hint() const { return credentials ? "" : credentials.error().hint; }

    /// They are those that the servers of these tests give (SECRETKEY, SECRETTOKEN, until 2099),
    /// with this id; it was said where they come from, and no secret.
    void expect_whole(std::string_view id, std::string_view origin) const;
  };

  Task<Answer> ask(std::optional<std::string> profile_flag = {});

  Home home;

 private:
  CurlHttp http_;
  SystemClock clock_;
  SeededRandom random_{1};
};

}  // namespace pitstop::test
