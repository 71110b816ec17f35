#pragma once

#include <string>

#include "sim/api/form.hpp"

namespace pitstop::sim {

/// The form of a request to a service of the Query protocol, as it came in.
/// RequestEntityTooLarge and InvalidCharacter for what no service reads.
Answer<Form> read_form(const std::string& text);

/// Takes as read what a signature puts into the form when it does not stand in the headers.
void read_signature(FormReader& form);

}  // namespace pitstop::sim
