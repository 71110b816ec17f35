#include "aws/credential_process.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "aws/credential_document.hpp"
#include "aws/redacted.hpp"
#include "aws/shell_words.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

using nlohmann::json;

constexpr std::string_view form_hint =
    "it should write {\"Version\": 1, \"AccessKeyId\": …, \"SecretAccessKey\": …} and nothing else";

/// All that a document of JSON says, whatever it means: none of it is for a message.
void gather_texts(const json& document, std::vector<Secret>& texts) {
  constexpr std::size_t shortest_secret = 8;
  if (document.is_string() && document.get_ref<const std::string&>().size() >= shortest_secret) {
    texts.emplace_back(document.get<std::string>());
  }
  if (document.is_structured()) {
    for (const auto& part : document) {
      gather_texts(part, texts);
    }
  }
}

std::vector<Secret> secrets_of(const Program& program, const ProgramEnd& end) {
  std::vector<Secret> secrets;
  gather_texts(json::parse(end.output, nullptr, false), secrets);
  for (const auto& argument : std::span(program.command).subspan(1)) {
    secrets.emplace_back(argument);
  }
  return secrets;
}

Error failed(const Program& program, const ProgramEnd& end) {
  const auto said = first_line(trimmed(end.errors));
  auto message =
      fmt::format("{} ended with status {}", in_quotes(program.command.front()), end.exit_status);
  if (!said.empty()) {
    message += ": " + printable(redacted(said, secrets_of(program, end)));
  }
  return {ErrorKind::refused, std::move(message), "run it by hand, as this user", {}};
}

Result<Credentials> read(const ProgramEnd& end) {
  const auto document = json::parse(end.output, nullptr, false);
  if (!document.is_object()) {
    return fail(ErrorKind::refused, "its output is not an object of JSON", std::string(form_hint));
  }
  if (document.value("Version", json()) != 1) {
    return fail(ErrorKind::refused, "Version of its output is not 1", std::string(form_hint));
  }
  auto credentials = read_credentials(end.output, {.token = "SessionToken", .is_temporary = false});
  if (!credentials) {
    credentials.error().kind = ErrorKind::refused;
    credentials.error().hint = form_hint;
  }
  return credentials;
}

class ProcessSource final : public CredentialSource {
 public:
  ProcessSource(const Profile& profile, RunProgram run)
      : name_(fmt::format("credential_process of profile {}", in_quotes(profile.name))),
        text_(profile.settings.text("credential_process")),
        run_(std::move(run)) {}

  std::string_view name() const override { return name_; }

  Task<Result<std::optional<Credentials>>> load() override {
    if (!text_) {
      co_return std::nullopt;
    }
    auto answer = co_await run();
    if (!answer) {
      co_return fail(within(name_, std::move(answer).error()));
    }
    co_return *std::move(answer);
  }

 private:
  Task<Result<Credentials>> run() {
    auto words = shell_words(*text_);
    if (!words || words->empty() || words->front().empty()) {
      co_return fail(ErrorKind::usage, "it is no command",
                     "see that every quotation mark has its other one");
    }
    Program program{.command = *std::move(words)};
    auto end = co_await run_(program);
    if (!end) {
      co_return fail(std::move(end).error());
    }
    if (end->exit_status != 0) {
      co_return fail(failed(program, *end));
    }
    co_return read(*end);
  }

  std::string name_;
  std::optional<std::string> text_;
  RunProgram run_;
};

}  // namespace

std::unique_ptr<CredentialSource> credential_process(const Profile& profile, RunProgram run) {
  return std::make_unique<ProcessSource>(profile, std::move(run));
}

}  // namespace pitstop
