#pragma once

#include <memory>

#include "aws/aws_time.hpp"
#include "http/http.hpp"

namespace pitstop {

/// The door to AWS, whose requests are dated by AWS's time.
///
/// The header Date of each answer tells what that is. A request that is refused, and was dated
/// wrongly as its answer shows, is sent again at once with the right time: nothing has been done.
class DatedHttp final : public Http {
 public:
  DatedHttp(std::shared_ptr<Http> below, std::shared_ptr<AwsTime> time)
      : below_(std::move(below)), time_(std::move(time)) {}

  Task<Result<HttpResponse>> send(HttpRequest request) override;

 private:
  std::shared_ptr<Http> below_;
  std::shared_ptr<AwsTime> time_;
};

}  // namespace pitstop
