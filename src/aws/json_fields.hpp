#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace pitstop {

/// A member of a JSON object; null if there is none, or if it is no object.
const nlohmann::json& member(const nlohmann::json& object, const char* name);

/// The same as text; empty if it is none.
std::string text_of(const nlohmann::json& object, const char* name);

/// The first of these members that is a text; empty if none is.
std::string first_text_of(const nlohmann::json& object, std::initializer_list<const char*> names);

}  // namespace pitstop
