#pragma once

#include <functional>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "aws/service_caller.hpp"

/// The Query protocol as services other than EC2 speak it: lists are "Name.member.1", the answer is
/// <ActionResponse><ActionResult>…, an error <ErrorResponse><Error>….
namespace pitstop::query {

/// "Action=…&Version=…&…".
class Form {
 public:
  Form(std::string action, std::string version)
      : action_(std::move(action)), parameters_{{"Action", action_}, {"Version", version}} {}

  Form& add(std::string name, std::string value) {
    parameters_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  /// "NAME.member.1", "NAME.member.2", ….
  Form& add_list(const std::string& name, const std::vector<std::string>& values);

  const std::string& action() const { return action_; }
  ServiceCall as_call(bool changes, std::optional<Duration> patience) const;

 private:
  std::string action_;
  QueryParameters parameters_;
};

/// How many bytes a page of a list can need: 400 target groups, or the health of 1,000 targets,
/// take less.
inline constexpr std::size_t longest_list = std::size_t{4} << 20;

/// Where a list stands in an answer, and what its pages are called.
struct PagedList {
  std::string element;     ///< "AutoScalingGroups"
  std::string token;       ///< the parameter: "NextToken"
  std::string next_token;  ///< the element: "NextToken"
};

/// What is done with a <member> of a list.
using Take = std::function<Status(const pugi::xml_node&)>;

/// Asks page after page; `take` is called for each <member> of the list, and its error ends it. A
/// token that comes twice is an error, not a loop.
Task<Status> for_each_member(ServiceCaller& caller, Form form, PagedList list,
                             std::optional<Duration> patience, Take take);

/// Reads the answer of a call of the action; the <ActionResult> is below its root.
pugi::xml_document parse(const std::string& body);
pugi::xml_node result_of(const pugi::xml_document& document);

// What a ServiceApi needs to know.
AnsweredError read_error(const HttpResponse& response);
bool can_be_an_answer(std::string_view action, const std::string& body);

}  // namespace pitstop::query
