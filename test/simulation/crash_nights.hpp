#pragma once

#include <cstdint>

#include "simulation/seeds.hpp"

namespace pitstop::test {

/// A night by the seed in which much goes wrong, processes are killed at any time, and the host is
/// lost now and then. In the end somebody recovers what is left.
Morning live_through_kills(std::uint64_t seed);

}  // namespace pitstop::test
