#include "sim/front/signature.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "sim/api/presigned_url.hpp"

namespace pitstop::sim {
namespace {

constexpr Seconds greatest_skew = std::chrono::minutes(5);

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return text;
}

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  return {digest.begin(), digest.begin() + size};
}

std::string hmac(const std::string& key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(),
             digest.data(), &size) != nullptr);
  return {digest.begin(), digest.begin() + size};
}

int digit_value(char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto lower = lower_case(std::string_view(&c, 1));
  const auto found = digits.find(lower);
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

/// Undoes percent-escapes; what is none stays.
std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? digit_value(text[i + 1]) : -1;
    const int low = high >= 0 ? digit_value(text[i + 2]) : -1;
    if (low >= 0) {
      plain += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

/// Every segment of the path encoded once more than it came.
std::string canonical_path(std::string_view path) {
  std::string canonical;
  for (const auto segment : split(path.substr(std::min<std::size_t>(path.size(), 1)), '/')) {
    canonical += '/' + percent_encoded(segment);
  }
  return canonical;
}

std::string canonical_parameters(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const auto parameter : split(query, '&')) {
    const auto equals = std::min(parameter.find('='), parameter.size());
    const auto value = parameter.substr(std::min(equals + 1, parameter.size()));
    if (!parameter.empty()) {
      parameters.emplace_back(percent_encoded(decoded(parameter.substr(0, equals))),
                              percent_encoded(decoded(value)));
    }
  }
  std::ranges::sort(parameters);
  std::vector<std::string> written;
  for (const auto& [name, value] : parameters) {
    written.push_back(name + '=' + value);
  }
  return join(written, "&");
}

/// Without spaces at the ends, and each run of spaces as one.
std::string tidy(std::string_view value) {
  std::string tidied;
  for (const char c : trimmed(value)) {
    if (c != ' ' || !tidied.ends_with(' ')) {
      tidied += c;
    }
  }
  return tidied;
}

std::string canonical_header(const HttpRequest& request, const std::string& name) {
  std::vector<std::string> values;
  for (const auto value : headers_named(request, name)) {
    values.push_back(tidy(value));
  }
  return fmt::format("{}:{}\n", name, join(values, ","));
}

std::optional<WallTime> parse_timestamp(std::string_view text) {
  constexpr std::size_t length = 16;  // of "20260102T030405Z"
  if (text.size() != length) {
    return std::nullopt;
  }
  return parse_rfc3339(fmt::format("{}-{}-{}:{}:{}", text.substr(0, 4), text.substr(4, 2),
                                   text.substr(6, 5), text.substr(11, 2), text.substr(13)));
}

Answer<std::string> timestamp_of(const HttpRequest& request, const Authorization& authorization) {
  const auto dates = headers_named(request, "x-amz-date");
  if (dates.empty()) {
    return refuse("IncompleteSignature",
                  "Authorization header requires existence of a 'X-Amz-Date' header.");
  }
  for (const auto* name : {"host", "x-amz-date"}) {
    if (!contains(authorization.signed_headers, name)) {
      return refuse("IncompleteSignature",
                    fmt::format("'{}' must be a 'SignedHeader' in the AWS Authorization.", name));
    }
  }
  return std::string(trimmed(dates.front()));
}

Answer<void> check_age(std::string_view timestamp, const Authorization& authorization,
                       WallTime now) {
  const auto signed_at = parse_timestamp(timestamp);
  if (!signed_at) {
    return refuse("IncompleteSignature",
                  "Date must be in ISO-8601 'basic format'. Got " + in_quotes(timestamp));
  }
  if (!timestamp.starts_with(authorization.date)) {
    return refuse("SignatureDoesNotMatch",
                  fmt::format("Date in Credential scope does not match YYYYMMDD from ISO-8601 "
                              "version of date from HTTP: {} != {}",
                              in_quotes(authorization.date), in_quotes(timestamp.substr(0, 8))),
                  403);
  }
  if (std::chrono::abs(now - *signed_at) > greatest_skew) {
    return refuse("RequestExpired",
                  fmt::format("Request has expired: it was signed at {}, and now it is {}",
                              rfc3339(*signed_at), rfc3339(now)));
  }
  return {};
}

/// Line by line: the client's own bytes must not break the reply.
std::string harmless(std::string_view text) {
  std::vector<std::string> lines;
  for (const auto line : split(text, '\n')) {
    lines.push_back(printable(line));
  }
  return join(lines, "\n");
}

std::unexpected<ApiError> another_key() {
  return refuse("AuthFailure", "AWS was not able to validate the provided access credentials", 401);
}

std::unexpected<ApiError> mismatch(std::string_view canonical, std::string_view text) {
  return refuse("SignatureDoesNotMatch",
                fmt::format("The request signature we calculated does not match the signature you "
                            "provided. Check your AWS Secret Access Key and signing method. "
                            "Consult the service documentation for details.\n\nThe Canonical "
                            "String for this request should have been\n'{}'\n\nThe "
                            "String-to-Sign should have been\n'{}'\n",
                            harmless(canonical), harmless(text)),
                403);
}

Answer<void> check_signature(const HttpRequest& request, std::string_view timestamp,
                             const Authorization& authorization, const Secret& secret) {
  const auto canonical = canonical_request(request, authorization.signed_headers);
  const auto text = string_to_sign(canonical, timestamp, authorization);
  if (signature_of(text, authorization, secret) != authorization.signature) {
    return mismatch(canonical, text);
  }
  return {};
}

Answer<void> check_life(std::string_view timestamp, std::string_view expires, WallTime now) {
  const auto signed_at = parse_timestamp(timestamp);
  const auto life = whole_number(expires);
  if (!signed_at || !life) {
    return refuse("IncompleteSignature",
                  "A presigned URL requires 'X-Amz-Date' in ISO-8601 'basic format', and the "
                  "seconds of 'X-Amz-Expires'");
  }
  if (now > *signed_at + Seconds(*life) || now < *signed_at - greatest_skew) {
    return refuse("RequestExpired",
                  fmt::format("Request has expired: it was signed at {} for {} s, and now it is {}",
                              rfc3339(*signed_at), *life, rfc3339(now)));
  }
  return {};
}

/// The request that a presigned URL is, as it was before it was signed.
HttpRequest without_signature(const PresignedUrl& url) {
  const auto query = std::min(url.target.find('?'), url.target.size());
  std::vector<std::string> parameters;
  for (const auto parameter : split(std::string_view(url.target).substr(query), '&')) {
    if (!parameter.starts_with("X-Amz-Signature=")) {
      parameters.emplace_back(parameter);
    }
  }
  HttpRequest request;
  request.method = "GET";
  request.url = url.target.substr(0, query) + join(parameters, "&");
  request.headers = {{"host", url.host}};
  return request;
}

}  // namespace

std::vector<std::string_view> headers_named(const HttpRequest& request, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& header : request.headers) {
    if (lower_case(header.name) == lower_case(name)) {
      values.push_back(header.value);
    }
  }
  return values;
}

std::string canonical_request(const HttpRequest& request,
                              const std::vector<std::string>& signed_headers) {
  const std::string_view target = request.url;
  const auto path_end = std::min(target.find('?'), target.size());
  const auto query = target.substr(std::min(path_end + 1, target.size()));
  std::string headers;
  for (const auto& name : signed_headers) {
    headers += canonical_header(request, name);
  }
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method,
                     canonical_path(target.substr(0, path_end)), canonical_parameters(query),
                     headers, join(signed_headers, ";"), hexadecimal(sha256(request.body)));
}

std::string string_to_sign(std::string_view canonical, std::string_view timestamp,
                           const Authorization& authorization) {
  return fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", timestamp, authorization.scope(),
                     hexadecimal(sha256(canonical)));
}

std::string signature_of(std::string_view text, const Authorization& authorization,
                         const Secret& secret) {
  auto key = hmac("AWS4" + secret.reveal(), authorization.date);
  key = hmac(key, authorization.region);
  key = hmac(key, authorization.service);
  key = hmac(key, "aws4_request");
  return hexadecimal(hmac(key, text));
}

Answer<void> verify(const HttpRequest& request, const Authorization& authorization,
                    const AccessKey& key, WallTime now) {
  if (authorization.access_key != key.id) {
    return another_key();
  }
  TRY(const auto timestamp, timestamp_of(request, authorization));
  TRY_STATUS(check_age(timestamp, authorization, now));
  return check_signature(request, timestamp, authorization, key.secret);
}

Answer<void> verify_presigned(std::string_view text, const AccessKey& key, WallTime now) {
  const auto url = parse_presigned_url(text);
  if (!url) {
    return {};
  }
  TRY(const auto authorization,
      parse_authorization(
          fmt::format("{} Credential={}, SignedHeaders={}, Signature={}",
                      url->parameter("X-Amz-Algorithm"), url->parameter("X-Amz-Credential"),
                      url->parameter("X-Amz-SignedHeaders"), url->parameter("X-Amz-Signature"))));
  if (authorization.access_key != key.id) {
    return another_key();
  }
  const auto timestamp = url->parameter("X-Amz-Date");
  TRY_STATUS(check_life(timestamp, url->parameter("X-Amz-Expires"), now));
  return check_signature(without_signature(*url), timestamp, authorization, key.secret);
}

}  // namespace pitstop::sim
