#pragma once

#include "backup/stranded.hpp"

/// What there is to be done with one server that an interrupted run has left.
namespace pitstop {

/// By its entry in the journal of this host, and by what EC2 shows of it: marks can be lost.
Stranded stranded_by(const OpenBackup& open, const ec2::Instance& instance);

/// By its tag, of which it is known that it may be acted on.
Stranded stranded_by(const DownTag& tag, const ec2::Instance& instance, bool is_named);

}  // namespace pitstop
