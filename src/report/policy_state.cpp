#include "report/policy_state.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/check.hpp"
#include "report/json_lines.hpp"

namespace pitstop {
namespace {

std::string_view servers(std::size_t count) {
  return count == 1 ? "server" : "servers";
}

std::string phrase(const PolicyState& state) {
  switch (state.standing) {
    case Standing::due:
      return state.due == state.selected
                 ? fmt::format("{} {} due", state.due, state.due == 1 ? "server is" : "servers are")
                 : fmt::format("{} of {} servers {} due", state.due, state.selected,
                               state.due == 1 ? "is" : "are");
    case Standing::not_due:
      return fmt::format("nothing is due ({} {})", state.selected, servers(state.selected));
    case Standing::closed:
      return "its window opens " + state.opens_text;
    case Standing::under_way:
      return "under way in another process";
    case Standing::mistaken:
      return "there are mistakes in it";
  }
  unreachable();
}

bool was_found_out(Standing standing) {
  return standing == Standing::due || standing == Standing::not_due;
}

}  // namespace

std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::due:
      return "due";
    case Standing::not_due:
      return "not_due";
    case Standing::closed:
      return "closed";
    case Standing::under_way:
      return "under_way";
    case Standing::mistaken:
      return "mistaken";
  }
  unreachable();
}

std::string policy_text(const PolicyState& state) {
  const auto passed_over =
      state.passed_over == 0
          ? std::string()
          : fmt::format("; {} restored {} passed over: pitstop restore --finish adopts one",
                        state.passed_over, state.passed_over == 1 ? "one is" : "ones are");
  return fmt::format("policy {}: {}{}\n", state.policy, phrase(state), passed_over);
}

void write_policy_json(const PolicyState& state, std::ostream& output) {
  const bool counted = was_found_out(state.standing);
  write_line(output, {{"message_type", "policy"},
                      {"policy", state.policy},
                      {"standing", std::string(to_string(state.standing))},
                      {"selected", counted ? Json(state.selected) : Json(nullptr)},
                      {"due", counted ? Json(state.due) : Json(nullptr)},
                      {"passed_over", counted ? Json(state.passed_over) : Json(nullptr)},
                      {"opens", in_rfc3339(state.opens)}});
}

void write_policies_json(const std::vector<std::pair<std::string, int>>& exit_statuses,
                         int exit_status, std::ostream& output) {
  Json policies = Json::array();
  for (const auto& [policy, status] : exit_statuses) {
    policies.push_back({{"policy", policy}, {"exit_status", status}});
  }
  write_line(output,
             {{"message_type", "policies"}, {"exit_status", exit_status}, {"policies", policies}});
}

}  // namespace pitstop
