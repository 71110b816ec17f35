#include "ec2/reply.hpp"

#include <fmt/format.h>

#include "aws/refusal.hpp"
#include "base/text.hpp"
#include "ec2/error_codes.hpp"
#include "ec2/xml.hpp"

namespace pitstop::ec2 {
namespace {

constexpr std::size_t shown_of_body = 120;

/// <Response><Errors><Error><Code>…, or <ErrorResponse><Error><Code>… as other services and proxies
/// write it.
pugi::xml_node find_error(const pugi::xml_node& root) {
  if (const auto error = root.child("Errors").child("Error")) {
    return error;
  }
  return root.child("Error");
}

/// As much of a text as is shown of it.
std::string beginning_of(std::string_view text) {
  constexpr std::size_t longest_character = 4;
  return std::string(trimmed(text).substr(0, shown_of_body + longest_character));
}

Error not_from_ec2(int status, const std::string& beginning, const std::string& action,
                   std::string_view what) {
  const auto shown = printable(beginning, shown_of_body);
  return {ErrorKind::unknown_fate,
          fmt::format("{}: HTTP {} with {}: {}", action, status, what,
                      shown.empty() ? "no body" : shown),
          "is the endpoint really EC2's? check --endpoint-url and proxies",
          {}};
}

}  // namespace

// The tree is made of the very bytes of the answer, which it spoils.
Result<Reply> read_reply(HttpResponse response, const std::string& action) {
  const auto beginning = beginning_of(response.body);
  if (xml::is_too_dense(response.body)) {
    return fail(not_from_ec2(
        response.status, beginning, action,
        fmt::format("more elements than any answer has ({} bytes)", response.body.size())));
  }
  auto document = std::make_unique<ReplyDocument>(std::move(response.body));
  auto& text = document->text;
  const auto parsed = document->tree.load_buffer_inplace(
      text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single,
      pugi::encoding_utf8);
  const auto root = document->tree.document_element();
  if (!parsed || !root) {
    return fail(not_from_ec2(response.status, beginning, action, "a body that is not XML"));
  }
  if (const auto error = find_error(root)) {
    auto explained = explain(action, response.status, trimmed(error.child_value("Code")),
                             trimmed(error.child_value("Message")));
    explained.hint = hint_with_clock(std::move(explained.hint), explained.code, response);
    return fail(std::move(explained));
  }
  if (response.status != 200 || root.name() != action + "Response") {
    return fail(not_from_ec2(response.status, beginning, action,
                             fmt::format("an unexpected <{}>", printable(root.name(), 40))));
  }
  return Reply(std::move(document));
}

}  // namespace pitstop::ec2
