#pragma once

#include <set>
#include <vector>

#include "base/ids.hpp"
#include "ec2/caller.hpp"

namespace pitstop {

/// What dry runs have shown for many servers at once.
struct Proven {
  std::set<InstanceId> starts;
  std::set<InstanceId> stops;
  std::set<InstanceId> marks;  ///< that it may be tagged as down, and untagged
};

/// Tries for many servers in a few calls what each of them needs. A fleet would use up the tokens
/// of StartInstances (5, and 2 a second) with dry runs of its own. What is not proven so has to be
/// tried for each server by itself, and that will say why. Changes nothing.
Task<Proven> try_for_all(ec2::Caller& caller, std::vector<InstanceId> servers);

}  // namespace pitstop
