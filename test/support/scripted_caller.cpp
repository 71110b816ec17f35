#include "support/scripted_caller.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/check.hpp"
#include "ec2/error_codes.hpp"
#include "ec2/reply.hpp"

namespace pitstop::test {

Result<ec2::Reply> reply_of(std::string_view action, std::string_view content) {
  HttpResponse response;
  response.status = 200;
  response.body = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<{0}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
      "<requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>{1}</{0}Response>",
      action, content);
  return ec2::read_reply(response, std::string(action));
}

std::string RecordedCall::parameter(std::string_view name) const {
  const auto* value = call.parameters.find(name);
  return value == nullptr ? "" : *value;
}

std::vector<std::string> RecordedCall::list(std::string_view name) const {
  std::vector<std::string> values;
  const auto* value = call.parameters.find(fmt::format("{}.1", name));
  while (value != nullptr) {
    values.push_back(*value);
    value = call.parameters.find(fmt::format("{}.{}", name, values.size() + 1));
  }
  return values;
}

struct ScriptedCaller::Entry {
  std::string action;
  std::optional<int> left = 1;  ///< nothing: always
  bool used = false;
  Duration delay{};
  Ec2Answer answer;
};

ScriptedCaller::Line ScriptedCaller::Line::times(int count) {
  entry_->left = count;
  return *this;
}

ScriptedCaller::Line ScriptedCaller::Line::always() {
  entry_->left.reset();
  return *this;
}

ScriptedCaller::Line ScriptedCaller::Line::after(Duration delay) {
  entry_->delay = delay;
  return *this;
}

void ScriptedCaller::Line::reply(std::string content) {
  answer([content = std::move(content)](const ec2::Call& call) {
    return reply_of(call.action, content);
  });
}

void ScriptedCaller::Line::fail(Error error) {
  answer([error = std::move(error)](const ec2::Call&) { return pitstop::fail(error); });
}

void ScriptedCaller::Line::fail(ErrorKind kind) {
  fail(Error{kind, fmt::format("{}: as the test wants it", entry_->action), {}, {}});
}

void ScriptedCaller::Line::fail_with_code(std::string code, int http_status) {
  fail(ec2::explain(entry_->action, http_status, code, "as the test wants it"));
}

void ScriptedCaller::Line::answer(Ec2Answer answer) {
  entry_->answer = std::move(answer);
}

ScriptedCaller::Line ScriptedCaller::on(std::string action) {
  const auto entry = std::make_shared<Entry>();
  entry->action = std::move(action);
  script_.push_back(entry);
  return Line(entry);
}

Task<Result<ec2::Reply>> ScriptedCaller::call(ec2::Call call) {
  calls_.push_back({clock_.now(), call});
  const auto found = std::ranges::find_if(script_, [&](const auto& entry) {
    return entry->action == call.action && entry->left.value_or(1) > 0;
  });
  if (found == script_.end()) {
    auto what = fmt::format("the script has no answer to {}?{}", call.action,
                            call.parameters.form_encoded());
    ADD_FAILURE() << what;
    co_return pitstop::fail(ErrorKind::internal, std::move(what));
  }
  const std::shared_ptr<Entry> entry = *found;
  CHECK(entry->answer);
  entry->used = true;
  if (entry->left) {
    --*entry->left;
  }
  auto answer = entry->answer(call);
  if (entry->delay > Duration::zero()) {
    co_await clock_.sleep(entry->delay);
  }
  co_return answer;
}

std::vector<RecordedCall> ScriptedCaller::calls_of(std::string_view action) const {
  std::vector<RecordedCall> found;
  std::ranges::copy_if(calls_, std::back_inserter(found),
                       [&](const RecordedCall& made) { return made.call.action == action; });
  return found;
}

std::vector<std::string> ScriptedCaller::actions() const {
  std::vector<std::string> names;
  for (const auto& made : calls_) {
    names.push_back(made.call.action);
  }
  return names;
}

std::vector<std::string> ScriptedCaller::unused() const {
  std::vector<std::string> lines;
  for (const auto& entry : script_) {
    if (entry->left.value_or(0) > 0) {
      lines.push_back(fmt::format("{}: {} left", entry->action, *entry->left));
    } else if (!entry->left && !entry->used) {
      lines.push_back(fmt::format("{}: never used", entry->action));
    }
  }
  return lines;
}

}  // namespace pitstop::test
