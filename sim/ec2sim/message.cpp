#include "sim/ec2sim/message.hpp"

namespace pitstop::sim {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t longest_header = 64 << 10;
constexpr std::uint64_t longest_body = 4 << 20;

}  // namespace

void set_limits(RequestParser& parser) {
  parser.header_limit(longest_header);
  parser.body_limit(longest_body);
}

HttpRequest to_request(const RequestMessage& message) {
  HttpRequest request;
  request.method = message.method_string();
  request.url = message.target();
  request.body = message.body();
  for (const auto& field : message) {
    request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  return request;
}

ResponseMessage to_message(HttpResponse answer, bool keep_alive) {
  ResponseMessage response(http::int_to_status(static_cast<unsigned>(answer.status)), 11);
  response.result(static_cast<unsigned>(answer.status));
  response.set(http::field::server, "ec2sim");
  for (const auto& header : answer.headers) {
    response.insert(header.name, header.value);
  }
  response.keep_alive(keep_alive);
  response.body() = std::move(answer.body);
  response.prepare_payload();
  return response;
}

}  // namespace pitstop::sim
