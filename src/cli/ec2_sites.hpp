#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/accounts.hpp"
#include "cli/wiring.hpp"

namespace pitstop {

/// An account in a region, ready to be called.
struct Ec2Site {
  std::unique_ptr<Ec2Connection> connection;
  /// What is special about its account; nothing if no role is assumed.
  std::optional<Account> account = {};

  /// For people: "eu-west-1", or "eu-west-1 of shop (111122223333)".
  std::string name() const;
};

/// The accounts and regions that a command has to do with: each of the regions in each of the
/// accounts. They share the network, and those of one account its credentials.
class Ec2Sites {
 public:
  /// Those of the options, each once. Asks nothing of AWS yet.
  static Result<Ec2Sites> open(const GlobalOptions& options, const Surroundings& surroundings);

  /// Those of other options as well, of the same profile, each unless it is there. Their numbers.
  Result<std::vector<std::size_t>> open_also(const GlobalOptions& options);

  /// One more, unless it is there. `role` is an ARN, or empty.
  Status add(const std::string& region, const std::string& role);

  /// A region in the account of another site, or, if a role is given, in that of the role; opened
  /// unless it is there. Its number.
  Result<std::size_t> add_beside(std::size_t site, const std::string& region,
                                 const std::string& role);

  const std::vector<Ec2Site>& all() const { return sites_; }

  /// Finds out whether we run on an instance ourselves, which must not be stopped then.
  Task<void> look_at_own_host();

  // One a site, in their order.
  std::vector<ec2::Caller*> callers() const;
  std::vector<FleetTools> tools(Observer& observer, Logbook& logbook) const;

  // Of all sites.
  int calls() const;
  /// What EC2 slows down at the moment.
  std::vector<ec2::Congestion> congestion() const;

 private:
  Ec2Sites(Ec2Network network, const Surroundings& surroundings)
      : network_(std::move(network)), surroundings_(surroundings) {}

  /// As whom an account is worked in.
  const Identity& identity_for(const std::optional<Account>& account);
  /// Those of options that read like that; `usual` are the regions of whoever has none of his own.
  Result<std::vector<std::size_t>> open_all(const GlobalOptions& options,
                                            const std::vector<Account>& accounts,
                                            const std::vector<std::string>& usual);
  /// Once, however often it is named; its number.
  Result<std::size_t> open_site(const std::optional<Account>& account, const std::string& region);

  Ec2Network network_;
  const Surroundings& surroundings_;
  std::map<std::string, Identity> assumed_;  ///< by the role's ARN
  std::vector<Ec2Site> sites_;
};

}  // namespace pitstop
