#pragma once

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace pitstop {

/// What is to be done for a policy at the moment.
enum class Standing {
  due,        ///< servers are to be backed up
  not_due,    ///< none is
  closed,     ///< none may be taken down
  under_way,  ///< another process is at it
  mistaken,   ///< nobody can tell, for there are mistakes in it
};

std::string_view to_string(Standing standing);

/// The same, and more of it.
struct PolicyState {
  std::string policy;
  Standing standing = Standing::due;
  /// If it was found out: the servers of the policy, and those of them that are due.
  std::size_t selected = 0;
  std::size_t due = 0;
  /// Those that it would select, but for their being restored and adopted by nobody yet.
  std::size_t passed_over = 0;
  /// If it is closed: when its window opens, also for people: "Sun 2026-11-29 02:00 CET".
  std::optional<WallTime> opens = {};
  std::string opens_text = {};
  /// Whether it is all that happens: somebody wants to know.
  bool dry_run = false;
};

/// A line for people.
std::string policy_text(const PolicyState& state);

/// A message of the JSON output.
void write_policy_json(const PolicyState& state, std::ostream& output);

/// The last message of the JSON output: how it ended for each policy, and for all.
void write_policies_json(const std::vector<std::pair<std::string, int>>& exit_statuses,
                         int exit_status, std::ostream& output);

}  // namespace pitstop
