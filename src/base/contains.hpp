#pragma once

#include <algorithm>
#include <functional>
#include <ranges>

namespace pitstop {

/// contains, which the standard library of Debian 12 does not have yet.
template <std::ranges::input_range Range, class Value, class Projection = std::identity>
bool contains(Range&& range, const Value& value, Projection projection = {}) {
  return std::ranges::find(range, value, projection) != std::ranges::end(range);
}

}  // namespace pitstop
