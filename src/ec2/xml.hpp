#pragma once

#include "aws/xml.hpp"
#include "ec2/model.hpp"

/// Reading the elements of EC2's replies, with the lists as EC2 writes them.
namespace pitstop::ec2::xml {

using pitstop::xml::boolean;
using pitstop::xml::is_too_dense;
using pitstop::xml::number;
using pitstop::xml::required_text;
using pitstop::xml::text;
using pitstop::xml::time;

/// <tagSet><item><key/><value/></item>…
Tags tags(const pugi::xml_node& node);

/// One text from each item of a list: <groupSet><item><groupId/></item>….
std::vector<std::string> texts(const pugi::xml_node& node, const char* list, const char* name);

}  // namespace pitstop::ec2::xml
