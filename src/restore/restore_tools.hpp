#pragma once

#include "backup/fast_restoring.hpp"
#include "base/clock.hpp"
#include "base/interruption.hpp"
#include "ec2/caller.hpp"

namespace pitstop {

/// What a restore works with, in one account and region. All of it outlives the restore.
struct RestoreTools {
  ec2::Caller& ec2;  ///< with retries
  Clock& clock;
  Observer& observer;
  Interruption& interruption;

  void report(const InstanceId& instance, Step step, std::string detail = {},
              std::string hint = {}) const {
    observer.saw({instance, step, clock.wall(), std::move(detail), std::move(hint)});
  }
};

}  // namespace pitstop
