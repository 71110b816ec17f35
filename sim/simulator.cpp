#include "sim/simulator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "sim/api/characters.hpp"
#include "sim/api/xml.hpp"
#include "sim/populate.hpp"
#include "sim/scheduler/api.hpp"

namespace pitstop::sim {
namespace {

constexpr std::string_view api_version = "2016-11-15";

/// The longest forms that make sense have some hundred ids, or filters, or 64 KB of UEFI data.
constexpr std::size_t longest_form = 1 << 20;
constexpr std::ptrdiff_t most_parameters = 20'000;

Answer<Form> read_form(const std::string& text) {
  if (text.size() > longest_form || std::ranges::count(text, '&') >= most_parameters) {
    return refuse("RequestEntityTooLarge", "The request is too large.", 413);
  }
  auto form = parse_form(text);
  for (const auto& [name, value] : form) {
    if (!count_characters(name) || !count_characters(value)) {
      return refuse("InvalidCharacter",
                    fmt::format("A specified character is invalid in {}", printable(name)));
    }
  }
  return form;
}

/// What a signature puts into the form when it does not stand in the headers.
void read_signature(FormReader& form) {
  if (!form.has("X-Amz-") && !form.has("Signature")) {
    return;
  }
  for (const auto* name :
       {"AWSAccessKeyId", "Expires", "SecurityToken", "Signature", "SignatureMethod",
        "SignatureVersion", "Timestamp", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date",
        "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-Signature", "X-Amz-SignedHeaders"}) {
    form.text(name);
  }
}

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
      scheduler_request_ids_(~scenario_.seed) {
  std::set<std::string> inhabited{scenario_.region};
  for (const auto& server : scenario_.servers) {
    inhabited.insert(server.region.empty() ? scenario_.region : server.region);
  }
  for (const auto& name : inhabited) {
    populate(known_region(name), scenario_);
  }
  schedule_.advance(begun_);
}

HttpResponse Simulator::answer(const ServiceRequest& request) {
  schedule_.advance(clock_.now());
  return answer_now(request);
}

void Simulator::answer_later(Instant when, ServiceRequest request) {
  schedule_.at(when, [this, request = std::move(request)] { answer_now(request); });
}

Region& Simulator::region(const std::string& name) {
  schedule_.advance(clock_.now());
  return known_region(name);
}

const EventScheduler& Simulator::scheduler(const std::string& name) {
  region(name);
  return schedulers_.at(name);
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
    throttles_.try_emplace(name, scenario_.throttling);
    schedulers_.try_emplace(name, found->second, scenario_.scheduler_role);
  }
  return found->second;
}

HttpResponse Simulator::answer_now(const ServiceRequest& request) {
  return request.service == Service::ec2 ? answer_for_ec2(request) : answer_for_scheduler(request);
}

HttpResponse Simulator::answer_for_scheduler(const ServiceRequest& request) {
  const auto request_id = new_request_id(scheduler_request_ids_);
  const auto name = region_of(request);
  if (!name) {
    return scheduler_refusal(name.error(), request_id);
  }
  known_region(*name);
  if (const auto call = call_name(request); !call.empty()) {
    ++calls_[call];
  }
  return answer_scheduler_call(request, schedulers_.at(*name), scenario_.denied_actions,
                               request_id);
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
                  !contains(scenario_.denied_actions, action)};
  TRY_STATUS(find_action(action)(call));
  return document.finish();
}

Answer<void> Simulator::take_tokens(std::string_view action, FormReader& form,
                                    const Region& region) {
  const bool listed = form.has("Filter.") || form.has("MaxResults") || form.has("NextToken");
  const auto instances = instances_of(action, form);
  if (!throttles_.at(region.name).admit(action, listed, instances, schedule_.now())) {
    return refuse("RequestLimitExceeded", "Request limit exceeded.", 503);
  }
  return {};
}

}  // namespace pitstop::sim
