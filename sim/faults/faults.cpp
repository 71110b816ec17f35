#include "sim/faults/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pitstop::sim {
namespace {

struct Name {
  FaultKind kind;
  std::string_view name;
};

constexpr std::array names = std::to_array<Name>({
    {FaultKind::none, "none"},
    {FaultKind::throttled, "throttled"},
    {FaultKind::unavailable, "unavailable"},
    {FaultKind::internal_error, "internal-error"},
    {FaultKind::no_capacity, "no-capacity"},
    {FaultKind::contention, "contention"},
    {FaultKind::denied, "denied"},
    {FaultKind::html_page, "html-page"},
    {FaultKind::cut_reply, "cut-reply"},
    {FaultKind::lost_request, "lost-request"},
    {FaultKind::lost_reply, "lost-reply"},
    {FaultKind::late, "late"},
    {FaultKind::false_refusal, "false-refusal"},
});

struct FalseCode {
  std::string_view code;
  int status;
};

/// Those of a false_refusal by chance: codes that EC2 documents, final ones and passing ones, and
/// one that nobody knows (EC2 API Reference, "Error codes").
constexpr std::array false_codes = std::to_array<FalseCode>({
    {"PendingVerification", 400},
    {"OptInRequired", 403},
    {"UnauthorizedOperation", 403},
    {"AuthFailure", 401},
    {"IncorrectState", 400},
    {"RequestLimitExceeded", 503},
    {"Unavailable", 503},
    {"NobodyKnowsThisCode", 400},
});

}  // namespace

std::string_view to_string(FaultKind kind) {
  return std::ranges::find(names, kind, &Name::kind)->name;
}

std::optional<FaultKind> parse_fault_kind(std::string_view text) {
  const auto found = std::ranges::find(names, text, &Name::name);
  return found == names.end() ? std::nullopt : std::optional(found->kind);
}

std::vector<std::string_view> fault_kind_names() {
  std::vector<std::string_view> all;
  for (const auto& each : names) {
    if (each.kind != FaultKind::none) {
      all.push_back(each.name);
    }
  }
  return all;
}

Fault Faults::strike(const std::string& call_name, Duration age) {
  const int number = ++calls_[call_name];
  for (std::size_t i = 0; i < plan_.scripted.size(); ++i) {
    const auto& fault = plan_.scripted[i];
    if (fault.action == call_name && fault.nth <= number && number < fault.nth + fault.times) {
      met_.insert(i);
      return {fault.kind, fault.code, fault.status};
    }
  }
  if (plan_.random.parts.empty() || (plan_.random.until && age >= *plan_.random.until)) {
    return {};
  }
  double luck = random_.unit();
  for (const auto& [kind, part] : plan_.random.parts) {
    luck -= part;
    if (luck < 0) {
      return by_chance(kind);
    }
  }
  return {};
}

Fault Faults::by_chance(FaultKind kind) {
  if (kind != FaultKind::false_refusal) {
    return {kind};
  }
  const auto& [code, status] = false_codes.at(random_.next() % false_codes.size());
  return {kind, std::string(code), status};
}

std::vector<std::string> Faults::unused() const {
  std::vector<std::string> unused;
  for (std::size_t i = 0; i < plan_.scripted.size(); ++i) {
    if (const auto& fault = plan_.scripted[i]; !met_.contains(i)) {
      unused.push_back(
          fmt::format("{} number {}: {}", fault.action, fault.nth, to_string(fault.kind)));
    }
  }
  return unused;
}

}  // namespace pitstop::sim
