#include "support/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <charconv>
#include <stdexcept>

#include "base/text.hpp"
#include "support/loopback.hpp"

namespace pitstop::test {

namespace http = boost::beast::http;

namespace {

/// Reads until the message is whole; false at the end of the stream before its first byte.
template <bool is_request>
bool read_message(ByteStream& stream, std::string& pending,
                  http::parser<is_request, http::string_body>& parser) {
  parser.eager(true);
  parser.body_limit(boost::none);
  parser.header_limit(1U << 20);
  std::array<char, 65536> part;
  while (true) {
    boost::beast::error_code error;
    if (!pending.empty()) {
      pending.erase(0, parser.put(boost::asio::buffer(pending), error));
    }
    if (error && error != http::error::need_more) {
      throw ConnectionLost("not HTTP: " + error.message());
    }
    if (parser.is_done()) {
      return true;
    }
    const auto got = stream.read(part);
    if (got == 0 && !parser.got_some() && pending.empty()) {
      return false;
    }
    if (got == 0) {
      parser.put_eof(error);
      if (error || !parser.is_done()) {
        throw ConnectionLost("the other side left in the middle of a message");
      }
      return true;
    }
    pending.append(part.data(), got);
  }
}

template <class Fields>
std::vector<HttpHeader> headers_of(const Fields& fields) {
  std::vector<HttpHeader> headers;
  for (const auto& field : fields) {
    headers.push_back({field.name_string(), field.value()});
  }
  return headers;
}

/// Headers that concern one connection, or that the length of the body decides.
bool belongs_to_connection(const HttpHeader& header) {
  constexpr std::array<std::string_view, 7> names = {
      "connection", "proxy-connection",  "keep-alive",         "content-length",
      "expect",     "transfer-encoding", "proxy-authorization"};
  return std::ranges::find(names, lower_case(header.name)) != names.end();
}

std::string block_of(const std::vector<HttpHeader>& headers, std::size_t body_size) {
  std::string block;
  for (const HttpHeader& header : headers) {
    if (!belongs_to_connection(header)) {
      block += fmt::format("{}: {}\r\n", header.name, header.value);
    }
  }
  return block + fmt::format("Content-Length: {}\r\n", body_size);
}

}  // namespace

std::optional<ReceivedRequest> read_request(ByteStream& stream, std::string& pending) {
  http::parser<true, http::string_body> parser;
  if (!read_message(stream, pending, parser)) {
    return std::nullopt;
  }
  ReceivedRequest received;
  received.keep_alive = parser.keep_alive();
  auto message = parser.release();
  received.request.method = message.method_string();
  received.request.url = message.target();
  received.request.headers = headers_of(message.base());
  received.request.body = std::move(message.body());
  return received;
}

std::string status_line(int status) {
  const auto known = http::int_to_status(static_cast<unsigned>(status));
  return fmt::format("HTTP/1.1 {} {}", status, std::string(http::obsolete_reason(known)));
}

std::string wire_form(const HttpResponse& reply, std::string_view first_line) {
  return fmt::format("{}\r\n{}\r\n{}", first_line, block_of(reply.headers, reply.body.size()),
                     reply.body);
}

HttpResponse send_on_loopback(const HttpRequest& request, const Interrupt* interrupt) {
  const auto port = loopback_port(request.url);
  if (!port) {
    throw ConnectionLost(request.url + " is not on the loopback, and tests go nowhere else");
  }
  Socket socket = Socket::connect(*port, interrupt);
  const bool names_host = std::ranges::any_of(
      request.headers, [](const HttpHeader& header) { return lower_case(header.name) == "host"; });
  socket.write(fmt::format("{} {} HTTP/1.1\r\n{}{}Connection: close\r\n\r\n{}", request.method,
                           path_of(request.url),
                           names_host ? "" : fmt::format("Host: 127.0.0.1:{}\r\n", *port),
                           block_of(request.headers, request.body.size()), request.body));
  http::parser<false, http::string_body> parser;
  std::string pending;
  if (!read_message(socket, pending, parser)) {
    throw ConnectionLost("the server closed the connection without an answer");
  }
  auto message = parser.release();
  HttpResponse response;
  response.status = static_cast<int>(message.result_int());
  response.headers = headers_of(message.base());
  response.body = std::move(message.body());
  return response;
}

std::optional<int> loopback_port(std::string_view url) {
  for (const std::string_view start : {"http://127.0.0.1:", "http://localhost:"}) {
    int port = 0;
    if (url.starts_with(start)) {
      url.remove_prefix(start.size());
      const auto read = std::from_chars(url.data(), url.data() + url.size(), port);
      return read.ec == std::errc{} ? std::optional(port) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::string_view path_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    return url;
  }
  const auto path = url.find('/', scheme + 3);
  return path == std::string_view::npos ? "/" : url.substr(path);
}

}  // namespace pitstop::test
