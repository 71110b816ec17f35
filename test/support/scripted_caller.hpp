#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "ec2/caller.hpp"

namespace pitstop::test {

/// EC2's answer <ACTIONResponse>CONTENT</ACTIONResponse>, read as a real one is.
Result<ec2::Reply> reply_of(std::string_view action, std::string_view content);

using Ec2Answer = std::function<Result<ec2::Reply>(const ec2::Call&)>;

struct RecordedCall {
  Instant time;
  ec2::Call call;

  /// Empty if there is none.
  std::string parameter(std::string_view name) const;

  /// The values of NAME.1, NAME.2, ….
  std::vector<std::string> list(std::string_view name) const;
};

/// EC2 by a script:
///
///     caller.on("StopInstances").reply("<instancesSet>…</instancesSet>");
///     caller.on("DescribeInstances").times(3).after(Seconds(2)).fail(ErrorKind::throttled);
///     caller.on("DescribeInstances").always().answer([](const ec2::Call& call) { … });
///
/// The entries of an action are used in the order in which they were made. A call that the script
/// does not know fails the test. EC2 has "done" a call the moment that it is made; `after` holds
/// back the answer.
class ScriptedCaller final : public ec2::Caller {
  struct Entry;

 public:
  explicit ScriptedCaller(Clock& clock) : clock_(clock) {}

  /// An entry of the script, for one call unless it says otherwise.
  class Line {
   public:
    [[nodiscard]] Line times(int count);
    [[nodiscard]] Line always();
    [[nodiscard]] Line after(Duration delay);

    /// What stands between <ACTIONResponse> and its end.
    void reply(std::string content = "<return>true</return>");
    void fail(Error error);
    void fail(ErrorKind kind);
    /// As EC2 says it: "InsufficientInstanceCapacity".
    void fail_with_code(std::string code, int http_status);
    void answer(Ec2Answer answer);

   private:
    friend class ScriptedCaller;
    explicit Line(std::shared_ptr<Entry> entry) : entry_(std::move(entry)) {}

    std::shared_ptr<Entry> entry_;
  };

  Line on(std::string action);

  Task<Result<ec2::Reply>> call(ec2::Call call) override;

  /// All calls, in the order in which they came.
  const std::vector<RecordedCall>& calls() const { return calls_; }
  std::vector<RecordedCall> calls_of(std::string_view action) const;
  /// "StopInstances", "DescribeInstances", ….
  std::vector<std::string> actions() const;

  /// What the last call sends.
  std::string last_form() const { return calls_.back().call.parameters.form_encoded(); }

  /// The entries that were not used as often as the script says, or at all: "StopInstances: 1
  /// left".
  std::vector<std::string> unused() const;

 private:
  Clock& clock_;
  std::list<std::shared_ptr<Entry>> script_;
  std::vector<RecordedCall> calls_;
};

}  // namespace pitstop::test
