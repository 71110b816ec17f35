#include "sim/api/xml.hpp"

#include <fmt/format.h>

namespace pitstop::sim::xml {
namespace {

pugi::xml_node begin_document(pugi::xml_document& document, const char* root) {
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version").set_value("1.0");
  declaration.append_attribute("encoding").set_value("UTF-8");
  return document.append_child(root);
}

class StringWriter final : public pugi::xml_writer {
 public:
  void write(const void* data, std::size_t size) override {
    text.append(static_cast<const char*>(data), size);
  }

  std::string text;
};

}  // namespace

void put(pugi::xml_node parent, const char* name, std::string_view text) {
  auto element = parent.append_child(name);
  if (!text.empty()) {
    element.append_child(pugi::node_pcdata).set_value(text.data(), text.size());
  }
}

void put_unless_empty(pugi::xml_node parent, const char* name, std::string_view text) {
  if (!text.empty()) {
    put(parent, name, text);
  }
}

void put_boolean(pugi::xml_node parent, const char* name, bool value) {
  put(parent, name, value ? "true" : "false");
}

void put_number(pugi::xml_node parent, const char* name, std::int64_t number) {
  put(parent, name, fmt::format_int(number).c_str());
}

void put_time(pugi::xml_node parent, const char* name, WallTime time) {
  put(parent, name, rfc3339(time));
}

void put_tags(pugi::xml_node parent, const Tags& tags) {
  if (tags.empty()) {
    return;
  }
  auto set = parent.append_child("tagSet");
  for (const auto& [key, value] : tags) {
    auto item = set.append_child("item");
    put(item, "key", key);
    put(item, "value", value);
  }
}

void put_state(pugi::xml_node parent, const char* name, InstanceState state) {
  auto element = parent.append_child(name);
  put_number(element, "code", static_cast<int>(state));
  put(element, "name", to_string(state));
}

void put_success(pugi::xml_node answer) {
  put_boolean(answer, "return", true);
}

pugi::xml_node begin_reply(pugi::xml_document& document, std::string_view action,
                           const std::string& request_id) {
  auto root = begin_document(document, fmt::format("{}Response", action).c_str());
  root.append_attribute("xmlns").set_value("http://ec2.amazonaws.com/doc/2016-11-15/");
  put(root, "requestId", request_id);
  return root;
}

void put_error(pugi::xml_document& document, const ApiError& error, const std::string& request_id) {
  auto root = begin_document(document, "Response");
  auto element = root.append_child("Errors").append_child("Error");
  put(element, "Code", error.code);
  put(element, "Message", error.message);
  put(root, "RequestID", request_id);
}

std::string written(const pugi::xml_document& document) {
  StringWriter writer;
  document.save(writer, "", pugi::format_raw, pugi::encoding_utf8);
  return std::move(writer.text);
}

}  // namespace pitstop::sim::xml
