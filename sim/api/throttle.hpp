#pragma once

#include <map>
#include <string>

#include "base/time.hpp"

namespace pitstop::sim {

struct Throttling;

/// The token buckets of one account in one region, as AWS documents them ("Request throttling for
/// the Amazon EC2 API", EC2 Developer Guide): one an action, and another one for the instances that
/// an action starts, stops or terminates.
class Throttle {
 public:
  explicit Throttle(const Throttling& settings);

  /// Takes the tokens of one call, or none if there are not enough. `listed` is whether a
  /// describing call pages or filters (some others get fewer), `instances` how many a changing call
  /// is about.
  bool admit(std::string_view action, bool listed, std::size_t instances, Instant now);

 private:
  struct Rate {
    double most = 0;
    double a_second = 0;
  };
  struct Bucket {
    double tokens = 0;
    Instant filled;
  };
  using Buckets = std::map<std::string, Bucket, std::less<>>;
  struct Limits;

  static Limits limits_of(std::string_view action, bool listed);
  Bucket& filled(Buckets& buckets, std::string_view name, Rate rate, Instant now) const;

  bool on_;
  double share_;
  Buckets requests_;
  Buckets whole_lists_;  ///< of the describing calls that get fewer tokens
  Buckets instances_;
};

}  // namespace pitstop::sim
