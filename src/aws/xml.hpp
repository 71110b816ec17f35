#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

/// Reading the elements of the replies of AWS. An absent element reads as empty, false or zero.
namespace pitstop::xml {

/// Whether the tree of a text would take so much memory that no answer of AWS's can need it: the
/// tags of a hostile one take twenty times as much as its text.
bool is_too_dense(std::string_view text);

std::string text(const pugi::xml_node& node, const char* name);

/// The same of an element that the reply cannot do without: an answer that lacks it leaves the fate
/// of the call unknown.
Result<std::string> required_text(const pugi::xml_node& node, const char* name);

bool boolean(const pugi::xml_node& node, const char* name);
/// Of int and std::int64_t.
template <class Number = int>
std::optional<Number> number(const pugi::xml_node& node, const char* name);
std::optional<WallTime> time(const pugi::xml_node& node, const char* name);

}  // namespace pitstop::xml
