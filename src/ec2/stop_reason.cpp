#include "ec2/stop_reason.hpp"

#include <array>
#include <string>

#include "base/contains.hpp"

namespace pitstop::ec2 {
namespace {

constexpr std::string_view stopped_by_call = "Client.UserInitiatedShutdown";

/// The codes with which a start falls back (API reference, "StateReason").
constexpr std::array codes_of_failed_starts{std::string_view("Client.InternalError"),
                                            std::string_view("Client.InvalidSnapshot.NotFound"),
                                            std::string_view("Client.VolumeLimitExceeded"),
                                            std::string_view("Server.InsufficientInstanceCapacity"),
                                            std::string_view("Server.InternalError")};

/// The time in "User initiated (2026-11-23 00:16:00 GMT)".
std::optional<WallTime> time_in(std::string_view transition_reason) {
  const auto open = transition_reason.rfind('(');
  if (open == std::string_view::npos) {
    return std::nullopt;
  }
  std::string text(transition_reason.substr(open + 1));
  constexpr std::string_view end = " GMT)";
  constexpr std::size_t between_date_and_time = 10;
  if (!text.ends_with(end) || text.size() < between_date_and_time + end.size() ||
      text[between_date_and_time] != ' ') {
    return std::nullopt;
  }
  text.resize(text.size() - end.size());
  text[between_date_and_time] = 'T';
  return parse_rfc3339(text + 'Z');
}

}  // namespace

bool is_at_rest(const Instance& instance) {
  return instance.state == InstanceState::stopping || instance.state == InstanceState::stopped;
}

std::optional<WallTime> stopped_by_call_at(const Instance& instance) {
  if (!is_at_rest(instance) || instance.state_reason_code != stopped_by_call) {
    return std::nullopt;
  }
  return time_in(instance.transition_reason);
}

std::optional<WallTime> failed_start_at(const Instance& instance) {
  const bool fell_back = instance.state == InstanceState::stopped &&
                         contains(codes_of_failed_starts, instance.state_reason_code);
  return fell_back ? instance.launched : std::nullopt;
}

}  // namespace pitstop::ec2
