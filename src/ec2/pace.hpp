#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/interruption.hpp"
#include "ec2/caller.hpp"
#include "ec2/congestion.hpp"

/// EC2's speed limits: token buckets for each action, of one account in one region (EC2 Developer
/// Guide, "Request throttling for the Amazon EC2 API").
namespace pitstop::ec2 {

/// A bucket holds so many tokens at most and is filled at a rate.
struct BucketSize {
  double most = 0;
  double a_second = 0;
};

/// What a call takes.
struct Need {
  std::string action;  ///< with "…, whole lists" behind it for the smaller bucket of those
  double requests = 1;
  double instances = 0;  ///< of the bucket that counts the instances which are named
};

Need need_of(const Call& call);

/// Calls wait here for their tokens instead of being refused by EC2, the more urgent ones first.
///
/// The sizes are those that AWS documents. Where a call is refused all the same, somebody else uses
/// the account, too: the bucket counts as empty, and its rate as lower, which is forgotten slowly.
class Pace {
 public:
  explicit Pace(Clock& clock);
  ~Pace();
  Pace(const Pace&) = delete;
  Pace& operator=(const Pace&) = delete;

  /// Waits until it is the turn of these tokens, and takes them.
  Task<void> take(Need need, Urgency urgency);

  /// The same for later: until they are spent, a bucket that turns out to be empty owes them. No
  /// more are promised than can be trusted to be there: what is in the bucket, and a number that
  /// grows with each promise that was kept. An error, with nothing taken, if the user asks to end.
  Task<Status> set_aside(Need need, Interruption& interruption);

  /// What was set aside is used now, or was not needed.
  void spend(const Need& need);
  void give_back(const Need& need);

  /// EC2 has refused a call for its rate.
  void throttled(const Need& need);

  /// The actions whose calls wait, or were refused lately; by name.
  std::vector<Congestion> congestion() const;

 private:
  class Bucket;
  Bucket& requests_of(const std::string& action);
  Bucket& instances_of(const std::string& action);
  /// The buckets of a need, each with its tokens.
  template <class Visit>
  void visit(const Need& need, Visit&& visit);

  Clock& clock_;
  std::map<std::string, std::shared_ptr<Bucket>> requests_;
  std::map<std::string, std::shared_ptr<Bucket>> instances_;
};

}  // namespace pitstop::ec2
