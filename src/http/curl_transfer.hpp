#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>

#include "http/curl_http.hpp"
#include "http/http.hpp"

namespace pitstop {

/// One request as a curl easy handle, and the response that it gathers.
class CurlTransfer {
 public:
  CurlTransfer(HttpRequest request, const CurlSettings& settings);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  CURL* handle() const { return easy_.get(); }

  /// What came of it, once curl has said how it ended.
  Result<HttpResponse> outcome(CURLcode ended);

 private:
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self);
  void set_up(const CurlSettings& settings);
  void set_method();
  void add_header(const std::string& line);
  void sign(const AwsSignature& signature, const Clock* clock);
  Error explain(CURLcode ended) const;
  bool request_left() const;

  struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  HttpRequest request_;
  HttpResponse response_;
  bool headers_are_whole_ = false;
  bool too_long_ = false;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::unique_ptr<CURL, FreeEasy> easy_;
};

}  // namespace pitstop
