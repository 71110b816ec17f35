#include "report/fleet_totals.hpp"

namespace pitstop {

void FleetTotals::add(const BoardServer& server) {
  ++servers_;
  ++stages_[static_cast<std::size_t>(server.stage())];
  down_ += server.is_down() ? 1 : 0;
  through_ += server.is_through() ? 1 : 0;
}

void FleetTotals::remove(const BoardServer& server) {
  --servers_;
  --stages_[static_cast<std::size_t>(server.stage())];
  down_ -= server.is_down() ? 1 : 0;
  through_ -= server.is_through() ? 1 : 0;
}

void FleetTotals::got_through(const BoardServer& server, Instant now) {
  if (server.stage() == BoardStage::refused) {
    return;  // nothing was done to it: others take longer
  }
  throughput_.count(now);
  const auto outage = server.was_down();
  if (outage && (!worst_ || *outage > worst_->length)) {
    worst_ = PastOutage{*outage, server.title};
  }
}

}  // namespace pitstop
