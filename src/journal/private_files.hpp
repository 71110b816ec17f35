#pragma once

#include <filesystem>

#include "base/result.hpp"

/// A directory and files that only this user can read: they tell of servers and their names.
namespace pitstop {

/// Makes the directory, and those above it, where they are not there. Leaves alone what is.
Status make_private_directory(const std::filesystem::path& directory);

/// Makes an empty file if it is not there. A file that is there must be readable and writable.
/// SQLite gives its other files the same rights.
Status make_private_file(const std::filesystem::path& file);

}  // namespace pitstop
