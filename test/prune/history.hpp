#pragma once

#include <string>
#include <vector>

#include "catalog/backup_set.hpp"

namespace pitstop::test {

/// RFC 3339; the test fails if it is none.
WallTime time_at(const std::string& text);

/// A backup of one volume, complete; its id is made of the time.
BackupSet good_set(WallTime taken);

/// The same with a snapshot that is in that state.
BackupSet set_in_state(WallTime taken, SetState state);

/// Adds the tag that a removal begins with.
void begin_removal(BackupSet& set);

/// At that time of each of so many days, up to that one; the newest first.
std::vector<BackupSet> daily_sets(const std::string& newest, int days);

}  // namespace pitstop::test
