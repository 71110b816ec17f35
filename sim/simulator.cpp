#include "sim/simulator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "sim/api/received_form.hpp"
#include "sim/api/xml.hpp"
#include "sim/autoscaling/api.hpp"
#include "sim/elb/api.hpp"
#include "sim/kms/api.hpp"
#include "sim/populate.hpp"
#include "sim/populate_services.hpp"
#include "sim/refusal.hpp"
#include "sim/scheduler/api.hpp"
#include "sim/ssm/api.hpp"

namespace pitstop::sim {
namespace {

constexpr std::string_view api_version = "2016-11-15";

Answer<std::string> read_action(FormReader& form) {
  auto action = form.text("Action");
  if (action.empty()) {
    return refuse("MissingAction",
                  "The request is missing an action or a required parameter: Action");
  }
  if (find_action(action) == nullptr) {
    return refuse("InvalidAction", fmt::format("The action {} is not valid for this web service.",
                                               printable(action)));
  }
  return action;
}

/// "us-east-1", "us-gov-west-1".
bool is_region_name(std::string_view name) {
  const auto parts = split(name, '-');
  const bool short_enough = name.size() <= 24 && parts.size() >= 3 && parts.size() <= 4;
  const auto is_word = [](std::string_view part) {
    return !part.empty() &&
           part.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos;
  };
  return short_enough && std::all_of(parts.begin(), std::prev(parts.end()), is_word) &&
         parts.back().size() == 1 && parts.back() >= "1" && parts.back() <= "9";
}

/// Those in which there is something in the beginning.
std::set<std::string> inhabited_regions(const Scenario& scenario) {
  std::set<std::string> names{scenario.region};
  const auto add = [&](const auto& plans) {
    for (const auto& plan : plans) {
      names.insert(plan.region.empty() ? scenario.region : plan.region);
    }
  };
  add(scenario.servers);
  add(scenario.keys);
  add(scenario.target_groups);
  add(scenario.scaling_groups);
  return names;
}

std::string new_request_id(Random& chance) {
  return fmt::format("{}-{}-4{}-8{}-{}", chance.hex(8), chance.hex(4), chance.hex(3), chance.hex(3),
                     chance.hex(12));
}

/// How many instances a call starts, stops, launches or terminates at most.
std::size_t instances_of(std::string_view action, FormReader& form) {
  if (action == "RunInstances") {
    const auto most = form.number("MaxCount").value_or(1).value_or(1);
    return static_cast<std::size_t>(std::max(most, 1));
  }
  return std::max<std::size_t>(form.count("InstanceId"), 1);
}

}  // namespace

Simulator::Simulator(const Clock& clock, Scenario scenario)
    : clock_(clock),
      scenario_(std::move(scenario)),
      begun_(clock.now()),
      schedule_(begun_ - head_start, clock.wall() - std::chrono::floor<Milliseconds>(head_start)),
      consistency_(scenario_.consistency, scenario_.seed),
      request_ids_(scenario_.seed),
      other_request_ids_(~scenario_.seed) {
  for (const auto& name : inhabited_regions(scenario_)) {
    populate(known_region(name), scenario_, begun_);
    auto& services = services_.at(name);
    populate_services(regions_.at(name), services.load_balancing, services.auto_scaling, scenario_);
  }
  schedule_.advance(begun_);
}

HttpResponse Simulator::answer(const ServiceRequest& request) {
  if (on_answer) {
    on_answer(true);
  }
  schedule_.advance(clock_.now());
  auto response = answer_now(request);
  if (on_answer) {
    on_answer(false);
  }
  return response;
}

void Simulator::answer_later(Instant when, ServiceRequest request) {
  schedule_.at(when, [this, request = std::move(request)] { answer_now(request); });
}

Region& Simulator::region(const std::string& name) {
  schedule_.advance(clock_.now());
  return known_region(name);
}

const EventScheduler& Simulator::scheduler(const std::string& name) {
  return services_of(name).scheduler;
}

AutoScaling& Simulator::auto_scaling(const std::string& name) {
  return services_of(name).auto_scaling;
}

LoadBalancing& Simulator::load_balancing(const std::string& name) {
  return services_of(name).load_balancing;
}

Simulator::Services& Simulator::services_of(const std::string& name) {
  region(name);
  return services_.at(name);
}

int Simulator::calls(const std::string& action) const {
  const auto found = calls_.find(action);
  return found == calls_.end() ? 0 : found->second;
}

Region& Simulator::known_region(const std::string& name) {
  const auto [found, is_new] =
      regions_.try_emplace(name, name, scenario_.account, schedule_, scenario_.seed);
  if (is_new) {
    set_up(found->second, scenario_, begun_);
    services_.try_emplace(name, found->second, scenario_);
  }
  return found->second;
}

std::vector<Region*> Simulator::foreign_regions(const std::string& name) const {
  std::vector<Region*> regions;
  for (auto* const neighbour : neighbours_) {
    regions.push_back(&neighbour->region(name));
  }
  return regions;
}

HttpResponse Simulator::answer_now(const ServiceRequest& request) {
  return request.service == Service::ec2 ? answer_for_ec2(request) : answer_for_others(request);
}

HttpResponse Simulator::answer_for_others(const ServiceRequest& request) {
  const auto request_id = new_request_id(other_request_ids_);
  const auto name = region_of(request);
  if (!name) {
    return refusal_of(request.service, name.error(), request_id);
  }
  known_region(*name);
  if (const auto call = call_name(request); contains(actions_of(request.service), call)) {
    ++calls_[call];
  }
  return answer_in(*name, {request, scenario_.denied_actions, request_id});
}

HttpResponse Simulator::answer_in(const std::string& region, const ReceivedCall& received) {
  auto& services = services_.at(region);
  switch (received.request.service) {
    case Service::ec2:
      return answer_for_ec2(received.request);
    case Service::scheduler:
      return answer_scheduler_call(received, services.scheduler);
    case Service::auto_scaling:
      return answer_auto_scaling_call(received, services.auto_scaling);
    case Service::load_balancing:
      return answer_load_balancing_call(received, services.load_balancing);
    case Service::kms:
      return answer_kms_call(received, regions_.at(region));
    case Service::ssm:
      return answer_ssm_call(received, services.agents, regions_.at(region));
  }
  return {};
}

HttpResponse Simulator::answer_for_ec2(const ServiceRequest& request) {
  const auto request_id = new_request_id(request_ids_);
  auto reply = carry_out(request, request_id);
  const int status = reply ? 200 : reply.error().status;
  return {status,
          {{"x-amzn-RequestId", request_id}, {"Content-Type", "text/xml;charset=UTF-8"}},
          reply ? *std::move(reply) : xml::refusal(reply.error(), request_id)};
}

Answer<std::string> Simulator::region_of(const ServiceRequest& request) const {
  const auto& name = request.region.empty() ? scenario_.region : request.region;
  if (!regions_.contains(name) && !is_region_name(name)) {
    return refuse(
        "SignatureDoesNotMatch",
        fmt::format("Credential should be scoped to a valid region, not '{}'.", printable(name)),
        403);
  }
  return name;
}

Answer<std::string> Simulator::carry_out(const ServiceRequest& request,
                                         const std::string& request_id) {
  TRY(auto parameters, read_form(request.body));
  FormReader form(std::move(parameters));
  TRY(const auto action, read_action(form));
  const auto version = form.text("Version");
  if (version != api_version) {
    return refuse("NoSuchVersion",
                  fmt::format("The requested version ({}) of service AmazonEC2 does not exist",
                              printable(version)));
  }
  TRY(const auto name, region_of(request));
  auto& region = known_region(name);
  read_signature(form);
  const bool dry_run = lower_case(form.text("DryRun")) == "true";
  ++calls_[dry_run ? "DryRun " + action : action];
  TRY_STATUS(take_tokens(action, form, region));
  xml::Document document;
  ActionCall call{action,
                  region,
                  consistency_.look(schedule_.now()),
                  form,
                  xml::begin_reply(document, action, request_id),
                  [this](const std::string& other) {
                    return is_region_name(other) ? &known_region(other) : nullptr;
                  },
                  [this](const std::string& other) { return foreign_regions(other); },
                  !contains(scenario_.denied_actions, action)};
  TRY_STATUS(find_action(action)(call));
  return document.finish();
}

Answer<void> Simulator::take_tokens(std::string_view action, FormReader& form,
                                    const Region& region) {
  const bool listed = form.has("Filter.") || form.has("MaxResults") || form.has("NextToken");
  const auto instances = instances_of(action, form);
  if (!services_.at(region.name).throttle.admit(action, listed, instances, schedule_.now())) {
    return refuse("RequestLimitExceeded", "Request limit exceeded.", 503);
  }
  return {};
}

}  // namespace pitstop::sim
