#pragma once

#include <string_view>

namespace pitstop::test {

/// Whether the mutant of that name is the one that is alive.
bool mutant_is_alive(std::string_view name);

/// Brings one to life, or none with an empty name.
void awake_mutant(std::string_view name);

}  // namespace pitstop::test

#define MUTANT(name) ::pitstop::test::mutant_is_alive(name)
