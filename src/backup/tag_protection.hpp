#pragma once

#include <string>
#include <vector>

namespace pitstop {

/// A service control policy in JSON that keeps the tags of pitstop to the roles that run it:
/// nobody else of the organisation writes or removes a tag whose key begins with "pitstop:".
/// `principals` are ARNs, with wildcards if need be.
std::string tag_protection(const std::vector<std::string>& principals);

}  // namespace pitstop
