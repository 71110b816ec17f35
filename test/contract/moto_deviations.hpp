#pragma once

#include <span>

#include "contract/contract.hpp"

namespace pitstop::test {

/// What moto 5.2.1 does otherwise than EC2.
std::span<const Deviation> moto_deviations();

}  // namespace pitstop::test
