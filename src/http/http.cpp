#include "http/http.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace pitstop {
namespace {

/// By the byte, whether it stands for itself.
constexpr auto is_plain = [] {
  std::array<bool, 256> plain{};
  for (const unsigned char c :
       std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")) {
    plain.at(c) = true;
  }
  return plain;
}();

}  // namespace

std::optional<std::string> HttpResponse::header(std::string_view name) const {
  const auto wanted = lower_case(name);
  const auto found = std::ranges::find_if(
      headers, [&](const HttpHeader& header) { return lower_case(header.name) == wanted; });
  if (found == headers.end()) {
    return std::nullopt;
  }
  return found->value;
}

std::string signing_date(WallTime time) {
  auto text = rfc3339(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text.substr(0, text.find('.')) + 'Z';
}

void append_percent_encoded(std::string& encoded, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (!is_plain[byte]) {
      encoded += text.substr(begin, i - begin);
      encoded += {'%', digits[byte >> 4], digits[byte & 15]};
      begin = i + 1;
    }
  }
  encoded += text.substr(begin);
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  append_percent_encoded(encoded, text);
  return encoded;
}

std::string canonical_query(QueryParameters parameters) {
  for (auto& [key, value] : parameters) {
    key = percent_encoded(key);
    value = percent_encoded(value);
  }
  std::ranges::sort(parameters);
  std::string query;
  for (const auto& [key, value] : parameters) {
    if (!query.empty()) {
      query += '&';
    }
    query += key;
    query += '=';
    query += value;
  }
  return query;
}

}  // namespace pitstop
