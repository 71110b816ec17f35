#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "http/http.hpp"

namespace pitstop::test {

/// A request as it came over the wire.
struct RecordedRequest {
  std::string method;
  std::string target;  ///< as it stands in the request line
  std::vector<HttpHeader> headers;
  std::string body;
  std::map<std::string, std::string, std::less<>> parameters;  ///< of the query and of a form body
  bool proxied = false;  ///< the target was a whole URL: the client took us for its proxy
  int connection = 0;    ///< which connection it came in by, from 1
  Instant arrived;       ///< when it was there to its last byte

  /// The EC2 action ("StopInstances") or the target of a JSON call ("AmazonSSM.SendCommand"), else
  /// nothing.
  std::string action() const;

  /// The first header of that name in any case; empty if there is none.
  std::string header(std::string_view name) const;

  /// Empty if there is none.
  std::string parameter(std::string_view name) const;
};

/// Takes what was read from a connection apart.
RecordedRequest recorded(HttpRequest request);

}  // namespace pitstop::test
