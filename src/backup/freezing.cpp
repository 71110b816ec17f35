#include "backup/freezing.hpp"

#include <fmt/format.h>

#include "aws/remote_commands.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr Duration patience_for_commands = Seconds(20);

/// The agent has them in seconds; what was not delivered by then never runs.
constexpr Duration longest_command = Seconds(60);
constexpr Duration between_looks_at_command = Milliseconds(500);

std::string told_by(const RemoteInvocation& invocation) {
  const auto& text = invocation.errors.empty() ? invocation.output : invocation.errors;
  const auto line = text.substr(0, text.find('\n'));
  return line.empty() ? fmt::format("{}, exit status {}", invocation.status, invocation.exit_code)
                      : line;
}

std::string in_one_line(std::string_view lines) {
  std::vector<std::string> parts;
  for (const auto line : split(trimmed(lines), '\n')) {
    parts.emplace_back(line);
  }
  return join(parts, ", ");
}

/// Runs the document to its end.
Task<Result<RemoteInvocation>> run_document(Tools tools, const BackupPlan& plan,
                                            std::string action) {
  auto& commands = *tools.others.commands;
  const auto& instance = plan.instance.id;
  const Instant end = tools.clock.now() + longest_command;
  RemoteCommand command{.document = freeze_document,
                        .instance = instance,
                        .parameters = {{"Action", action}, {"Backup", plan.backup.str()}},
                        .comment = fmt::format("pitstop {}: {}", plan.backup.str(), action)};
  CO_TRY(const auto id, co_await commands.send(std::move(command), patience_for_commands));
  while (true) {
    co_await tools.clock.sleep(between_looks_at_command);
    auto seen = co_await commands.look(id, instance, patience_for_commands);
    if (seen && seen->has_ended()) {
      co_return seen;
    }
    if (!seen && seen.error().kind != ErrorKind::not_found) {
      co_return seen;
    }
    if (tools.clock.now() >= end) {
      co_return fail(ErrorKind::unknown_fate,
                     fmt::format("the SSM agent has not answered in {}", human(longest_command)),
                     "is it running on the server?");
    }
  }
}

}  // namespace

Task<Status> freeze(Tools tools, const BackupPlan& plan) {
  const auto ran = co_await run_document(tools, plan, "freeze");
  if (!ran) {
    co_return fail(within("its file systems cannot be frozen", ran.error()));
  }
  if (!ran->has_succeeded()) {
    co_return fail(ErrorKind::refused,
                   fmt::format("its file systems cannot be frozen: {}", printable(told_by(*ran))),
                   "nothing is frozen, or not for longer than 30 s");
  }
  tools.report(plan.instance.id, Step::frozen, printable(in_one_line(ran->output)));
  co_return Status();
}

Task<Status> thaw(Tools tools, const BackupPlan& plan) {
  const auto ran = co_await run_document(tools, plan, "thaw");
  if (!ran) {
    co_return fail(ran.error());
  }
  if (!ran->has_succeeded()) {
    co_return fail(ErrorKind::refused, printable(told_by(*ran)));
  }
  tools.report(plan.instance.id, Step::thawed);
  co_return Status();
}

}  // namespace pitstop
