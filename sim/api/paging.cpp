#include "sim/api/paging.hpp"

#include <fmt/format.h>

#include "base/packing.hpp"
#include "base/result.hpp"

namespace pitstop::sim {

Answer<Page> read_page(FormReader& form, std::string_view action, PageLimits limits) {
  Page page;
  TRY(const auto most, form.number("MaxResults"));
  if (most && *most < limits.least) {
    return refuse("InvalidParameterValue",
                  fmt::format("Value ( {} ) for parameter maxResults is invalid. Expecting a value "
                              "greater than or equal to {}.",
                              *most, limits.least));
  }
  if (most && *most > limits.most) {
    return refuse("InvalidParameterValue",
                  fmt::format("Value ( {} ) for parameter maxResults is invalid. Expecting a value "
                              "less than or equal to {}.",
                              *most, limits.most));
  }
  page.most = static_cast<std::size_t>(most.value_or(0));
  const auto token = form.text("NextToken");
  if (token.empty()) {
    return page;
  }
  const auto meaning = from_base64(token);
  const auto beginning = fmt::format("{} after ", action);
  if (!meaning || !meaning->starts_with(beginning)) {
    return refuse("InvalidNextToken", "The token is not valid.");
  }
  page.after = meaning->substr(beginning.size());
  return page;
}

std::string next_token(std::string_view action, std::string_view last_id) {
  return base64(fmt::format("{} after {}", action, last_id));
}

}  // namespace pitstop::sim
