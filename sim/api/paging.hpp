#pragma once

#include <string>
#include <string_view>

#include "sim/api/form.hpp"

namespace pitstop::sim {

/// Which part of a list a call asks for.
struct Page {
  std::size_t most = 0;  ///< 0: all
  std::string after;     ///< the id that the page before it ended with; empty: the first page
};

/// How many items an action gives at a time.
struct PageLimits {
  int least = 5;
  int most = 1000;
};

/// MaxResults and NextToken. A token that this action has not given is refused.
Answer<Page> read_page(FormReader& form, std::string_view action, PageLimits limits);

/// For the page that comes after this id.
std::string next_token(std::string_view action, std::string_view last_id);

}  // namespace pitstop::sim
