#include "support/fault_script.hpp"

#include <fmt/format.h>

#include "support/exchange.hpp"
#include "support/fault_plan.hpp"

namespace pitstop::test {

namespace {

/// The rule says what the reply is.
std::function<bool(FaultPlan&)> instead(Answer answer) {
  return [answer = std::move(answer)](FaultPlan& plan) {
    if (plan.answer || !plan.rewrites.empty()) {
      return false;
    }
    plan.answer = answer;
    return true;
  };
}

/// The rule says what becomes of the reply.
std::function<bool(FaultPlan&)> on_its_way(Delivery deliver) {
  return [deliver = std::move(deliver)](FaultPlan& plan) {
    if (plan.deliver) {
      return false;
    }
    plan.deliver = deliver;
    return true;
  };
}

/// The rule says that there is no reply, which leaves later rules nothing to say.
std::function<bool(FaultPlan&)> no_reply(Delivery deliver) {
  return [deliver = std::move(deliver)](FaultPlan& plan) {
    if (plan.deliver || plan.answer || !plan.rewrites.empty()) {
      return false;
    }
    plan.deliver = deliver;
    plan.answer = [](const RecordedRequest&) { return HttpResponse{}; };
    return true;
  };
}

std::string in_full(const HttpResponse& reply) {
  return wire_form(reply, status_line(reply.status));
}

Delivery with_status_line(std::function<std::string(int status)> line) {
  return [line = std::move(line)](Exchange& exchange) {
    const HttpResponse reply = exchange.reply();
    exchange.send(wire_form(reply, line(reply.status)));
    return Afterwards::keep_connection;
  };
}

}  // namespace

HttpResponse xml_reply(int status, std::string body) {
  return {status, {{"Content-Type", "text/xml;charset=UTF-8"}}, std::move(body)};
}

HttpResponse ec2_error_reply(int status, std::string_view code, std::string_view message) {
  return xml_reply(status, fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                       "<Response><Errors><Error><Code>{}</Code>"
                                       "<Message>{}</Message></Error></Errors>"
                                       "<RequestID>00000000-0000-4000-8000-000000000000"
                                       "</RequestID></Response>",
                                       code, message));
}

void Fault::set(std::string description, std::function<bool(FaultPlan&)> change) {
  rule_->fault = std::move(description);
  rule_->change = std::move(change);
  script_.add(rule_);
}

void Fault::reply(int status, std::string body, std::string content_type) {
  const HttpResponse fixed{status, {{"Content-Type", std::move(content_type)}}, std::move(body)};
  set(fmt::format("reply {}", status), instead([fixed](const RecordedRequest&) { return fixed; }));
}

void Fault::reply_error(int status, std::string code, std::string message) {
  set(fmt::format("error {} {}", status, code),
      instead([reply = ec2_error_reply(status, code, message)](const RecordedRequest&) {
        return reply;
      }));
}

void Fault::html_page(int status) {
  reply(status,
        "<!doctype html>\n<html lang=en>\n<title>Internal Server Error</title>\n"
        "<h1>Something went wrong & nobody knows what</h1><br>\n",
        "text/html; charset=utf-8");
}

void Fault::broken_xml() {
  reply(200, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><item><broken></item>");
}

void Fault::megabytes(std::size_t count) {
  set(fmt::format("{} MB", count), instead([count](const RecordedRequest&) {
        return xml_reply(200, "<filler>" + std::string(count << 20, 'x') + "</filler>");
      }));
}

void Fault::answer(Answer answer) {
  set("answer", instead(std::move(answer)));
}

void Fault::rewrite(Rewrite rewrite) {
  set("rewrite", [rewrite = std::move(rewrite)](FaultPlan& plan) {
    if (plan.answer) {
      return false;
    }
    plan.rewrites.push_back(rewrite);
    return true;
  });
}

void Fault::delay(Milliseconds pause) {
  set(fmt::format("delay of {}", human(pause)), [pause](FaultPlan& plan) {
    plan.delay += pause;
    return true;
  });
}

void Fault::lose_reply_after_effect() {
  set("lose the reply after the effect", on_its_way([](Exchange& exchange) {
        exchange.reply();
        return Afterwards::close_connection;
      }));
}

void Fault::cut_body(std::size_t keep) {
  set("cut the body", on_its_way([keep](Exchange& exchange) {
        const HttpResponse reply = exchange.reply();
        const std::string whole = in_full(reply);
        const auto head = whole.size() - reply.body.size();
        exchange.send(std::string_view(whole).substr(0, head + keep));
        return Afterwards::close_connection;
      }));
}

void Fault::drip(std::size_t bytes_at_once, Milliseconds pause) {
  set("drip", on_its_way([bytes_at_once, pause](Exchange& exchange) {
        const std::string whole = in_full(exchange.reply());
        for (std::string_view rest = whole; !rest.empty();) {
          const auto part = rest.substr(0, bytes_at_once);
          exchange.send(part);
          exchange.pause(pause);
          rest.remove_prefix(part.size());
        }
        return Afterwards::keep_connection;
      }));
}

void Fault::no_reason_phrase() {
  set("no reason phrase",
      on_its_way(with_status_line([](int status) { return fmt::format("HTTP/1.1 {} ", status); })));
}

void Fault::no_space_after_status() {
  set("no space after the status",
      on_its_way(with_status_line([](int status) { return fmt::format("HTTP/1.1 {}", status); })));
}

void Fault::close_after_reply() {
  set("close after the reply", on_its_way([](Exchange& exchange) {
        exchange.send(in_full(exchange.reply()));
        return Afterwards::close_connection;
      }));
}

void Fault::close_unanswered() {
  set("close unanswered", no_reply([](Exchange&) { return Afterwards::close_connection; }));
}

void Fault::reset_unanswered() {
  set("reset unanswered", no_reply([](Exchange& exchange) {
        exchange.reset_when_closed();
        return Afterwards::close_connection;
      }));
}

void Fault::hang() {
  set("hang", no_reply([](Exchange& exchange) {
        exchange.await_departure();
        return Afterwards::close_connection;
      }));
}

void Fault::garbage(std::string bytes) {
  set("garbage", no_reply([bytes = std::move(bytes)](Exchange& exchange) {
        exchange.send(bytes);
        return Afterwards::close_connection;
      }));
}

}  // namespace pitstop::test
