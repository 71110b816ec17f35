#pragma once

#include <string>

#include "backup/observer.hpp"

namespace pitstop {

/// An event as a line of JSON, without the line's end; doc/json-output.md describes it.
std::string event_json(const Event& event);

}  // namespace pitstop
