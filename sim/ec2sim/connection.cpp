#include "sim/ec2sim/connection.hpp"

#include <array>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "sim/ec2sim/message.hpp"

namespace pitstop::sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr auto results_as_values = asio::as_tuple(asio::use_awaitable);

/// What to say about a request that could not be read; nothing if nobody would hear it.
std::optional<HttpResponse> complaint(const beast::error_code& error) {
  const bool is_http = error.category() == make_error_code(http::error::end_of_stream).category();
  if (!is_http || error == http::error::end_of_stream || error == http::error::partial_message) {
    return std::nullopt;
  }
  const int status = error == http::error::header_limit ? 431
                     : error == http::error::body_limit ? 413
                                                        : 400;
  return HttpResponse{status, {{"Content-Type", "text/plain"}}, error.message() + '\n'};
}

class Connection {
 public:
  Connection(asio::ip::tcp::socket socket, Front& front, Duration patience)
      : stream_(std::move(socket)), front_(front), patience_(patience) {}

  Task<void> serve() {
    bool goes_on = true;
    while (goes_on) {
      RequestParser parser;
      set_limits(parser);
      const auto error = co_await read(parser);
      if (error) {
        co_await complain(error);
        co_return;
      }
      goes_on = co_await answer(parser.get());
    }
    close();
  }

 private:
  Task<beast::error_code> read(RequestParser& parser) {
    stream_.expires_after(patience_);
    const auto [error, size] =
        co_await http::async_read_header(stream_, buffer_, parser, results_as_values);
    if (error) {
      co_return error;
    }
    if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
      const http::response<http::empty_body> go_on(http::status::continue_, 11);
      const auto [unsent, sent] = co_await http::async_write(stream_, go_on, results_as_values);
      if (unsent) {
        co_return unsent;
      }
    }
    const auto [broken, rest] =
        co_await http::async_read(stream_, buffer_, parser, results_as_values);
    co_return broken;
  }

  /// False if that was the last one.
  Task<bool> answer(const RequestMessage& message) {
    auto reply = front_.answer(to_request(message));
    if (!reply.response) {
      co_return false;
    }
    const bool goes_on = message.keep_alive() && !reply.cut;
    auto response = to_message(std::move(*reply.response), goes_on);
    response.version(message.version());
    if (message.method() == http::verb::head) {
      response.body().clear();
    } else if (reply.cut) {
      response.body().resize(response.body().size() / 2);  // fewer than the header says
    }
    co_return co_await write(response) && goes_on;
  }

  Task<bool> write(ResponseMessage& response) {
    stream_.expires_after(patience_);
    const auto [error, size] = co_await http::async_write(stream_, response, results_as_values);
    co_return !error;
  }

  /// A client that is still sending hears nothing if the connection is just closed: so what it
  /// sends is read for a while.
  Task<void> complain(const beast::error_code& error) {
    auto said = complaint(error);
    if (!said) {
      close();
      co_return;
    }
    auto response = to_message(std::move(*said), false);
    if (!co_await write(response)) {
      co_return;
    }
    close();
    constexpr auto for_a_while = Seconds(2);
    stream_.expires_after(for_a_while);
    std::array<char, 4096> ignored;
    beast::error_code ended;
    while (!ended) {
      const auto [failed, size] =
          co_await stream_.async_read_some(asio::buffer(ignored), results_as_values);
      ended = failed;
    }
  }

  void close() {
    beast::error_code ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  Front& front_;
  Duration patience_;
};

}  // namespace

Task<void> serve_connection(asio::ip::tcp::socket socket, Front& front, Duration patience) {
  Connection connection(std::move(socket), front, patience);
  co_await connection.serve();
}

}  // namespace pitstop::sim
