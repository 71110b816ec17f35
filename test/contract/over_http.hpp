#pragma once

#include "contract/contract.hpp"

namespace pitstop::test {

/// Holds an item against the EC2 at a loopback endpoint, through libcurl, and reports.
void hold_over_http(const Item& item, const std::string& endpoint, Clock& clock,
                    std::span<const Deviation> known = {});

}  // namespace pitstop::test
