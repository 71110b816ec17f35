#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "http/http.hpp"
#include "sim/api/action.hpp"
#include "sim/api/consistency.hpp"
#include "sim/api/throttle.hpp"
#include "sim/autoscaling/auto_scaling.hpp"
#include "sim/cloud/region.hpp"
#include "sim/elb/load_balancing.hpp"
#include "sim/request.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scheduler/event_scheduler.hpp"
#include "sim/ssm/agents.hpp"

namespace pitstop::sim {

/// An EC2 in memory, and the services around it: all regions of one account. Whoever carries
/// requests to it (an Http of the same process, a server on a socket) says at what time they
/// arrive.
class Simulator {
 public:
  /// The clock says what time it is; the simulator never sleeps.
  Simulator(const Clock& clock, Scenario scenario);
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  /// Lets everything happen that is due by now, and answers. Any bytes get an answer.
  HttpResponse answer(const ServiceRequest& request);

  /// Told when an answer begins and when it is there, for whoever measures what it takes.
  std::function<void(bool begins)> on_answer;

  /// The same, but the request arrives later, when nobody waits for the answer any more.
  void answer_later(Instant when, ServiceRequest request);

  /// Up to date as of now.
  Region& region(const std::string& name);
  Region& region() { return region(scenario_.region); }
  const std::map<std::string, Region>& regions() const { return regions_; }
  /// EventBridge Scheduler in a region, up to date as of now.
  const EventScheduler& scheduler(const std::string& name);
  const EventScheduler& scheduler() { return scheduler(scenario_.region); }
  /// The schedules that are there now, in the scenario's region, by name.
  const std::map<std::string, EventSchedule>& schedules() { return scheduler().schedules(); }

  /// The same of the other services.
  AutoScaling& auto_scaling(const std::string& name);
  AutoScaling& auto_scaling() { return auto_scaling(scenario_.region); }
  LoadBalancing& load_balancing(const std::string& name);
  LoadBalancing& load_balancing() { return load_balancing(scenario_.region); }

  /// From now on this account can copy what that one shares with it. Both have the same clock, and
  /// live as long.
  void add_neighbour(Simulator& other) { neighbours_.push_back(&other); }

  const Scenario& scenario() const { return scenario_; }
  /// From now on the credentials may do all but these actions, named as in a scenario.
  void deny(std::vector<std::string> actions) { scenario_.denied_actions = std::move(actions); }
  Schedule& schedule() { return schedule_; }
  /// How long the simulation has run.
  Duration age() const { return schedule_.now() - begun_; }
  /// How many calls of an action were answered, dry runs apart; with "DryRun " before it, those.
  int calls(const std::string& action) const;
  /// The same of all that were called, by action.
  const auto& all_calls() const { return calls_; }

 private:
  HttpResponse answer_now(const ServiceRequest& request);
  HttpResponse answer_for_ec2(const ServiceRequest& request);
  HttpResponse answer_for_others(const ServiceRequest& request);
  HttpResponse answer_in(const std::string& region, const ReceivedCall& received);
  /// The body of the answer, or why there is none.
  Answer<std::string> carry_out(const ServiceRequest& request, const std::string& request_id);
  Answer<void> take_tokens(std::string_view action, FormReader& form, const Region& region);
  /// Makes a region when it is first asked for.
  Region& known_region(const std::string& name);
  std::vector<Region*> foreign_regions(const std::string& name) const;
  Answer<std::string> region_of(const ServiceRequest& request) const;

  /// What lives beside the cloud of a region.
  struct Services {
    Services(Region& region, const Scenario& scenario)
        : throttle(scenario.throttling),
          scheduler(region, scenario.scheduler_role),
          load_balancing(region),
          auto_scaling(region, load_balancing),
          agents(region) {}

    Throttle throttle;
    EventScheduler scheduler;
    LoadBalancing load_balancing;
    AutoScaling auto_scaling;
    Agents agents;
  };
  Services& services_of(const std::string& region);

  const Clock& clock_;
  Scenario scenario_;
  Instant begun_;
  Schedule schedule_;
  std::map<std::string, Region> regions_;
  std::map<std::string, Services> services_;  ///< by region
  ConsistencyModel consistency_;
  SeededRandom request_ids_;
  SeededRandom other_request_ids_;  ///< of the other services
  std::map<std::string, int, std::less<>> calls_;
  std::vector<Simulator*> neighbours_;
};

}  // namespace pitstop::sim
