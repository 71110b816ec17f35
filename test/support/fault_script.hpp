#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/time.hpp"
#include "support/recorded_request.hpp"

namespace pitstop::test {

class FaultScript;
struct FaultPlan;
struct FaultRule;

using Answer = std::function<HttpResponse(const RecordedRequest&)>;
using Rewrite = std::function<std::string(std::string)>;

HttpResponse xml_reply(int status, std::string body);

/// In EC2's error XML; the message goes in as it stands.
HttpResponse ec2_error_reply(int status, std::string_view code,
                             std::string_view message = "as the test wants it");

/// Says what goes wrong: every method ends the sentence that `server.on(…).nth(…)` began.
///
/// When two rules meet in one call, one may say what the reply is and the other what becomes of it
/// on its way. Where they contradict each other, the one made first decides and the other counts as
/// not used.
class Fault {
 public:
  // What the reply is, in place of the upstream's. The upstream never sees the call.
  void reply(int status, std::string body, std::string content_type = "text/xml;charset=UTF-8");
  void reply_error(int status, std::string code, std::string message = "as the test wants it");
  void html_page(int status = 500);
  void broken_xml();
  void megabytes(std::size_t count);
  void answer(Answer answer);  ///< runs on the connection's own thread

  /// The upstream's reply, with another body if its status is 200. Runs on the connection's own
  /// thread.
  void rewrite(Rewrite rewrite);

  // What becomes of the reply, whoever made it.
  void delay(Milliseconds pause);  ///< before anything happens
  void lose_reply_after_effect();
  void cut_body(std::size_t keep = 10);  ///< announces all of it, sends `keep` bytes, closes
  void drip(std::size_t bytes_at_once, Milliseconds pause);
  void no_reason_phrase();       ///< the status line is "HTTP/1.1 200 "
  void no_space_after_status();  ///< the status line is "HTTP/1.1 200"
  void close_after_reply();      ///< without having said so: the client may think it is kept

  // There is no reply, and the upstream never sees the call.
  void close_unanswered();
  void reset_unanswered();  ///< "connection reset by peer"
  void hang();              ///< until the client leaves or the server is destroyed
  void garbage(std::string bytes = "\x15\x03\x01 this is not HTTP\r\n\r\n");

 private:
  friend class Occasion;
  Fault(FaultScript& script, std::shared_ptr<FaultRule> rule)
      : script_(script), rule_(std::move(rule)) {}

  void set(std::string description, std::function<bool(FaultPlan&)> change);

  FaultScript& script_;
  std::shared_ptr<FaultRule> rule_;
};

/// Says which of the matching calls it is about, counted from when the rule was made.
class Occasion {
 public:
  [[nodiscard]] Fault nth(std::size_t number);
  [[nodiscard]] Fault first(std::size_t count);
  [[nodiscard]] Fault always();

 private:
  friend class FaultScript;
  Occasion(FaultScript& script, std::shared_ptr<FaultRule> rule)
      : script_(script), rule_(std::move(rule)) {}

  FaultScript& script_;
  std::shared_ptr<FaultRule> rule_;
};

}  // namespace pitstop::test
