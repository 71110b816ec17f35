#pragma once

#include <functional>

#include "ec2/caller.hpp"

namespace pitstop::ec2 {

/// Makes a Describe call and goes on through its pages until there is no further token, or an empty
/// one. `item` is called for each <item> of the list `list_name`, in EC2's order. A token that
/// comes twice is an error, not a loop.
Task<Status> for_each_item(Caller& caller, Call call, std::string list_name,
                           std::function<void(const pugi::xml_node&)> item);

}  // namespace pitstop::ec2
