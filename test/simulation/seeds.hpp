#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulation/night.hpp"

namespace pitstop::test {

struct Morning {
  /// The promises that were broken; each text begins with how to replay the night.
  std::vector<std::string> broken;
  /// How many backups there are to show for it.
  std::size_t good = 0;
  std::size_t servers = 0;
};

/// Lives through the night of that seed.
Morning live_through(std::uint64_t seed);

}  // namespace pitstop::test
