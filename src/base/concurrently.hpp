#pragma once

#include <vector>

#include "base/task.hpp"

namespace pitstop {

/// Runs all tasks side by side and returns when the last one has ended. A task that throws is a
/// bug.
Task<void> concurrently(std::vector<Task<void>> tasks);

/// Begins a task that nobody waits for. A task that throws is a bug.
void begin(Executor executor, Task<void> task);

}  // namespace pitstop
