// The EC2 Query protocol below the typed verbs: status, XML and errors as they go over the wire.

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "base/text.hpp"
#include "contract/cloud.hpp"

namespace pitstop::test {
namespace {

constexpr std::string_view version = "&Version=2016-11-15";

/// What came, in short.
std::string told(const HttpResponse& response) {
  return fmt::format("HTTP {}: {}", response.status, printable(response.body, 300));
}

struct WireError {
  int status = 0;
  std::string code;
  std::string message;
  std::string request_id;
  bool shaped = false;  ///< <Response><Errors><Error>…</Error></Errors><RequestID>
  std::string seen;
};

Task<WireError> error_of(Subject& subject, std::string form) {
  const auto response = co_await subject.post(std::move(form));
  pugi::xml_document document;
  const auto parsed = document.load_string(response.body.c_str());
  const auto root = document.document_element();
  const auto error = root.child("Errors").child("Error");
  co_return WireError{response.status,
                      error.child_value("Code"),
                      error.child_value("Message"),
                      root.child_value("RequestID"),
                      parsed && std::string_view(root.name()) == "Response" && error,
                      told(response)};
}

CONTRACT(AnswersInXml) {
  const auto form = fmt::format("Action=DescribeRegions{}", version);
  const auto response = co_await subject.post(form);
  subject.expect("an answer has the status 200", response.status == 200, told(response));
  const auto type = response.header("Content-Type").value_or("");
  subject.expect("an answer is text/xml", lower_case(type).starts_with("text/xml"), type);
  pugi::xml_document document;
  subject.expect("an answer is well-formed XML",
                 static_cast<bool>(document.load_string(response.body.c_str())), told(response));
  const auto root = document.document_element();
  subject.expect("the root of an answer is named after the action",
                 std::string_view(root.name()) == "DescribeRegionsResponse", root.name());
  subject.expect("an answer names EC2's namespace",
                 std::string_view(root.attribute("xmlns").value()) ==
                     "http://ec2.amazonaws.com/doc/2016-11-15/",
                 root.attribute("xmlns").value());
  const std::string id = root.child_value("requestId");
  subject.expect("an answer has a request id", !id.empty(), "none");
  const auto second = co_await subject.post(form);
  subject.expect("no two answers have the same request id", !second.body.contains(id), id);
  const auto begin = std::min(response.body.find("<Describe"), response.body.size());
  const auto elements = response.body.substr(begin);
  subject.expect("there is no white space between the elements of an answer",
                 !elements.contains(">\n<") && !elements.contains("> <"), told(response));
}

CONTRACT(RefusesInXml) {
  const auto error = co_await error_of(
      subject, fmt::format("Action=StopInstances{}&InstanceId.1=i-0123456789abcdef0", version));
  subject.expect("an error has the status 400", error.status == 400, error.seen);
  subject.expect("an error has the shape of EC2's", error.shaped, error.seen);
  subject.expect("an error has a code and a message",
                 error.code == "InvalidInstanceID.NotFound" && !error.message.empty(), error.seen);
  subject.expect("an error has a request id", !error.request_id.empty(), error.seen);
}

CONTRACT(AnswersDryRunsWith412) {
  const auto server = co_await launch(subject);
  const auto error = co_await error_of(
      subject,
      fmt::format("Action=StopInstances{}&InstanceId.1={}&DryRun=true", version, server.id.str()));
  subject.expect("a dry run is answered with the status 412", error.status == 412, error.seen);
  subject.expect("a dry run is answered with the error DryRunOperation",
                 error.shaped && error.code == "DryRunOperation", error.seen);
}

CONTRACT(RefusesUnknownActions) {
  const auto error = co_await error_of(subject, fmt::format("Action=DescribePitstops{}", version));
  subject.expect("an unknown action is refused as EC2 refuses",
                 error.status == 400 && error.shaped && error.code == "InvalidAction", error.seen);
}

CONTRACT(RefusesWrongParameters) {
  const auto unknown =
      co_await error_of(subject, fmt::format("Action=DescribeInstances{}&Pitstop=1", version));
  subject.expect("an unknown parameter is refused",
                 unknown.status == 400 && unknown.code == "UnknownParameter", unknown.seen);
  const auto lower_case_name =
      co_await error_of(subject, fmt::format("Action=DescribeInstances{}&maxresults=5", version));
  subject.expect("names of parameters have their upper and lower case",
                 lower_case_name.status == 400 && lower_case_name.code == "UnknownParameter",
                 lower_case_name.seen);
  const auto missing = co_await error_of(subject, fmt::format("Action=StopInstances{}", version));
  subject.expect("a missing parameter is refused",
                 missing.status == 400 && missing.shaped && !missing.code.empty(), missing.seen);
}

}  // namespace
}  // namespace pitstop::test
