#include "aws/presigned_url.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/check.hpp"

namespace pitstop {
namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

constexpr auto algorithm = "AWS4-HMAC-SHA256";

std::string sha256(std::string_view text) {
  Digest digest;
  unsigned size = 0;
  CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  return {digest.begin(), digest.begin() + size};
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  Digest digest;
  unsigned size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(),
             digest.data(), &size) != nullptr);
  return {digest.begin(), digest.begin() + size};
}

std::string in_hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return text;
}

struct Place {
  std::string_view host;
  std::string_view path;
};

Place place_of(std::string_view endpoint) {
  const auto scheme = endpoint.find("://");
  CHECK(scheme != std::string_view::npos);
  const auto rest = endpoint.substr(scheme + 3);
  const auto slash = std::min(rest.find('/'), rest.size());
  return {rest.substr(0, slash), slash == rest.size() ? "/" : rest.substr(slash)};
}

std::string key_for(const AwsSignature& signature, std::string_view date) {
  auto key = hmac_sha256("AWS4" + signature.secret_access_key.reveal(), date);
  for (const std::string_view part :
       {std::string_view(signature.region), std::string_view(signature.service),
        std::string_view("aws4_request")}) {
    key = hmac_sha256(key, part);
  }
  return key;
}

}  // namespace

std::string presigned_url(const AwsSignature& signature, std::string_view endpoint,
                          QueryParameters parameters, WallTime now, Seconds lasts) {
  const auto place = place_of(endpoint);
  const auto time = signing_date(now);
  const auto date = time.substr(0, time.find('T'));
  const auto scope =
      fmt::format("{}/{}/{}/aws4_request", date, signature.region, signature.service);
  parameters.emplace_back("X-Amz-Algorithm", algorithm);
  parameters.emplace_back("X-Amz-Credential", fmt::format("{}/{}", signature.access_key_id, scope));
  parameters.emplace_back("X-Amz-Date", time);
  parameters.emplace_back("X-Amz-Expires", std::to_string(lasts.count()));
  parameters.emplace_back("X-Amz-SignedHeaders", "host");
  if (!signature.session_token.empty()) {
    parameters.emplace_back("X-Amz-Security-Token", signature.session_token.reveal());
  }
  const auto query = canonical_query(std::move(parameters));
  const auto canonical = fmt::format("GET\n{}\n{}\nhost:{}\n\nhost\n{}", place.path, query,
                                     place.host, in_hexadecimal(sha256("")));
  const auto to_sign =
      fmt::format("{}\n{}\n{}\n{}", algorithm, time, scope, in_hexadecimal(sha256(canonical)));
  return fmt::format("{}{}?{}&X-Amz-Signature={}", endpoint, place.path == "/" ? "/" : "", query,
                     in_hexadecimal(hmac_sha256(key_for(signature, date), to_sign)));
}

}  // namespace pitstop
