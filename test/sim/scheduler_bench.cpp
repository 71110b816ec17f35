#include "scheduler_bench.hpp"

namespace pitstop::test {

using nlohmann::json;

std::ostream& operator<<(std::ostream& stream, const SchedulerReply& reply) {
  return stream << "HTTP " << reply.status << ' ' << reply.code << ' ' << reply.body;
}

SchedulerReply SchedulerBench::send(std::string method, std::string target, const json& body) {
  sim::ServiceRequest request;
  request.service = sim::Service::scheduler;
  request.method = std::move(method);
  request.target = std::move(target);
  request.body = body.is_null() ? "" : body.dump();
  const auto response = simulator.answer(request);
  return {response.status, response.header("x-amzn-ErrorType").value_or(""),
          json::parse(response.body)};
}

json SchedulerBench::guard(Duration begin, Duration end) {
  return {{"ScheduleExpression", "rate(1 minutes)"},
          {"StartDate", epoch_after(begin)},
          {"EndDate", epoch_after(end)},
          {"FlexibleTimeWindow", {{"Mode", "OFF"}}},
          {"ActionAfterCompletion", "DELETE"},
          {"Description", "run 1"},
          {"ClientToken", "token-1"},
          {"Target",
           {{"Arn", "arn:aws:scheduler:::aws-sdk:ec2:startInstances"},
            {"RoleArn", "arn:aws:iam::123456789012:role/guard"},
            {"Input", json{{"InstanceIds", {id()}}}.dump()}}}};
}

std::int64_t SchedulerBench::epoch_after(Duration length) const {
  return std::chrono::floor<Seconds>(time.wall() + std::chrono::floor<Milliseconds>(length))
      .time_since_epoch()
      .count();
}

}  // namespace pitstop::test
