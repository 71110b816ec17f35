#include "aws/json_fields.hpp"

#include <nlohmann/json.hpp>

namespace pitstop {

using nlohmann::json;

const json& member(const json& object, const char* name) {
  static const json nothing;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? *found : nothing;
}

std::string text_of(const json& object, const char* name) {
  const auto& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::string first_text_of(const json& object, std::initializer_list<const char*> names) {
  for (const auto* name : names) {
    if (const auto& value = member(object, name); value.is_string()) {
      return value.get<std::string>();
    }
  }
  return {};
}

}  // namespace pitstop
