#include "sim/scenario/service_sections.hpp"

namespace pitstop::sim::scenario_file {
namespace {

constexpr int most_members = 10000;
constexpr auto a_member = R"(a server's name, such as "web-1")";

template <class Plan>
Plan in_the_region(const Scenario& scenario) {
  Plan plan;
  plan.region = scenario.region;
  return plan;
}

Status check_names(const TomlValue::List& tables) {
  return refuse_doubles(tables, "name");
}

bool is_key_id(std::string_view text) {
  constexpr std::size_t length = 36;  // of "1234abcd-12ab-34cd-56ef-1234567890ab"
  return text.size() == length &&
         text.find_first_not_of("0123456789abcdef-") == std::string_view::npos;
}

Section<KeyPlan> key_section() {
  constexpr auto an_id = R"(a key's id, such as "1234abcd-12ab-34cd-56ef-1234567890ab")";
  return {.keys = {
              {"name", into(&KeyPlan::name, text(a_name, is_something)), Presence::required},
              {"id", into(&KeyPlan::id, text(an_id, is_key_id))},
              {"region", into(&KeyPlan::region, text(a_region, is_region))},
              {"state",
               into(&KeyPlan::state,
                    one_of({"Creating", "Enabled", "Disabled", "PendingDeletion", "PendingImport",
                            "PendingReplicaDeletion", "Unavailable", "Updating"}))},
          }};
}

/// ELB says it in whole seconds.
Status check_target_group(const TomlValue& table, const TargetGroupPlan& group) {
  const auto delay = group.deregistration_delay;
  if (delay > Seconds(3600) || delay != std::chrono::floor<Seconds>(delay)) {
    return fail(table.at_best("deregistration_delay").wrong("must be whole seconds, at most 1h"));
  }
  return {};
}

Section<TargetGroupPlan> target_group_section() {
  return {
      .keys =
          {
              {"name", into(&TargetGroupPlan::name, text(a_name, is_something)),
               Presence::required},
              {"region", into(&TargetGroupPlan::region, text(a_region, is_region))},
              {"target_type", into(&TargetGroupPlan::target_type, one_of({"instance", "ip"}))},
              {"protocol", into(&TargetGroupPlan::protocol,
                                one_of({"HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"}))},
              {"port", into(&TargetGroupPlan::port, whole("", 1, 65535))},
              {"in_use", into(&TargetGroupPlan::in_use, yes_or_no())},
              {"deregistration_delay", into(&TargetGroupPlan::deregistration_delay, duration())},
              {"healthy_after", into(&TargetGroupPlan::healthy_after, spread())},
              {"members", into(&TargetGroupPlan::members, texts(text(a_member, is_something)))},
          },
      .check = check_target_group};
}

Section<ScalingPace> scaling_pace_section() {
  return {.keys = {
              {"health_check", into(&ScalingPace::health_check, spread())},
              {"standby", into(&ScalingPace::standby, spread())},
              {"in_service", into(&ScalingPace::in_service, spread())},
          }};
}

Section<ScalingGroupPlan> scaling_group_section() {
  return {
      .keys = {
          {"name", into(&ScalingGroupPlan::name, text(a_name, is_something)), Presence::required},
          {"region", into(&ScalingGroupPlan::region, text(a_region, is_region))},
          {"min", into(&ScalingGroupPlan::min, whole("", 0, most_members))},
          {"max", into(&ScalingGroupPlan::max, whole("", 0, most_members))},
          {"members", into(&ScalingGroupPlan::members, texts(text(a_member, is_something))),
           Presence::required},
          {"standby", into(&ScalingGroupPlan::standby, texts(text(a_member, is_something)))},
          {"target_groups", into(&ScalingGroupPlan::target_groups,
                                 texts(text(R"(a target group's name)", is_something)))},
          {"pace", within(&ScalingGroupPlan::pace, group(scaling_pace_section()))},
      }};
}

}  // namespace

Read<Scenario> keys() {
  return list<Scenario, KeyPlan>(&Scenario::keys, key_section(), in_the_region<KeyPlan>,
                                 check_names);
}

Read<Scenario> target_groups() {
  return list<Scenario, TargetGroupPlan>(&Scenario::target_groups, target_group_section(),
                                         in_the_region<TargetGroupPlan>, check_names);
}

Read<Scenario> scaling_groups() {
  return list<Scenario, ScalingGroupPlan>(&Scenario::scaling_groups, scaling_group_section(),
                                          in_the_region<ScalingGroupPlan>, check_names);
}

}  // namespace pitstop::sim::scenario_file
