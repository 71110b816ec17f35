#include "cli/ec2_sites.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/role_arn.hpp"
#include "base/text.hpp"

namespace pitstop {

std::string Ec2Site::name() const {
  if (!account) {
    return connection->region();
  }
  const auto id = account_of_role(account->role.role_arn);
  const auto of_whom = account->name.empty() ? "account " + id
                                             : fmt::format("{} ({})", printable(account->name), id);
  return fmt::format("{} of {}", connection->region(), of_whom);
}

namespace {

/// Whoever says for each account where to go needs no region beside that.
GlobalOptions of_network(GlobalOptions options, const std::vector<Account>& accounts) {
  if (!options.identity.region && !accounts.empty() && !accounts.front().regions.empty()) {
    options.identity.region = accounts.front().regions.front();
  }
  return options;
}

}  // namespace

Result<Ec2Sites> Ec2Sites::open(const GlobalOptions& options, const Surroundings& surroundings) {
  TRY(const auto accounts, read_accounts(options, surroundings.environment));
  TRY(auto network, Ec2Network::open(of_network(options, accounts), surroundings));
  const auto usual =
      options.regions.empty() ? std::vector{network.identity.region()} : options.regions;
  Ec2Sites sites(std::move(network), surroundings);
  TRY_STATUS(sites.open_all(options, accounts, usual));
  return sites;
}

Result<std::vector<std::size_t>> Ec2Sites::open_also(const GlobalOptions& options) {
  TRY(const auto accounts, read_accounts(options, surroundings_.environment));
  auto usual = options.regions;
  if (usual.empty()) {
    TRY(const auto network, Ec2Network::open(of_network(options, accounts), surroundings_));
    usual = {network.identity.region()};
  }
  return open_all(options, accounts, usual);
}

Result<std::vector<std::size_t>> Ec2Sites::open_all(const GlobalOptions& options,
                                                    const std::vector<Account>& accounts,
                                                    const std::vector<std::string>& usual) {
  std::vector<std::size_t> numbers;
  for (const auto& account : accounts) {
    const bool has_own = options.regions_of_accounts && !account.regions.empty();
    for (const auto& region : has_own ? account.regions : usual) {
      TRY(numbers.emplace_back(), open_site(account, region));
    }
  }
  for (const auto& region : accounts.empty() ? usual : std::vector<std::string>()) {
    TRY(numbers.emplace_back(), open_site({}, region));
  }
  std::ranges::sort(numbers);
  const auto again = std::ranges::unique(numbers);
  numbers.erase(again.begin(), again.end());
  return numbers;
}

Status Ec2Sites::add(const std::string& region, const std::string& role) {
  std::optional<Account> account;
  if (!role.empty()) {
    account = Account{.role = {.role_arn = role, .session_name = ""}};
  }
  TRY_STATUS(open_site(account, region));
  return {};
}

Result<std::size_t> Ec2Sites::add_beside(std::size_t site, const std::string& region,
                                         const std::string& role) {
  if (role.empty()) {
    const auto account = sites_[site].account;
    return open_site(account, region);
  }
  const auto known = std::ranges::find_if(sites_, [&](const Ec2Site& other) {
    return other.account && other.account->role.role_arn == role;
  });
  std::optional<Account> account = Account{.role = {.role_arn = role, .session_name = ""}};
  if (known != sites_.end()) {
    account = known->account;  // which may have an external id, too
  }
  return open_site(account, region);
}

Task<void> Ec2Sites::look_at_own_host() {
  const auto own = co_await sites_.front().connection->own_instance();
  for (const auto& site : sites_) {
    site.connection->runs_on(own);
  }
}

std::vector<ec2::Caller*> Ec2Sites::callers() const {
  std::vector<ec2::Caller*> callers;
  for (const auto& site : sites_) {
    callers.push_back(&site.connection->caller());
  }
  return callers;
}

std::vector<FleetTools> Ec2Sites::tools(Observer& observer, Logbook& logbook) const {
  std::vector<FleetTools> tools;
  for (const auto& site : sites_) {
    tools.push_back(site.connection->fleet_tools(surroundings_, observer, logbook));
  }
  return tools;
}

int Ec2Sites::calls() const {
  int calls = 0;
  for (const auto& site : sites_) {
    calls += site.connection->calls();
  }
  return calls;
}

std::vector<ec2::Congestion> Ec2Sites::congestion() const {
  std::vector<ec2::Congestion> everywhere;
  for (const auto& site : sites_) {
    std::ranges::move(site.connection->congestion(), std::back_inserter(everywhere));
  }
  return everywhere;
}

const Identity& Ec2Sites::identity_for(const std::optional<Account>& account) {
  if (!account) {
    return network_.identity;
  }
  const auto& arn = account->role.role_arn;
  const auto found = assumed_.find(arn);
  if (found != assumed_.end()) {
    return found->second;
  }
  return assumed_.emplace(arn, network_.identity.assuming(account->role, network_.doors))
      .first->second;
}

Result<std::size_t> Ec2Sites::open_site(const std::optional<Account>& account,
                                        const std::string& region) {
  const auto role = account ? account->role.role_arn : "";
  const auto known = std::ranges::find_if(sites_, [&](const Ec2Site& site) {
    return site.connection->region() == region &&
           account_of_role(site.connection->role()) == account_of_role(role);
  });
  if (known != sites_.end()) {
    return static_cast<std::size_t>(known - sites_.begin());
  }
  TRY(auto there, identity_for(account).in_region(region));
  TRY(auto connection, Ec2Connection::open(network_, std::move(there), role, surroundings_));
  sites_.push_back({.connection = std::move(connection), .account = account});
  return sites_.size() - 1;
}

}  // namespace pitstop
