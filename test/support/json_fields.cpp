#include "support/json_fields.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace pitstop::test {

using nlohmann::json;

std::set<std::string> fields(const json& message, const std::string& prefix) {
  std::set<std::string> names;
  for (const auto& [name, value] : message.items()) {
    names.insert(prefix + name);
    const auto& nested = value.is_array() && !value.empty() ? value.front() : value;
    if (nested.is_object()) {
      names.merge(fields(nested, prefix + name + '.'));
    }
  }
  return names;
}

std::vector<json> messages_in(const std::string& lines) {
  std::vector<json> messages;
  std::istringstream each(lines);
  for (std::string line; std::getline(each, line);) {
    messages.push_back(json::parse(line));
  }
  return messages;
}

std::vector<json> documented_messages() {
  std::ifstream document(PITSTOP_SOURCE_DIR "/doc/json-output.md");
  std::vector<json> messages;
  for (std::string line; std::getline(document, line);) {
    if (line.starts_with('{')) {
      messages.push_back(json::parse(line));
    }
  }
  return messages;
}

}  // namespace pitstop::test
