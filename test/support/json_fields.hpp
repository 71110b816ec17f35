#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

namespace pitstop::test {

/// The names of all fields, those of nested objects too: "backups.error.kind".
std::set<std::string> fields(const nlohmann::json& message, const std::string& prefix = "");

/// JSON Lines, read.
std::vector<nlohmann::json> messages_in(const std::string& lines);

/// The messages that doc/json-output.md shows.
std::vector<nlohmann::json> documented_messages();

}  // namespace pitstop::test
