#pragma once

#include <cstdint>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "sim/cloud/api_error.hpp"
#include "sim/cloud/model.hpp"

/// Writing the elements of EC2's replies.
namespace pitstop::sim::xml {

void put(pugi::xml_node parent, const char* name, std::string_view text);
void put_unless_empty(pugi::xml_node parent, const char* name, std::string_view text);
void put_boolean(pugi::xml_node parent, const char* name, bool value);
void put_number(pugi::xml_node parent, const char* name, std::int64_t number);
void put_time(pugi::xml_node parent, const char* name, WallTime time);

/// <tagSet><item><key/><value/></item>…; nothing if there are none.
void put_tags(pugi::xml_node parent, const Tags& tags);

/// <instanceState><code/><name/></instanceState> under whatever name.
void put_state(pugi::xml_node parent, const char* name, InstanceState state);

/// <return>true</return>, all that many changing calls answer.
void put_success(pugi::xml_node answer);

/// <ActionResponse>, the element that all others go into.
pugi::xml_node begin_reply(pugi::xml_document& document, std::string_view action,
                           const std::string& request_id);

void put_error(pugi::xml_document& document, const ApiError& error, const std::string& request_id);

/// The document as EC2 writes it, without white space between the elements.
std::string written(const pugi::xml_document& document);

}  // namespace pitstop::sim::xml
