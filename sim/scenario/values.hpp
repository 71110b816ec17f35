#pragma once

#include <functional>

#include "base/toml_value.hpp"
#include "sim/cloud/model.hpp"

/// What single values of a scenario's file may be. Each of these makes a reader.
namespace pitstop::sim::scenario_file {

template <class T>
using ReadValue = std::function<Result<T>(const TomlValue&)>;

ReadValue<bool> yes_or_no();

/// `of_what` goes into the message: "expected a whole number of GiB, 1 to 65536".
ReadValue<std::int64_t> whole(std::string_view of_what, std::int64_t least, std::int64_t most);
ReadValue<double> number(std::string_view of_what, double least, double most);
/// A part of all: from 0 to 1.
ReadValue<double> part();

/// "90s", "1h30m".
ReadValue<Duration> duration();
/// "20s", or { least = "5s", usual = "20s", most = "2m" }.
ReadValue<Spread> spread();

/// `what` goes into the message: "expected a device, such as "/dev/xvda"".
ReadValue<std::string> text(std::string_view what, bool (*fits)(std::string_view));
ReadValue<std::string> one_of(std::vector<std::string> choices);
ReadValue<std::vector<std::string>> texts(ReadValue<std::string> each);
ReadValue<Tags> tags();
ReadValue<InstanceId> instance_id();

// What a text may be, and how messages call it.
inline constexpr auto an_action = R"(an action that ec2sim knows, such as "StartInstances")";
inline constexpr auto a_permission =
    R"(an action that ec2sim knows, such as "StartInstances" or "scheduler:CreateSchedule")";
inline constexpr auto a_name = R"(a name, such as "web-1")";
inline constexpr auto a_region = R"(a region, such as "eu-central-1")";
inline constexpr auto a_zone = R"(a zone, such as "eu-central-1a")";
inline constexpr auto an_instance_type = R"(an instance type, such as "t3.large")";
bool is_something(std::string_view text);
bool is_action(std::string_view text);
bool is_permission(std::string_view text);
bool is_device(std::string_view text);
bool is_instance_type(std::string_view text);
bool is_region(std::string_view text);
bool is_zone(std::string_view text);
bool is_account(std::string_view text);

}  // namespace pitstop::sim::scenario_file
