#include "http/curl_transfer.hpp"

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"
#include "http/aws_signature.hpp"

namespace pitstop {

CurlTransfer::CurlTransfer(HttpRequest request, const CurlSettings& settings)
    : request_(std::move(request)), easy_(curl_easy_init()) {
  CHECK(easy_ != nullptr);
  set_up(settings);
}

void CurlTransfer::set_up(const CurlSettings& settings) {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, settings.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(request_.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.total_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text_.data());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);

  // A directory of certificates (Debian's default) keeps curl from caching the parsed bundle: 32
  // connections cost 1.2 s of processor time that way, and 0.1 s with the bundle alone.
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  if (settings.ca_bundle) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, settings.ca_bundle->c_str());
  }

#if LIBCURL_VERSION_NUM >= 0x075700
  // Else a transfer that ends during a slow look-up of a name holds up all others until it is done.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif

  if (request_.at_most_once) {
    // curl sends a request again by itself when a *kept* connection turns out to be dead.
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  }
  if (request_.direct) {
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
  }
  set_method();
  for (const auto& header : request_.headers) {
    add_header(header.name + ": " + header.value);
  }
  if (request_.signature) {
    sign(*request_.signature, settings.clock);
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
}

/// A POST or a PUT without content says so ("Content-Length: 0"), other methods say nothing.
void CurlTransfer::set_method() {
  CURL* easy = easy_.get();
  const auto& method = request_.method;
  const auto& body = request_.body;
  const bool has_content = method == "POST" || method == "PUT" || !body.empty();
  if (has_content) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.c_str());
  }
  if (method != (has_content ? "POST" : "GET")) {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
  }
}

void CurlTransfer::add_header(const std::string& line) {
  auto* grown = curl_slist_append(headers_.get(), line.c_str());
  CHECK(grown != nullptr);
  (void)headers_.release();
  headers_.reset(grown);
}

/// curl signs by its own clock only: where another time is given to it, it sends that twice, which
/// no service takes.
void CurlTransfer::sign(const AwsSignature& signature, const Clock* clock) {
  if (clock != nullptr) {
    const auto now = clock->wall() + signature.correction;
    for (const auto& header : signing_headers(request_, signature, now)) {
      add_header(header.name + ": " + header.value);
    }
    return;
  }
  CHECK(signature.correction == Milliseconds(0));
  const auto scope = fmt::format("aws:amz:{}:{}", signature.region, signature.service);
  curl_easy_setopt(easy_.get(), CURLOPT_AWS_SIGV4, scope.c_str());
  curl_easy_setopt(easy_.get(), CURLOPT_USERNAME, signature.access_key_id.c_str());
  curl_easy_setopt(easy_.get(), CURLOPT_PASSWORD, signature.secret_access_key.reveal().c_str());
  if (!signature.session_token.empty()) {
    add_header("X-Amz-Security-Token: " + signature.session_token.reveal());
  }
}

std::size_t CurlTransfer::on_body(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (transfer.response_.body.size() + size > transfer.request_.max_response_bytes) {
    transfer.too_long_ = true;
    return 0;
  }
  transfer.response_.body.append(data, size);
  return size;
}

std::size_t CurlTransfer::on_header(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  auto& headers = transfer.response_.headers;
  const std::string_view line(data, size);
  const auto colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    headers.clear();  // an interim response (100) came before
    transfer.headers_are_whole_ = false;
  } else if (trimmed(line).empty()) {
    transfer.headers_are_whole_ = true;
  } else if (colon != std::string_view::npos) {
    headers.push_back({std::string(trimmed(line.substr(0, colon))),
                       std::string(trimmed(line.substr(colon + 1)))});
  }
  return size;
}

Result<HttpResponse> CurlTransfer::outcome(CURLcode ended) {
  if (ended != CURLE_OK) {
    return fail(explain(ended));
  }
  if (!headers_are_whole_) {
    // curl takes a connection that closes amid the headers for the end of an answer without body.
    return fail(explain(CURLE_PARTIAL_FILE));
  }
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  return std::move(response_);
}

/// Whether any of the request may have reached the server.
bool CurlTransfer::request_left() const {
  long bytes_sent = 0;
  curl_off_t ready_to_send = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &bytes_sent);
  curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &ready_to_send);
  return bytes_sent > 0 && ready_to_send > 0;
}

namespace {

bool is_lasting(CURLcode ended) {
  switch (ended) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return true;
    default:
      return false;
  }
}

std::string hint_for(CURLcode ended) {
  switch (ended) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "check the region and --endpoint-url, and that this host can resolve names";
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return "check https_proxy and no_proxy in the environment";
    case CURLE_COULDNT_CONNECT:
      return "check --endpoint-url, the firewall, and https_proxy in the environment";
    case CURLE_PEER_FAILED_VERIFICATION:
      return "name the PEM file of the authority that signed it in AWS_CA_BUNDLE; if that is not "
             "it, check --endpoint-url and this host's clock";
    case CURLE_SSL_CACERT_BADFILE:
      return "name a PEM file of certificate authorities in AWS_CA_BUNDLE";
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return "check --endpoint-url";
    case CURLE_OPERATION_TIMEDOUT:
      return "check the network between this host and the endpoint; --timeout gives each call more "
             "time";
    default:
      return "";
  }
}

}  // namespace

Error CurlTransfer::explain(CURLcode ended) const {
  const bool left = request_left();
  std::string reason = error_text_.front() != '\0' ? error_text_.data() : curl_easy_strerror(ended);
  if (reason.contains('@')) {
    reason = curl_easy_strerror(ended);  // it quotes a proxy, perhaps with its password
  }
  if (too_long_) {
    reason = fmt::format("the answer is longer than {} bytes", request_.max_response_bytes);
  }
  auto kind = ErrorKind::transient;
  if (left) {
    kind = ErrorKind::unknown_fate;
  } else if (is_lasting(ended)) {
    kind = ErrorKind::refused;
  }
  return {kind,
          fmt::format("{}: {}", printable(request_.url), printable(trimmed(reason))),
          hint_for(ended),
          {}};
}

}  // namespace pitstop
