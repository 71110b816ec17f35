#pragma once

#include <pugixml.hpp>

#include "ec2/model.hpp"

namespace pitstop::ec2 {

/// Reads one <item> of <instancesSet>.
Instance read_instance(const pugi::xml_node& item);

/// Reads its id, its state, the reasons for that, and its tags: what one looks at again and again.
Instance read_how_it_is(const pugi::xml_node& item);

/// Reads a state element (<instanceState>, <currentState>, …) by its code's low byte, as EC2 asks.
InstanceState read_instance_state(const pugi::xml_node& state);

}  // namespace pitstop::ec2
