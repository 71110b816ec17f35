// The simulator as a service: who is let in, what faults make of an answer, and its own pages.

#include "sim/front/front.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sim/virtual_time.hpp"

namespace pitstop::sim {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

/// One server, and no chance: every length is what it says.
Scenario small_scenario() {
  Scenario scenario;
  scenario.throttling.on = false;
  auto& server = scenario.servers.emplace_back();
  server.name = "web";
  server.id = InstanceId("i-0123456789abcdef0");
  return scenario;
}

class FrontTest : public testing::Test {
 protected:
  FrontTest() { begin(small_scenario()); }

  void begin(Scenario scenario, std::optional<AccessKey> signer = std::nullopt) {
    front.emplace(time, time, std::move(scenario), std::move(signer));
  }

  void wait(Duration length) { time.run(time.sleep(length)); }

  Reply send(std::string method, std::string target, std::string body = "",
             std::string authorization = "") {
    HttpRequest request;
    request.method = std::move(method);
    request.url = std::move(target);
    request.body = std::move(body);
    if (!authorization.empty()) {
      request.headers.push_back({"authorization", std::move(authorization)});
    }
    return front->answer(request);
  }

  Reply call(const std::string& action, const std::string& parameters = "") {
    return send("POST", "/", "Action=" + action + "&Version=2016-11-15" + parameters);
  }

  static std::string body(const Reply& reply) {
    return reply.response ? reply.response->body : "no answer";
  }

  /// Signed by KEY at the beginning.
  Reply signed_call(const std::string& form) {
    HttpRequest request;
    request.url = "/";
    request.body = form;
    request.headers = {{"host", "ec2sim"}, {"x-amz-date", "20260101T000000Z"}};
    Authorization said{"KEY", "20260101", "us-east-1", "ec2", {"host", "x-amz-date"}, ""};
    const auto canonical = canonical_request(request, said.signed_headers);
    const auto text = string_to_sign(canonical, "20260101T000000Z", said);
    const auto signature = signature_of(text, said, Secret("secret"));
    request.headers.push_back(
        {"authorization", fmt::format("AWS4-HMAC-SHA256 Credential=KEY/{}, SignedHeaders=host;"
                                      "x-amz-date, Signature={}",
                                      said.scope(), signature)});
    return front->answer(request);
  }

  json page(const std::string& path) { return json::parse(body(send("GET", path))); }

  VirtualTime time;
  std::optional<Front> front;
};

std::string signed_for(const std::string& scope) {
  return fmt::format(
      "AWS4-HMAC-SHA256 Credential=KEY/20260101/{}/aws4_request, SignedHeaders=host, Signature=0",
      scope);
}

constexpr auto instance = "&InstanceId.1=i-0123456789abcdef0";

TEST_F(FrontTest, PostAndGetAskTheSame) {
  EXPECT_THAT(body(call("DescribeInstances")), HasSubstr("i-0123456789abcdef0"));
  EXPECT_THAT(body(send("GET", "/?Action=DescribeInstances&Version=2016-11-15")),
              HasSubstr("i-0123456789abcdef0"));
}

TEST_F(FrontTest, EveryAnswerHasTheTime) {
  wait(Seconds(61));
  for (const auto& reply : {call("DescribeInstances"), call("Nonsense"), send("GET", "/nowhere")}) {
    EXPECT_EQ(reply.response->header("date"), "Thu, 01 Jan 2026 00:01:01 GMT");
  }
}

TEST_F(FrontTest, TheSignatureSaysWhichRegion) {
  const std::string form = "Action=DescribeInstances&Version=2016-11-15";
  EXPECT_THAT(body(send("POST", "/", form, signed_for("us-east-1/ec2"))), HasSubstr("i-0123"));
  const auto elsewhere = send("POST", "/", form, signed_for("eu-central-1/ec2"));
  EXPECT_EQ(elsewhere.response->status, 200);
  EXPECT_THAT(body(elsewhere), testing::Not(HasSubstr("i-0123")));
}

TEST_F(FrontTest, NoServiceButEc2) {
  const auto reply = send("POST", "/", "Action=GetCallerIdentity", signed_for("us-east-1/sts"));
  EXPECT_EQ(reply.response->status, 403);
  EXPECT_THAT(body(reply), HasSubstr("Credential should be scoped to correct service: 'ec2', not "
                                     "'sts'"));
}

TEST_F(FrontTest, SchedulesAreAnotherService) {
  const auto refused = [&](const Reply& reply) {
    EXPECT_EQ(reply.response->status, 403);
    EXPECT_EQ(reply.response->header("x-amzn-ErrorType"), "InvalidSignatureException");
  };
  EXPECT_EQ(body(send("GET", "/schedules")), R"({"Schedules":[]})");
  EXPECT_EQ(body(send("GET", "/schedules", "", signed_for("us-east-1/scheduler"))),
            R"({"Schedules":[]})");
  refused(send("GET", "/schedules", "", signed_for("us-east-1/ec2")));
  EXPECT_EQ(send("POST", "/", "Action=X", signed_for("us-east-1/scheduler")).response->status, 403);
  EXPECT_EQ(send("PUT", "/schedules/x").response->status, 404);

  begin(small_scenario(), AccessKey{"KEY", Secret("secret")});
  const auto anonymous = send("GET", "/schedules");
  EXPECT_EQ(anonymous.response->status, 403);
  EXPECT_EQ(anonymous.response->header("x-amzn-ErrorType"), "MissingAuthenticationTokenException");
  EXPECT_TRUE(json::accept(body(anonymous)));
}

constexpr auto schedule = R"json({
  "ScheduleExpression": "rate(1 minutes)", "FlexibleTimeWindow": {"Mode": "OFF"},
  "Target": {"Arn": "arn:aws:scheduler:::aws-sdk:ec2:startInstances",
             "RoleArn": "arn:aws:iam::123456789012:role/guard",
             "Input": "{\"InstanceIds\":[\"i-0123456789abcdef0\"]}"}})json";

TEST_F(FrontTest, SchedulesAreInStateAndTruth) {
  EXPECT_EQ(send("POST", "/schedules/guard", schedule).response->status, 200);
  call("StopInstances", instance);
  wait(std::chrono::minutes(10));
  const auto there = page("/_sim/state")["regions"]["us-east-1"]["schedules"];
  ASSERT_EQ(there.size(), 1U);
  EXPECT_EQ(there[0]["name"], "guard");
  EXPECT_EQ(there[0]["instances"], (json{"i-0123456789abcdef0"}));
  EXPECT_EQ(there[0]["created"]["seconds"], 0);
  EXPECT_TRUE(there[0]["end"].is_null());

  const auto truth = page("/_sim/truth");
  EXPECT_EQ(truth["schedules_left"], (json{{{"schedule", "guard"}, {"region", "us-east-1"}}}));
  EXPECT_GE(truth["invocations"].size(), 9U);
  json started = json::array();
  for (const auto& invocation : truth["invocations"]) {
    if (!invocation["started"].empty()) {
      started.push_back(invocation);
    }
  }
  ASSERT_EQ(started.size(), 1U);
  EXPECT_EQ(started[0]["started"], (json{"i-0123456789abcdef0"}));
  EXPECT_TRUE(started[0]["error"].is_null());
  EXPECT_EQ(truth["calls"]["CreateSchedule"], 1);
}

struct StruckSchedule {
  FaultKind kind;
  int status;  ///< 0: no answer
  std::string code;
  bool is_made;
};

TEST_F(FrontTest, FaultsBefallSchedulesInTheirServicesWords) {
  for (const auto& [kind, status, code, is_made] : std::vector<StruckSchedule>{
           {FaultKind::throttled, 429, "ThrottlingException", false},
           {FaultKind::unavailable, 503, "ServiceUnavailable", false},
           {FaultKind::no_capacity, 503, "ServiceUnavailable", false},
           {FaultKind::internal_error, 500, "InternalServerException", true},
           {FaultKind::denied, 403, "AccessDeniedException", false},
           {FaultKind::html_page, 503, "", false},
           {FaultKind::lost_request, 0, "", false},
           {FaultKind::lost_reply, 0, "", true},
           {FaultKind::late, 0, "", false},
           {FaultKind::cut_reply, 200, "", true}}) {
    auto scenario = small_scenario();
    scenario.faults.scripted.push_back({.action = "CreateSchedule", .kind = kind});
    begin(std::move(scenario));
    const auto reply = send("POST", "/schedules/guard", schedule);
    EXPECT_EQ(reply.response ? reply.response->status : 0, status) << to_string(kind);
    if (reply.response) {
      EXPECT_EQ(reply.response->header("x-amzn-ErrorType").value_or(""), code) << to_string(kind);
    }
    EXPECT_EQ(send("GET", "/schedules/guard").response->status, is_made ? 200 : 404)
        << to_string(kind);
    EXPECT_EQ(page("/_sim/truth")["unused_faults"], json::array());
    wait(std::chrono::minutes(2));
    EXPECT_EQ(send("GET", "/schedules/guard").response->status == 200,
              is_made || kind == FaultKind::late);
  }
}

TEST_F(FrontTest, TheSignatureSaysWhichServiceOfThoseAtTheRoot) {
  const auto ask = [&](const std::string& service, const std::string& form) {
    return body(send("POST", "/", form, signed_for("us-east-1/" + service)));
  };
  EXPECT_THAT(ask("autoscaling", "Action=DescribeAutoScalingGroups&Version=2011-01-01"),
              HasSubstr("<DescribeAutoScalingGroupsResult>"));
  EXPECT_THAT(ask("elasticloadbalancing", "Action=DescribeTargetGroups&Version=2015-12-01"),
              HasSubstr("<DescribeTargetGroupsResult>"));
  EXPECT_THAT(ask("kms", "{}"), HasSubstr("UnknownOperationException"));
  EXPECT_THAT(ask("ec2", "Action=DescribeAutoScalingGroups&Version=2011-01-01"),
              HasSubstr("<Code>InvalidAction</Code>"));
  EXPECT_THAT(ask("autoscaling", "Action=DescribeInstances&Version=2016-11-15"),
              HasSubstr("<Code>InvalidAction</Code>"));
  EXPECT_EQ(send("GET", "/schedules", "", signed_for("us-east-1/kms")).response->status, 403);
}

TEST_F(FrontTest, FaultsBefallEachServiceInItsOwnWords) {
  struct Case {
    std::string service;
    FaultKind kind;
    int status;
    std::string code;
  };
  for (const auto& [service, kind, status, code] : std::vector<Case>{
           {"autoscaling", FaultKind::throttled, 400, "<Code>Throttling</Code>"},
           {"autoscaling", FaultKind::contention, 500, "<Code>ResourceContention</Code>"},
           {"autoscaling", FaultKind::denied, 403, "<Code>AccessDenied</Code>"},
           {"elasticloadbalancing", FaultKind::contention, 503, "<Code>ServiceUnavailable</Code>"},
           {"elasticloadbalancing", FaultKind::internal_error, 500, "<Code>InternalFailure</Code>"},
           {"kms", FaultKind::throttled, 400, "ThrottlingException"},
           {"kms", FaultKind::unavailable, 503, "DependencyTimeoutException"},
           {"ssm", FaultKind::throttled, 400, "ThrottlingException"},
           {"ssm", FaultKind::internal_error, 500, "InternalServerError"},
           {"ec2", FaultKind::contention, 503, "<Code>Unavailable</Code>"}}) {
    auto scenario = small_scenario();
    scenario.faults.random.parts = {{kind, 1.0}};
    begin(scenario);
    const auto reply = send("POST", "/", "Action=X", signed_for("us-east-1/" + service));
    EXPECT_EQ(reply.response->status, status) << service;
    EXPECT_THAT(body(reply), HasSubstr(code)) << service;
  }
}

TEST_F(FrontTest, WithASignerNobodyElseIsLetIn) {
  begin(small_scenario(), AccessKey{"KEY", Secret("secret")});
  const auto anonymous = call("DescribeInstances");
  EXPECT_EQ(anonymous.response->status, 403);
  EXPECT_THAT(body(anonymous), HasSubstr("<Code>MissingAuthenticationToken</Code>"));
  const auto forged = send("POST", "/", "Action=DescribeInstances", signed_for("us-east-1/ec2"));
  EXPECT_THAT(body(forged), HasSubstr("<Code>IncompleteSignature</Code>"));
}

TEST_F(FrontTest, WithASignerACopyIsPresignedByHim) {
  const std::string form =
      "Action=CopySnapshot&Version=2016-11-15&SourceRegion=us-east-1&SourceSnapshotId=snap-"
      "0123456789abcdef0&PresignedUrl=";
  const auto url = [](const std::string& key) {
    return percent_encoded(
        "https://ec2sim/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + key +
        "/20260101/us-east-1/ec2/aws4_request&X-Amz-Date=20260101T000000Z"
        "&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0");
  };
  EXPECT_THAT(body(send("POST", "/", form + url("OTHER"))), HasSubstr("InvalidParameterValue"))
      << "without one it is not known who should have";
  begin(small_scenario(), AccessKey{"KEY", Secret("secret")});
  EXPECT_THAT(body(signed_call(form + url("OTHER"))), HasSubstr("<Code>AuthFailure</Code>"));
  EXPECT_THAT(body(signed_call(form + url("KEY"))),
              HasSubstr("<Code>SignatureDoesNotMatch</Code>"));
  EXPECT_THAT(body(signed_call(form + "none")), HasSubstr("InvalidParameterValue"));
}

TEST_F(FrontTest, OtherPathsAndMethods) {
  EXPECT_EQ(send("GET", "/favicon.ico").response->status, 404);
  EXPECT_EQ(send("GET", "/_sim/").response->status, 404);
  EXPECT_EQ(send("GET", "").response->status, 404);
  EXPECT_EQ(send("DELETE", "/").response->status, 405);
  EXPECT_EQ(send("POST", "/_sim/state").response->status, 405);
  EXPECT_EQ(send("GET", "/_sim/reset").response->status, 405);
}

struct Struck {
  FaultKind kind;
  int status;  ///< 0: no answer
  std::string text;
  std::string state;  ///< of the server, afterwards
};

TEST_F(FrontTest, WhatFaultsMakeOfAStop) {
  for (const auto& [kind, status, text, state] : std::vector<Struck>{
           {FaultKind::throttled, 503, "RequestLimitExceeded", "running"},
           {FaultKind::unavailable, 503, "Unavailable", "running"},
           {FaultKind::no_capacity, 500, "InsufficientInstanceCapacity", "running"},
           {FaultKind::denied, 403, "UnauthorizedOperation", "running"},
           {FaultKind::html_page, 503, "<html>", "running"},
           {FaultKind::lost_request, 0, "no answer", "running"},
           {FaultKind::internal_error, 500, "InternalError", "stopping"},
           {FaultKind::false_refusal, 400, "<Code>ValidationError</Code>", "stopping"},
           {FaultKind::lost_reply, 0, "no answer", "stopping"},
           {FaultKind::cut_reply, 200, "StopInstancesResponse", "stopping"},
       }) {
    auto scenario = small_scenario();
    scenario.faults.scripted.push_back({.action = "StopInstances", .kind = kind});
    begin(std::move(scenario));
    EXPECT_EQ(page("/_sim/truth")["unused_faults"].size(), 1U);
    const auto reply = call("StopInstances", instance);
    EXPECT_EQ(reply.response ? reply.response->status : 0, status) << to_string(kind);
    EXPECT_THAT(body(reply), HasSubstr(text)) << to_string(kind);
    EXPECT_EQ(reply.cut, kind == FaultKind::cut_reply);
    EXPECT_EQ(page("/_sim/state")["regions"]["us-east-1"]["instances"][0]["state"], state)
        << to_string(kind);
    EXPECT_THAT(page("/_sim/truth")["unused_faults"], IsEmpty());
  }
}

TEST_F(FrontTest, ALateRequestArrivesAfterAMinute) {
  auto scenario = small_scenario();
  scenario.faults.scripted.push_back({.action = "StopInstances", .kind = FaultKind::late});
  begin(std::move(scenario));
  EXPECT_FALSE(call("StopInstances", instance).response);
  wait(Seconds(59));
  const auto state = [&] {
    return page("/_sim/state")["regions"]["us-east-1"]["instances"][0]["state"];
  };
  EXPECT_EQ(state(), "running");
  wait(Seconds(2));
  EXPECT_EQ(state(), "stopping");
}

TEST_F(FrontTest, StateIsHowItTrulyIs) {
  wait(Seconds(10));
  const auto state = page("/_sim/state");
  EXPECT_EQ(state["seed"], 1);
  EXPECT_EQ(state["now"], (json{{"seconds", 10.0}, {"time", "2026-01-01T00:00:10.000Z"}}));
  const auto& region = state["regions"]["us-east-1"];
  ASSERT_EQ(region["instances"].size(), 1U);
  const auto& server = region["instances"][0];
  EXPECT_EQ(server["instance_id"], "i-0123456789abcdef0");
  EXPECT_EQ(server["tags"], (json{{"Name", "web"}}));
  ASSERT_EQ(region["volumes"].size(), 1U);
  const auto& volume = region["volumes"][0];
  EXPECT_EQ(server["volumes"][0]["volume_id"], volume["volume_id"]);
  EXPECT_EQ(volume["attached_to"], (json{"i-0123456789abcdef0"}));
  EXPECT_EQ(volume["file_system"], "mounted");
}

TEST_F(FrontTest, TruthOfAPitStop) {
  EXPECT_THAT(page("/_sim/truth")["instances"][0]["outages"], IsEmpty());
  call("StopInstances", instance);
  wait(std::chrono::minutes(2));
  const auto made =
      body(call("CreateSnapshots", "&InstanceSpecification.InstanceId=i-0123456789abcdef0"));
  EXPECT_THAT(made, HasSubstr("<snapshotId>snap-"));
  wait(std::chrono::minutes(3));
  call("StartInstances", instance);
  EXPECT_TRUE(page("/_sim/truth")["instances"][0]["outages"][0]["downtime_seconds"].is_null());
  wait(std::chrono::minutes(30));

  const auto truth = page("/_sim/truth");
  const auto& server = truth["instances"][0];
  EXPECT_EQ(server["name"], "web");
  ASSERT_EQ(server["outages"].size(), 1U);
  const auto& outage = server["outages"][0];
  EXPECT_EQ(outage["stop_accepted"]["seconds"], 0);
  EXPECT_EQ(outage["snapshots_made"]["seconds"], 120);
  EXPECT_EQ(outage["start_accepted"]["seconds"], 300);
  EXPECT_EQ(outage["clean"], true);
  const double downtime = outage["downtime_seconds"];
  const double limit = outage["limit_seconds"];
  EXPECT_GT(downtime, 300);
  EXPECT_LT(limit, downtime);
  EXPECT_DOUBLE_EQ(outage["overhead_seconds"], downtime - limit);
  EXPECT_GE(outage["limit_of_waiting_seconds"], limit);

  ASSERT_EQ(truth["snapshots"].size(), 1U);
  const auto& snapshot = truth["snapshots"][0];
  EXPECT_EQ(outage["snapshots"], json::array({snapshot["snapshot_id"]}));
  EXPECT_EQ(snapshot["at_rest"], true);
  EXPECT_EQ(snapshot["file_system"], "clean");
  EXPECT_EQ(snapshot["failed"], false);
  EXPECT_EQ(snapshot["created"]["time"], "2026-01-01T00:02:00.000Z");
  EXPECT_FALSE(snapshot["ended"].is_null());
  EXPECT_EQ(truth["calls"]["StopInstances"], 1);
  EXPECT_EQ(truth["calls"]["StartInstances"], 1);
}

TEST_F(FrontTest, TheFutureIsNoTruth) {
  call("StopInstances", instance);
  wait(std::chrono::minutes(2));
  call("CreateSnapshots", "&InstanceSpecification.InstanceId=i-0123456789abcdef0");
  const auto snapshot = page("/_sim/truth")["snapshots"][0];
  EXPECT_TRUE(snapshot["past_zero"].is_null());
  EXPECT_TRUE(snapshot["ended"].is_null());
}

TEST_F(FrontTest, ResetBeginsAnew) {
  const auto state = page("/_sim/state")["regions"];
  call("StopInstances", instance);
  EXPECT_EQ(send("POST", "/_sim/reset").response->status, 200);
  EXPECT_EQ(page("/_sim/state")["regions"], state);
  EXPECT_THAT(page("/_sim/truth")["calls"], IsEmpty());
}

TEST_F(FrontTest, AnyBytesGetAnAnswer) {
  for (const auto* form : {"", "&", "=", "Action", "Action=", "Action=%", "Action=\xff\x01",
                           "Action=NoSuch", "Action=StopInstances&InstanceId.1=%zz"}) {
    const auto reply = send("POST", "/", form);
    ASSERT_TRUE(reply.response) << form;
    EXPECT_EQ(reply.response->status / 100, 4) << form;
  }
}

}  // namespace
}  // namespace pitstop::sim
