#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>

#include "base/task.hpp"

namespace pitstop {

/// libcurl's multi interface on an Asio event loop: curl says which sockets and which time-out it
/// waits for, Asio waits, curl is told. Transfers run side by side on kept connections.
class CurlMulti {
 public:
  /// Keeps up to so many connections for later transfers.
  CurlMulti(Executor executor, std::size_t most_kept);
  ~CurlMulti();
  CurlMulti(const CurlMulti&) = delete;
  CurlMulti& operator=(const CurlMulti&) = delete;

  /// Begins a transfer; `done` is called once, from the event loop, unless the transfer is removed
  /// first. It must not add or remove transfers itself.
  void add(CURL* transfer, std::function<void(CURLcode)> done);

  /// Ends a transfer, finished or not. Its connection is closed unless the transfer had finished.
  void remove(CURL* transfer);

 private:
  class Loop;
  std::shared_ptr<Loop> loop_;
};

}  // namespace pitstop
