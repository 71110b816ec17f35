#include "sim/api/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.hpp"

namespace pitstop::sim::xml {
namespace {

/// Most replies are shorter; one that has to grow is copied.
constexpr std::size_t usual_size = 32 << 10;

/// By the byte, whether it may have to be written as an escape.
constexpr auto special = [] {
  std::array<bool, 256> bytes{};
  std::fill_n(bytes.begin(), ' ', true);
  bytes['&'] = bytes['<'] = bytes['>'] = true;
  return bytes;
}();

/// Every byte of every reply comes by here. Going on to the end in any case costs less than a
/// question at every byte.
bool has_special(std::string_view text) {
  bool found = false;
  for (const char c : text) {
    found |= special[static_cast<unsigned char>(c)];
  }
  return found;
}

void append_escaped(std::string& written, char c) {
  const bool is_control = c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r';
  if (c == '&') {
    written += "&amp;";
  } else if (c == '<') {
    written += "&lt;";
  } else if (c == '>') {
    written += "&gt;";
  } else if (is_control) {
    written += fmt::format("&#{:02};", static_cast<int>(c));
  } else {
    written += c;
  }
}

void append_escaped(std::string& written, std::string_view text) {
  if (!has_special(text)) {
    written += text;
    return;
  }
  for (const char c : text) {
    append_escaped(written, c);
  }
}

}  // namespace

Element Element::append_child(std::string_view name) const {
  document_->close_inside(*this);
  return document_->open(name);
}

void Element::append_child(std::string_view name, std::string_view text) const {
  document_->close_inside(*this);
  document_->write(name, text);
}

Document::Document() {
  text_.reserve(usual_size);
  text_ = R"(<?xml version="1.0" encoding="UTF-8"?>)";
}

Element Document::begin(std::string_view root, std::string_view name_space) {
  const auto element = open(root);
  if (!name_space.empty()) {
    text_ += fmt::format(" xmlns=\"{}\"", name_space);
  }
  return element;
}

std::string Document::finish() {
  while (!open_.empty()) {
    close_innermost();
  }
  return std::move(text_);
}

Element Document::open(std::string_view name) {
  end_start_tag();
  text_ += '<';
  open_.push_back({text_.size(), name.size()});
  text_ += name;
  in_start_tag_ = true;
  return {*this, open_.size(), open_.back().begin};
}

void Document::write(std::string_view name, std::string_view text) {
  end_start_tag();
  text_ += '<';
  text_ += name;
  if (text.empty()) {
    text_ += "/>";
    return;
  }
  text_ += '>';
  append_escaped(text_, text);
  text_ += "</";
  text_ += name;
  text_ += '>';
}

void Document::end_start_tag() {
  if (std::exchange(in_start_tag_, false)) {
    text_ += '>';
  }
}

void Document::close_innermost() {
  const auto tag = open_.back();
  open_.pop_back();
  if (std::exchange(in_start_tag_, false)) {
    text_ += "/>";
    return;
  }
  text_ += "</";
  text_.append(text_, tag.begin, tag.size);
  text_ += '>';
}

void Document::close_inside(const Element& element) {
  while (open_.size() > element.depth_) {
    close_innermost();
  }
  CHECK(open_.size() == element.depth_ && open_.back().begin == element.begin_);
}

void put(Element parent, std::string_view name, std::string_view text) {
  parent.append_child(name, text);
}

void put_unless_empty(Element parent, std::string_view name, std::string_view text) {
  if (!text.empty()) {
    put(parent, name, text);
  }
}

void put_boolean(Element parent, std::string_view name, bool value) {
  put(parent, name, value ? "true" : "false");
}

void put_number(Element parent, std::string_view name, std::int64_t number) {
  put(parent, name, fmt::format_int(number).c_str());
}

void put_time(Element parent, std::string_view name, WallTime time) {
  put(parent, name, rfc3339(time));
}

void put_tags(Element parent, const Tags& tags) {
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

void put_state(Element parent, std::string_view name, InstanceState state) {
  auto element = parent.append_child(name);
  put_number(element, "code", static_cast<int>(state));
  put(element, "name", to_string(state));
}

void put_success(Element answer) {
  put_boolean(answer, "return", true);
}

Element begin_reply(Document& document, std::string_view action, std::string_view request_id) {
  auto root =
      document.begin(fmt::format("{}Response", action), "http://ec2.amazonaws.com/doc/2016-11-15/");
  put(root, "requestId", request_id);
  return root;
}

std::string refusal(const ApiError& error, std::string_view request_id) {
  Document document;
  auto root = document.begin("Response");
  auto element = root.append_child("Errors").append_child("Error");
  put(element, "Code", error.code);
  put(element, "Message", error.message);
  put(root, "RequestID", request_id);
  return document.finish();
}

}  // namespace pitstop::sim::xml
