#pragma once

#include "aws/identity.hpp"
#include "ec2/caller.hpp"
#include "http/http.hpp"

namespace pitstop::ec2 {

/// Calls EC2 over HTTP: one attempt, one answer (the EC2 Query protocol, version 2016-11-15).
class QueryCaller final : public Caller {
 public:
  /// `endpoint` without a slash at its end; `attempt_timeout` for calls that do not bring their
  /// own. A call that creates gets four times that: losing its reply costs more than waiting for
  /// it.
  QueryCaller(Http& http, Identity& identity, std::string endpoint, Milliseconds attempt_timeout)
      : http_(http),
        identity_(identity),
        endpoint_(std::move(endpoint)),
        attempt_timeout_(attempt_timeout) {}

  Task<Result<Reply>> call(Call call) override;

 private:
  HttpRequest request_for(const Call& call) const;

  Http& http_;
  Identity& identity_;
  std::string endpoint_;
  Milliseconds attempt_timeout_;
};

}  // namespace pitstop::ec2
