#include "base/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/text.hpp"

namespace pitstop {
namespace {

/// How many letters have to be put in, left out or changed to make one of the other (Levenshtein).
std::size_t distance(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 0; i < one.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < other.size(); ++j) {
      const auto changed = diagonal + (one[i] == other[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

/// "size" stands for "size_gib", "tag" for "tags".
bool begins_alike(std::string_view written, std::string_view name) {
  return written.size() >= 3 && (name.starts_with(written) || written.starts_with(name));
}

}  // namespace

std::optional<std::string> nearest(std::string_view written,
                                   const std::vector<std::string>& known) {
  constexpr std::size_t longest = 64;
  if (known.empty() || written.size() > longest) {
    return std::nullopt;
  }
  const auto closest = std::ranges::min_element(
      known, {}, [written](const std::string& name) { return distance(written, name); });
  const std::size_t slips = written.size() <= 3 ? 1 : 2;
  if (distance(written, *closest) <= slips) {
    return *closest;
  }
  const auto begun = std::ranges::find_if(
      known, [written](const std::string& name) { return begins_alike(written, name); });
  return begun == known.end() ? std::nullopt : std::optional(*begun);
}

std::string did_you_mean(std::string_view written, const std::vector<std::string>& known) {
  const auto meant = nearest(written, known);
  return meant ? fmt::format("did you mean {}?", *meant) : "known here: " + join(known, ", ");
}

}  // namespace pitstop
