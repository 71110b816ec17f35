#pragma once

#include <list>
#include <string>
#include <vector>

#include "cli/ec2_sites.hpp"

namespace pitstop {

/// The accounts and regions of several policies, each once, with numbers that stay. Policies of the
/// same profile share their connections, and so EC2's pace.
class PolicySites {
 public:
  explicit PolicySites(const Surroundings& surroundings) : surroundings_(surroundings) {}

  /// Those that options name, opened unless they are there; asks nothing of AWS yet.
  Result<std::vector<std::size_t>> open(const GlobalOptions& options);

  std::size_t size() const { return all_.size(); }
  const Ec2Site& at(std::size_t site) const;

  // One a site, in their order.
  std::vector<ec2::Caller*> callers() const;
  std::vector<FleetTools> tools(Observer& observer, Logbook& logbook) const;

  /// Those that have one of these sites.
  std::vector<Ec2Sites*> having(const std::vector<std::size_t>& sites);

  // Of all sites.
  int calls() const;
  std::vector<ec2::Congestion> congestion() const;

 private:
  struct OfProfile {
    std::optional<std::string> profile;
    Ec2Sites sites;
  };
  struct Place {
    OfProfile* of;
    std::size_t number;
    bool operator==(const Place&) const = default;
  };

  std::size_t number_of(const Place& place);

  const Surroundings& surroundings_;
  std::list<OfProfile> profiles_;
  std::vector<Place> all_;
};

}  // namespace pitstop
