#pragma once

#include <map>
#include <string>
#include <vector>

#include "ec2/caller.hpp"

namespace pitstop::ec2 {

/// Calls every typed verb with all that its request can hold. What comes of it does not matter.
Task<void> call_every_verb(Caller& caller);

/// The elements that our readers take from the reply to each action, as paths below the root. By
/// hand, from the sources.
const std::map<std::string, std::vector<std::string>>& elements_read();

}  // namespace pitstop::ec2
