#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace pitstop {

/// The elements in their order, in parts of so many at most.
template <class Element>
std::vector<std::vector<Element>> chunks(const std::vector<Element>& all, std::size_t most) {
  std::vector<std::vector<Element>> parts;
  for (auto begin = all.begin(); begin != all.end();) {
    const auto left = static_cast<std::size_t>(all.end() - begin);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(left, most));
    parts.emplace_back(begin, end);
    begin = end;
  }
  return parts;
}

/// The elements in their order; of an odd number, the second half has one more.
template <class Element>
std::pair<std::vector<Element>, std::vector<Element>> halves(const std::vector<Element>& all) {
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  return {{all.begin(), middle}, {middle, all.end()}};
}

}  // namespace pitstop
