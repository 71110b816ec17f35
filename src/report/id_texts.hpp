#pragma once

#include <string>
#include <vector>

namespace pitstop {

/// The ids of a list as texts, for whoever joins or writes them.
template <class Ids>
std::vector<std::string> texts_of(const Ids& ids) {
  std::vector<std::string> texts;
  for (const auto& id : ids) {
    texts.push_back(id.str());
  }
  return texts;
}

}  // namespace pitstop
