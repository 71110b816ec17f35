#include "http/http.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace pitstop {

std::optional<std::string> HttpResponse::header(std::string_view name) const {
  const auto wanted = lower_case(name);
  const auto found = std::ranges::find_if(
      headers, [&](const HttpHeader& header) { return lower_case(header.name) == wanted; });
  if (found == headers.end()) {
    return std::nullopt;
  }
  return found->value;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (plain.contains(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4];
    encoded += digits[byte & 15];
  }
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
