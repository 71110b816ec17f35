#pragma once

#include <string>
#include <vector>

#include "ec2/caller.hpp"
#include "ec2/model.hpp"

namespace pitstop::ec2 {

/// EC2's limits for tags: how many on a resource, and how many characters (API reference, "Tag").
constexpr std::size_t most_tags = 50;
constexpr std::size_t longest_tag_key = 127;
constexpr std::size_t longest_tag_value = 256;

/// CreateTags on one or many resources (1,000 at most): sets or overwrites, all or none.
Task<Status> create_tags(Caller& caller, std::vector<std::string> resources, Tags tags);

/// DeleteTags: removes a tag when it has exactly that value, so that another one's is never taken
/// away.
Task<Status> delete_tags(Caller& caller, std::vector<std::string> resources, Tags tags);

/// Whether these credentials may do it, without doing it (DryRun).
Task<Status> may_create_tags(Caller& caller, std::vector<std::string> resources, Tags tags);
Task<Status> may_delete_tags(Caller& caller, std::vector<std::string> resources, Tags tags);

}  // namespace pitstop::ec2
