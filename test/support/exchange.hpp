#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/http.hpp"

namespace pitstop::test {

class ByteStream;
class Interrupt;

struct ReceivedRequest {
  HttpRequest request;  ///< `url` is the request target as it came
  bool keep_alive = false;
};

/// Reads a request; nothing at the end of the stream. `pending` keeps what came too early for the
/// next one.
std::optional<ReceivedRequest> read_request(ByteStream& stream, std::string& pending);

/// The status line that goes with a status, without its line end: "HTTP/1.1 200 OK".
std::string status_line(int status);

/// A reply as it goes over the wire, with the length of its body, after the status line that is
/// given.
std::string wire_form(const HttpResponse& reply, std::string_view first_line);

/// One exchange over a connection of its own with a server on 127.0.0.1, as it stands in the
/// request's URL.
HttpResponse send_on_loopback(const HttpRequest& request, const Interrupt* interrupt = nullptr);

/// The port of "http://127.0.0.1:PORT…" or "http://localhost:PORT…"; nothing if the URL is another.
std::optional<int> loopback_port(std::string_view url);

/// What follows the authority of an absolute URL, "/" at least; the text itself if it is not one.
std::string_view path_of(std::string_view url);

}  // namespace pitstop::test
