#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "aws/identity.hpp"
#include "base/environment.hpp"
#include "http/http.hpp"
#include "support/closed_doors.hpp"

namespace pitstop::test {

/// Gives the answers of a script, one a request, and keeps the requests.
class ScriptedHttp final : public Http {
 public:
  ScriptedHttp& answer(int status, std::string body, std::vector<HttpHeader> headers = {}) {
    script_.push_back(HttpResponse{status, std::move(headers), std::move(body)});
    return *this;
  }

  ScriptedHttp& answer(HttpResponse response) {
    script_.push_back(std::move(response));
    return *this;
  }

  /// An answer of AWS's in JSON that says what went wrong.
  ScriptedHttp& refuse(int status, std::string code, std::string message = "") {
    return answer(status, R"({"Message":")" + message + R"("})",
                  {{"x-amzn-ErrorType", std::move(code)}});
  }

  ScriptedHttp& fail(ErrorKind kind) {
    script_.push_back(pitstop::fail(kind, "the script says so"));
    return *this;
  }

  Task<Result<HttpResponse>> send(HttpRequest request) override {
    requests.push_back(std::move(request));
    if (script_.empty()) {
      co_return pitstop::fail(ErrorKind::internal, "nothing more is in the script");
    }
    auto next = std::move(script_.front());
    script_.pop_front();
    co_return next;
  }

  bool used_up() const { return script_.empty(); }

  std::vector<HttpRequest> requests;

 private:
  std::deque<Result<HttpResponse>> script_;
};

/// Somebody with long-lived keys.
inline Identity some_identity(std::string region = "eu-central-1") {
  const Environment environment({{"AWS_CONFIG_FILE", "/dev/null"},
                                 {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"},
                                 {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
                                 {"AWS_SECRET_ACCESS_KEY", "made-up"}});
  return *Identity::load({.region = std::move(region), .profile = {}, .endpoint_url = {}},
                         environment, closed_doors());
}

}  // namespace pitstop::test
