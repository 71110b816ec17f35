#include "restore/planned_interface.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace pitstop {
namespace {

class PlanningInterface {
 public:
  PlanningInterface(const ec2::Instance& server, const ec2::NetworkInterface& was,
                    const InterfaceRules& rules, std::vector<std::string>& differences)
      : server_(server), was_(was), rules_(rules), differences_(differences) {}

  ec2::LaunchInterface run() {
    choose_public_address();
    keep_or_count(was_.secondary_ips, "secondary private address", made_.secondary_ips,
                  made_.secondary_ip_count);
    keep_or_count(was_.ipv4_prefixes, "IPv4 prefix", made_.ipv4_prefixes, made_.ipv4_prefix_count);
    choose_ipv6();
    choose_card();
    made_.tracking = was_.tracking;
    if (was_.outlives_its_server) {
      differs(
          fmt::format("its network interface {}, which outlives its server: the new one is "
                      "deleted with its own",
                      was_.id));
    }
    return std::move(made_);
  }

 private:
  void differs(std::string text) { differences_.push_back(std::move(text)); }

  /// A subnet need not give one. Another subnet may have no way for it.
  void choose_public_address() {
    made_.public_ip = !server_.public_ip.empty() && !was_.public_ip_is_elastic && !rules_.moves &&
                      !rules_.gets_elastic_ip;
    for (const auto& address : was_.secondary_public_ips) {
      differs(fmt::format("the public address {} of a secondary private one", address));
    }
    if (!was_.customer_owned_ip.empty()) {
      differs(fmt::format("the customer-owned address {}", was_.customer_owned_ip));
    }
  }

  void keep_or_count(const std::vector<std::string>& values, std::string_view what,
                     std::vector<std::string>& named, int& count) {
    if (values.empty()) {
      return;
    }
    if (rules_.keeps_addresses) {
      named = values;
      return;
    }
    count = static_cast<int>(values.size());
    differs(fmt::format("the {}{} {}: others, as many (--keep-private-ip)", what,
                        values.size() == 1 ? "" : "es", join(values, ", ")));
  }

  /// Not every subnet has IPv6.
  void choose_ipv6() {
    if (rules_.moves) {
      for (const auto* values : {&was_.ipv6_addresses, &was_.ipv6_prefixes}) {
        if (!values->empty()) {
          differs(fmt::format("its IPv6 addresses {}: assign others where the other subnet has any",
                              join(*values, ", ")));
        }
      }
      return;
    }
    keep_or_count(was_.ipv6_addresses, "IPv6 address", made_.ipv6_addresses, made_.ipv6_count);
    keep_or_count(was_.ipv6_prefixes, "IPv6 prefix", made_.ipv6_prefixes, made_.ipv6_prefix_count);
    made_.primary_ipv6 = was_.primary_ipv6;
  }

  /// What another type need not have.
  void choose_card() {
    const bool is_ordinary = was_.type.empty() || was_.type == "interface";
    const bool is_fabric = was_.type.starts_with("efa");
    if (is_fabric && !rules_.another_type) {
      made_.type = was_.type;
    } else if (!is_ordinary) {
      differs(fmt::format("the type of its network interface ({}): it is an ordinary one",
                          printable(was_.type)));
    }
    if (!rules_.another_type) {
      made_.ena_express = was_.ena_express;
      made_.ena_express_udp = was_.ena_express_udp;
      made_.ena_queues = was_.ena_queues;
    } else if (was_.ena_express || was_.ena_queues) {
      differs("ENA Express and the number of ENA queues, which depend on the type");
    }
  }

  const ec2::Instance& server_;
  const ec2::NetworkInterface& was_;
  const InterfaceRules& rules_;
  std::vector<std::string>& differences_;
  ec2::LaunchInterface made_;
};

}  // namespace

ec2::LaunchInterface plan_interface(const ec2::Instance& was, const InterfaceRules& rules,
                                    std::vector<std::string>& differences) {
  ec2::LaunchInterface made;
  if (const auto* primary = was.primary_interface()) {
    PlanningInterface planning(was, *primary, rules, differences);
    made = planning.run();
  }
  for (const auto& interface : was.network_interfaces) {
    if (interface.device_index != 0) {
      differences.push_back(
          fmt::format("its network interface {} ({} in {}): attach a new one by "
                      "hand",
                      interface.id, interface.private_ip, interface.subnet));
    }
  }
  for (const auto& id : was.secondary_networks) {
    differences.push_back(
        fmt::format("its interface {} in a secondary network: attach a new one by hand", id));
  }
  return made;
}

}  // namespace pitstop
