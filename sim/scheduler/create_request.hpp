#pragma once

#include <string>
#include <string_view>

#include "sim/scheduler/members.hpp"
#include "sim/scheduler/model.hpp"

namespace pitstop::sim {

struct Region;

/// Of schedules, and of their groups.
inline constexpr TextRule name_rule{
    .most = 64,
    .letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.",
    .pattern = "^[0-9a-zA-Z-_.]+$"};
inline constexpr TextRule token_rule{
    .most = 64,
    .letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_",
    .pattern = "^[a-zA-Z0-9-_]+$"};

/// The body of a CreateSchedule as what it asks for.
Answer<EventSchedule> read_create_request(const std::string& name, std::string_view body,
                                          const Region& region);

}  // namespace pitstop::sim
