#pragma once

#include <vector>

#include "aws/identity.hpp"
#include "backup/observer.hpp"
#include "base/clock.hpp"
#include "base/interruption.hpp"
#include "base/semaphore.hpp"
#include "ec2/caller.hpp"
#include "ec2/copies.hpp"
#include "ec2/watch.hpp"

namespace pitstop {

/// What is copied into one region of an account at a time, by all backups together: EC2 takes no
/// more.
struct CopyRoom {
  Semaphore places{ec2::most_copies_at_a_time};
  /// Of copies that nobody waits for.
  std::vector<Semaphore::Permit> given_away = {};
};

/// What a copy works with, from one account and region to another. All of it outlives the copy.
struct CopyTools {
  // With retries.
  ec2::Caller& from;
  ec2::Caller& to;
  /// Of the destination.
  ec2::Watch<ec2::Snapshot>& arrivals;
  CopyRoom& room;
  /// Who asks for copies, in the region that they come from.
  Identity& signing;
  Clock& clock;
  Observer& observer;
  Interruption& interruption;

  void report(const InstanceId& instance, Step step, std::string detail = {},
              std::string hint = {}) const {
    observer.saw({instance, step, clock.wall(), std::move(detail), std::move(hint)});
  }
};

struct CopyOptions {
  ec2::CopyEncryption encryption = {};
  /// Wait for room, and until the copies are complete; else as many are begun as there is room for.
  bool wait = true;
};

}  // namespace pitstop
