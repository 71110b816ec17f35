#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/http.hpp"
#include "sim/api/form.hpp"
#include "sim/api/xml.hpp"
#include "sim/cloud/region.hpp"
#include "sim/request.hpp"

/// The Query protocol as services other than EC2 speak it: lists are "Name.member.1", the answer is
/// <ActionResponse><ActionResult>…, an error <ErrorResponse><Error>….
namespace pitstop::sim {

struct QueryService {
  Service service;
  std::string_view version;
  std::string_view name_space;
};

/// One call while it is being answered.
struct QueryCall {
  const QueryService& service;
  std::string action;
  const Region& region;
  FormReader& form;
  /// <ActionResult>: the action puts its elements into it.
  xml::Element result;
  const std::vector<std::string>& denied;

  /// An action reads all of its parameters, then asks this before it looks at anything: refuses
  /// parameters that nobody has read (ValidationError), and what the policy denies (AccessDenied).
  Answer<void> admit(std::string_view resource = "*");
};

/// A page of a list.
struct QueryPage {
  std::size_t most = 0;
  std::string after;  ///< the key of the last one of the page before; empty: from the beginning
};

/// `most_parameter` has the size of a page, from 1 to `most`, which is also what is usual; `token`
/// is the name of what the page before has given. Another one is refused with `token_error`.
Answer<QueryPage> read_query_page(FormReader& form, std::string_view most_parameter,
                                  std::string_view token, int most, std::string token_error);

/// The token of the page that goes on after that key.
std::string query_token(std::string_view last_key);

/// Calls `write` with each of a page; the token of the next page, or nothing. The things are in the
/// order of their keys.
template <class Things, class KeyOf, class Write>
std::string write_page(const Things& things, const QueryPage& page, KeyOf key_of, Write write) {
  std::string last;
  std::size_t written = 0;
  for (const auto& thing : things) {
    const std::string key = key_of(thing);
    if (key <= page.after) {
      continue;
    }
    if (written == page.most) {
      return query_token(last);
    }
    write(thing);
    ++written;
    last = key;
  }
  return {};
}

/// ValidationError, as these services say that a parameter is missing.
std::unexpected<ApiError> missing_member(std::string_view path);

/// Answers a request; `carry_out` does what its action says, or refuses (see unknown_action).
HttpResponse answer_query_call(const QueryService& service, const Region& region,
                               const ReceivedCall& received,
                               const std::function<Answer<void>(QueryCall&)>& carry_out);

std::unexpected<ApiError> unknown_action(const QueryCall& call);

/// A refusal as these services write it; those that EC2 has other codes for get these services'.
HttpResponse query_refusal(const QueryService& service, ApiError error,
                           const std::string& request_id);

}  // namespace pitstop::sim
