#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/api/form.hpp"
#include "sim/api/xml.hpp"
#include "sim/cloud/region.hpp"

namespace pitstop::sim {

/// One call while it is being answered.
struct ActionCall {
  std::string_view name;
  Region& region;
  /// What of the region a describing call sees: things made later are not there yet.
  Instant seen;
  FormReader& form;
  /// <ActionResponse>: the action puts its elements into it.
  xml::Element answer;
  /// Gives the other regions, for copies; nothing if there is no such region.
  std::function<Region*(const std::string&)> other_region;
  /// Gives the regions of that name that other accounts have.
  std::function<std::vector<Region*>(const std::string&)> foreign_regions;
  /// Whether the credentials may do this.
  bool permitted = true;

  /// An action reads all of its parameters, then asks this before it looks at the region: refuses
  /// parameters that nobody has read (UnknownParameter), calls that the policy denies
  /// (UnauthorizedOperation), and dry runs (DryRunOperation).
  Answer<void> admit();
};

/// The region that a copy comes from, or EC2's refusal.
Answer<Region*> find_region(const ActionCall& call, const std::string& name);

using Action = Answer<void> (*)(ActionCall&);

/// The action of that name, or nothing: EC2 answers InvalidAction.
Action find_action(std::string_view name);

}  // namespace pitstop::sim
