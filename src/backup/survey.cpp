#include "backup/survey.hpp"

#include <fmt/format.h>

#include <ranges>

#include "base/chunks.hpp"

namespace pitstop {
namespace {

/// DescribeInstanceStatus and DescribeInstanceTypes take no more in one call.
constexpr std::size_t most_asked_at_once = 100;

class Surveyor {
 public:
  Surveyor(ec2::Caller& caller, std::vector<SelectedServer> servers)
      : caller_(caller), servers_(std::move(servers)) {}

  Task<Survey> run() {
    co_await ask_for_events();
    co_await ask_for_types();
    co_await ask_for_spot_requests();
    co_return std::move(survey_);
  }

 private:
  Task<void> ask_for_events() {
    std::vector<InstanceId> running;
    for (const auto& server : servers_) {
      if (server.instance.state == ec2::InstanceState::running) {
        running.push_back(server.instance.id);
      }
    }
    for (auto& part : chunks(running, most_asked_at_once)) {
      auto events = co_await ec2::describe_scheduled_events(caller_, std::move(part));
      if (!events) {
        leave_untold("whether AWS has planned an event for a server", events.error());
        co_return;
      }
      std::ranges::move(*events, std::back_inserter(survey_.events));
    }
  }

  Task<void> ask_for_types() {
    std::set<std::string> names;
    for (const auto& server : servers_) {
      names.insert(server.instance.type);
    }
    names.erase("");
    const std::vector<std::string> all(names.begin(), names.end());
    for (auto& part : chunks(all, most_asked_at_once)) {
      const auto types = co_await ec2::describe_instance_types(caller_, std::move(part));
      if (!types) {
        leave_untold("whether a server has an instance store", types.error());
        co_return;
      }
      for (const auto& type : *types) {
        survey_.types[type.name] = type;
      }
    }
  }

  Task<void> ask_for_spot_requests() {
    std::vector<std::string> requests;
    for (const auto& server : servers_) {
      if (!server.instance.spot_request.empty()) {
        requests.push_back(server.instance.spot_request);
      }
    }
    for (auto& part : chunks(requests, most_asked_at_once)) {
      auto one_time = co_await ec2::one_time_spot_requests(caller_, std::move(part));
      if (!one_time) {
        leave_untold("whether a Spot Instance can be stopped", one_time.error());
        co_return;
      }
      survey_.one_time_requests.insert(one_time->begin(), one_time->end());
    }
  }

  void leave_untold(std::string_view question, const Error& error) {
    auto finding =
        found(FindingCode::unproven,
              fmt::format("it cannot be told {}: {}", question, error.message), error.hint);
    finding.severity = Severity::warn;
    finding.ec2_code = error.code;
    survey_.untold.push_back(std::move(finding));
  }

  ec2::Caller& caller_;
  std::vector<SelectedServer> servers_;
  Survey survey_;
};

}  // namespace

Task<Survey> take_survey(ec2::Caller& caller, std::vector<SelectedServer> servers) {
  Surveyor surveyor(caller, std::move(servers));
  co_return co_await surveyor.run();
}

}  // namespace pitstop
