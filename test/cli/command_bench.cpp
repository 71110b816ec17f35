#include "command_bench.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "cli/command_line.hpp"
#include "report/columns.hpp"
#include "support/closed_doors.hpp"
#include "support/golden.hpp"
#include "support/recorded_request.hpp"

namespace pitstop::test {
namespace {

HttpResponse xml_response(int status, std::string body) {
  return {status, {{"Content-Type", "text/xml;charset=UTF-8"}}, std::move(body)};
}

/// EC2's form of an error; a dry run that would work is one, too.
HttpResponse error_response(const Error& error) {
  const bool would_work = error.kind == ErrorKind::would_work;
  const auto code = would_work           ? "DryRunOperation"
                    : error.code.empty() ? "InvalidParameterValue"
                                         : error.code;
  return xml_response(would_work ? 412 : 400,
                      fmt::format("<Response><Errors><Error><Code>{}</Code><Message>{}</Message>"
                                  "</Error></Errors></Response>",
                                  code, error.message));
}

/// The MiniCloud as the network shows it.
class CloudHttp final : public Http {
 public:
  explicit CloudHttp(MiniCloud& cloud) : cloud_(cloud) {}

  Task<Result<HttpResponse>> send(HttpRequest request) override {
    const auto received = recorded(std::move(request));
    ec2::Call call{.action = received.action()};
    for (const auto& [name, value] : received.parameters) {
      if (name != "Action" && name != "Version") {
        call.parameters.add(name, value);
      }
    }
    const auto reply = co_await cloud_.call(std::move(call));
    if (!reply && reply.error().kind == ErrorKind::unknown_fate) {
      co_return fail(reply.error());
    }
    if (!reply) {
      co_return error_response(reply.error());
    }
    std::ostringstream xml;
    reply->root().print(xml, "", pugi::format_raw);
    co_return xml_response(200, xml.str());
  }

 private:
  MiniCloud& cloud_;
};

Task<void> run_into(CommandResult& result, std::vector<std::string> arguments,
                    Surroundings& surroundings) {
  const auto status = co_await run_command_line(std::move(arguments), surroundings);
  result.status = number(status);
}

}  // namespace

std::string CommandBench::expect_help(std::vector<std::string> arguments,
                                      const std::string& golden) {
  const auto help = run(std::move(arguments));
  EXPECT_EQ(help.status, 0);
  EXPECT_EQ(help.diagnostics, "");
  const auto lines = split(help.output, '\n');
  EXPECT_LE(lines.size(), 100U);
  for (const auto line : lines) {
    EXPECT_LE(columns_of(line), 100U) << line;
  }
  expect_golden(golden, help.output);
  return help.output;
}

Surroundings CommandBench::surroundings(const Environment& environment, std::ostream& output,
                                        std::ostream& diagnostics) {
  return {
      .environment = environment,
      .is_root = false,
      .clock = time,
      .random = random,
      .open_network = [this](CurlSettings) { return std::make_unique<CloudHttp>(cloud); },
      .launch = [this](const std::vector<std::string>& command, std::string_view input) -> Status {
        launched.push_back({command, std::string(input)});
        return {};
      },
      .run_program = closed_doors().run_program,
      .interruption = interruption,
      .down = down,
      .output = output,
      .diagnostics = diagnostics,
      .terminal_size = terminal_size};
}

CommandResult CommandBench::run(std::vector<std::string> arguments) {
  std::ostringstream output;
  std::ostringstream diagnostics;
  const Environment environment(variables);
  auto from_outside = surroundings(environment, output, diagnostics);
  CommandResult result;
  time.run(run_into(result, std::move(arguments), from_outside));
  time.drain();
  result.output = output.str();
  result.diagnostics = diagnostics.str();
  return result;
}

}  // namespace pitstop::test
