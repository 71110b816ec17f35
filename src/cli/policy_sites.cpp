#include "cli/policy_sites.hpp"

#include <algorithm>

#include "base/contains.hpp"

namespace pitstop {

Result<std::vector<std::size_t>> PolicySites::open(const GlobalOptions& options) {
  auto of = std::ranges::find(profiles_, options.identity.profile, &OfProfile::profile);
  if (of == profiles_.end()) {
    TRY(auto sites, Ec2Sites::open(options, surroundings_));
    profiles_.push_back({options.identity.profile, std::move(sites)});
    of = std::prev(profiles_.end());
  }
  TRY(const auto numbers, of->sites.open_also(options));
  std::vector<std::size_t> opened;
  for (const auto number : numbers) {
    opened.push_back(number_of({&*of, number}));
  }
  return opened;
}

std::size_t PolicySites::number_of(const Place& place) {
  const auto known = std::ranges::find(all_, place);
  if (known != all_.end()) {
    return static_cast<std::size_t>(known - all_.begin());
  }
  all_.push_back(place);
  return all_.size() - 1;
}

const Ec2Site& PolicySites::at(std::size_t site) const {
  const auto& place = all_.at(site);
  return place.of->sites.all()[place.number];
}

std::vector<ec2::Caller*> PolicySites::callers() const {
  std::vector<ec2::Caller*> callers;
  for (const auto& place : all_) {
    callers.push_back(&place.of->sites.all()[place.number].connection->caller());
  }
  return callers;
}

std::vector<FleetTools> PolicySites::tools(Observer& observer, Logbook& logbook) const {
  std::vector<FleetTools> tools;
  for (const auto& place : all_) {
    tools.push_back(place.of->sites.all()[place.number].connection->fleet_tools(surroundings_,
                                                                                observer, logbook));
  }
  return tools;
}

std::vector<Ec2Sites*> PolicySites::having(const std::vector<std::size_t>& sites) {
  std::vector<Ec2Sites*> having;
  for (const auto site : sites) {
    auto* const of = &all_.at(site).of->sites;
    if (!contains(having, of)) {
      having.push_back(of);
    }
  }
  return having;
}

int PolicySites::calls() const {
  int calls = 0;
  for (const auto& of : profiles_) {
    calls += of.sites.calls();
  }
  return calls;
}

std::vector<ec2::Congestion> PolicySites::congestion() const {
  std::vector<ec2::Congestion> everywhere;
  for (const auto& of : profiles_) {
    std::ranges::move(of.sites.congestion(), std::back_inserter(everywhere));
  }
  return everywhere;
}

}  // namespace pitstop
