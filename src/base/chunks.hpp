#pragma once

#include <algorithm>
#include <cstddef>
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

}  // namespace pitstop
