#include "http/aws_signature.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <map>

#include "base/check.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

std::string in_hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return text;
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(),
             digest.data(), &size) != nullptr);
  return {digest.begin(), digest.begin() + size};
}

std::string_view day_of(std::string_view date) {
  return date.substr(0, date.find('T'));
}

struct Place {
  std::string host;  ///< with its port, where that is not the usual one
  std::string_view path;
  std::string_view query;
};

Place place_of(std::string_view url) {
  const auto scheme = url.find("://");
  CHECK(scheme != std::string_view::npos);
  const auto rest = url.substr(scheme + 3);
  const auto path = std::min(rest.find_first_of("/?"), rest.size());
  auto host = rest.substr(0, path);
  const std::string_view usual_port = url.starts_with("https:") ? ":443" : ":80";
  if (host.ends_with(usual_port)) {
    host.remove_suffix(usual_port.size());
  }
  const auto target = rest.substr(path);
  const auto query = std::min(target.find('?'), target.size());
  return {std::string(host), target.substr(0, query),
          target.substr(std::min(query + 1, target.size()))};
}

/// Each segment is encoded once more than it is sent, as all services but S3 want it.
std::string canonical_path(std::string_view path) {
  std::string canonical;
  for (const auto segment : split(path.substr(std::min<std::size_t>(path.size(), 1)), '/')) {
    canonical += '/' + percent_encoded(segment);
  }
  return canonical;
}

/// Without spaces at its ends, and each run of spaces as one.
std::string canonical_value(std::string_view value) {
  std::string canonical;
  for (const char c : trimmed(value)) {
    if (c != ' ' || !canonical.ends_with(' ')) {
      canonical += c;
    }
  }
  return canonical;
}

}  // namespace

std::string sha256_of(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  return in_hexadecimal({reinterpret_cast<const char*>(digest.data()), size});
}

std::string signing_scope(const AwsSignature& who, std::string_view date) {
  return fmt::format("{}/{}/{}/aws4_request", day_of(date), who.region, who.service);
}

std::string signature_of(std::string_view canonical_request, const AwsSignature& who,
                         std::string_view date) {
  const auto text = fmt::format("{}\n{}\n{}\n{}", signing_algorithm, date, signing_scope(who, date),
                                sha256_of(canonical_request));
  auto key = hmac_sha256("AWS4" + who.secret_access_key.reveal(), day_of(date));
  for (const std::string_view part : {std::string_view(who.region), std::string_view(who.service),
                                      std::string_view("aws4_request")}) {
    key = hmac_sha256(key, part);
  }
  return in_hexadecimal(hmac_sha256(key, text));
}

std::vector<HttpHeader> signing_headers(const HttpRequest& request, const AwsSignature& who,
                                        WallTime now) {
  const auto place = place_of(request.url);
  const auto date = signing_date(now);
  std::vector<HttpHeader> added{{"Host", place.host}, {"X-Amz-Date", date}};
  if (!who.session_token.empty()) {
    added.push_back({"X-Amz-Security-Token", who.session_token.reveal()});
  }
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : request.headers) {
    headers.insert_or_assign(lower_case(name), canonical_value(value));
  }
  for (const auto& [name, value] : added) {
    headers.insert_or_assign(lower_case(name), canonical_value(value));
  }
  std::string lines;
  std::string names;
  for (const auto& [name, value] : headers) {
    lines += fmt::format("{}:{}\n", name, value);
    names += (names.empty() ? "" : ";") + name;
  }
  const auto canonical =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, canonical_path(place.path), place.query,
                  lines, names, sha256_of(request.body));
  added.push_back(
      {"Authorization", fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}",
                                    signing_algorithm, who.access_key_id, signing_scope(who, date),
                                    names, signature_of(canonical, who, date))});
  return added;
}

}  // namespace pitstop
