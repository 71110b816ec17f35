#pragma once

#include <optional>

#include "aws/identity.hpp"
#include "backup/finding.hpp"
#include "backup/options.hpp"

namespace pitstop {

/// Whether the credentials are known to outlive the longest outage that begins now; those that are
/// not are fetched anew first. Nothing if they are, or if `identity` is null.
Task<std::optional<Finding>> look_at_credentials(Identity* identity, const BackupOptions& options);

}  // namespace pitstop
