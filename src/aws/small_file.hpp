#pragma once

#include <optional>
#include <string>

#include "base/environment.hpp"
#include "base/result.hpp"

namespace pitstop {

/// A path in which "~" at the front stands for the home directory.
std::string expand_home(std::string path, const Environment& environment);

/// The text of a file of at most a MiB; nothing if there is no such file. Errors are `usage` and
/// name the path; `hint` is theirs if the file cannot be read.
Result<std::optional<std::string>> read_small_file(const std::string& path, std::string hint);

/// Puts a file in place of another, whole or not at all, readable by its owner alone.
Status replace_private_file(const std::string& path, std::string_view text);

}  // namespace pitstop
