#include "sim/cloud/billing.hpp"

namespace pitstop::sim {

const std::vector<Billing>& billings() {
  static const std::vector<Billing> all{{"Linux/UNIX", "RunInstances"},
                                        {"Windows", "RunInstances:0002"},
                                        {"Red Hat Enterprise Linux", "RunInstances:0010"},
                                        {"SUSE Linux", "RunInstances:000g"},
                                        {"Ubuntu Pro", "RunInstances:0g00"}};
  return all;
}

}  // namespace pitstop::sim
