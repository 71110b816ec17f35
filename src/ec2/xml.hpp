#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "ec2/model.hpp"

/// Reading the elements of EC2's replies. An absent element reads as empty, false or zero.
namespace pitstop::ec2::xml {

std::string text(const pugi::xml_node& node, const char* name);

/// The same of an element that the reply cannot do without: an answer that lacks it leaves the fate
/// of the call unknown.
Result<std::string> required_text(const pugi::xml_node& node, const char* name);

bool boolean(const pugi::xml_node& node, const char* name);
std::optional<int> number(const pugi::xml_node& node, const char* name);
std::optional<WallTime> time(const pugi::xml_node& node, const char* name);

/// <tagSet><item><key/><value/></item>…
Tags tags(const pugi::xml_node& node);

/// One text from each item of a list: <groupSet><item><groupId/></item>….
std::vector<std::string> texts(const pugi::xml_node& node, const char* list, const char* name);

}  // namespace pitstop::ec2::xml
