#pragma once

#include <optional>

#include "aws/identity.hpp"
#include "backup/finding.hpp"
#include "backup/options.hpp"
#include "base/clock.hpp"

namespace pitstop {

/// Whether the credentials outlive the longest outage that begins now; those that do not are
/// fetched anew first. Nothing if they do, or if `identity` is null.
Task<std::optional<Finding>> look_at_credentials(Identity* identity, const BackupOptions& options,
                                                 const Clock& clock);

}  // namespace pitstop
