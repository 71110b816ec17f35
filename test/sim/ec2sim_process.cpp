#include "ec2sim_process.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "support/exchange.hpp"

namespace pitstop::test {
namespace {

Command command(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), PITSTOP_EC2SIM);
  return {.arguments = std::move(arguments)};
}

std::vector<std::string> on_a_free_port(std::vector<std::string> options) {
  options.insert(options.begin(), {"--listen", "127.0.0.1:0"});
  return options;
}

}  // namespace

Ec2sim::Ec2sim(std::vector<std::string> options)
    : process_(command(on_a_free_port(std::move(options)))) {
  constexpr std::string_view before = "ec2sim listens on ";
  if (!process_.await_text(" (seed ")) {
    throw std::runtime_error("ec2sim does not start: " + process_.errors());
  }
  const auto line = process_.output();
  const auto begin = line.find(before) + before.size();
  endpoint_ = line.substr(begin, line.find(' ', begin) - begin);
}

int Ec2sim::port() const {
  return *loopback_port(endpoint_);
}

HttpResponse Ec2sim::send(std::string method, std::string target, std::string body) const {
  HttpRequest request;
  request.method = std::move(method);
  request.url = endpoint_ + target;
  request.body = std::move(body);
  return send_on_loopback(request);
}

HttpResponse Ec2sim::call(const std::string& action) const {
  return send("POST", "/", fmt::format("Action={}&Version=2016-11-15", action));
}

nlohmann::json Ec2sim::page(const std::string& path) const {
  return nlohmann::json::parse(send("GET", path).body);
}

std::string example_scenario(std::string_view name) {
  return fmt::format("{}/sim/scenarios/{}", PITSTOP_SOURCE_DIR, name);
}

ProcessResult run_ec2sim(std::vector<std::string> arguments) {
  return run_process(command(std::move(arguments)));
}

}  // namespace pitstop::test
