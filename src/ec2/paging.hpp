#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "ec2/caller.hpp"

namespace pitstop::ec2 {

/// A list that EC2 gives in pages, if it is asked for pages.
struct PagedList {
  std::string_view action;
  /// The parameter that lists ids, with which EC2 takes no MaxResults; empty: there is none.
  std::string_view ids;
  int most = 1000;  ///< items that EC2 puts on a page
};

/// All that are asked for, by their actions. A list that is not among them has no pages.
std::span<const PagedList> paged_lists();

/// Makes a Describe call and goes on through its pages until there is no further token, or an empty
/// one; asks for pages where EC2 allows it. `item` is called for each <item> of the list
/// `list_name`, in EC2's order. A token that comes twice is an error, not a loop.
Task<Status> for_each_item(Caller& caller, Call call, std::string list_name,
                           std::function<void(const pugi::xml_node&)> item);

}  // namespace pitstop::ec2
