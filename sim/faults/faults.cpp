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

FaultKind Faults::strike(const std::string& call_name, Duration age) {
  const int number = ++calls_[call_name];
  for (std::size_t i = 0; i < plan_.scripted.size(); ++i) {
    const auto& fault = plan_.scripted[i];
    if (fault.action == call_name && fault.nth <= number && number < fault.nth + fault.times) {
      met_.insert(i);
      return fault.kind;
    }
  }
  if (plan_.random.parts.empty() || (plan_.random.until && age >= *plan_.random.until)) {
    return FaultKind::none;
  }
  double luck = random_.unit();
  for (const auto& [kind, part] : plan_.random.parts) {
    luck -= part;
    if (luck < 0) {
      return kind;
    }
  }
  return FaultKind::none;
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
