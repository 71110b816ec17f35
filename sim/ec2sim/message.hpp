#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/http.hpp"

/// HTTP messages as Beast has them, and as the rest of the house has them.
namespace pitstop::sim {

using RequestMessage = boost::beast::http::request<boost::beast::http::string_body>;
using ResponseMessage = boost::beast::http::response<boost::beast::http::string_body>;
using RequestParser = boost::beast::http::request_parser<boost::beast::http::string_body>;

/// A parser that takes no more than a client of EC2 can have to say.
void set_limits(RequestParser& parser);

/// Its `url` is the target: "/?Action=…".
HttpRequest to_request(const RequestMessage& message);

ResponseMessage to_message(HttpResponse answer, bool keep_alive);

}  // namespace pitstop::sim
