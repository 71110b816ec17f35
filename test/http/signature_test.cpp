// Holds our signatures, as they arrive, against those that botocore makes.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/packing.hpp"
#include "base/text.hpp"
#include "client.hpp"
#include "support/botocore.hpp"
#include "support/fault_server.hpp"

namespace pitstop {
namespace {

using nlohmann::json;
using test::RecordedRequest;
using testing::HasSubstr;
using BotocoreSignature = test::Botocore;

AwsSignature signature(std::string service = "ec2", std::string token = "") {
  return {std::move(service), "us-east-1", "AKIDEXAMPLE",
          Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Secret(std::move(token))};
}

std::vector<std::string_view> signed_headers(const std::string& authorization) {
  constexpr std::string_view begin = "SignedHeaders=";
  const auto list = std::string_view(authorization).substr(authorization.find(begin));
  return split(list.substr(begin.size(), list.find(',') - begin.size()), ';');
}

json as_case(const RecordedRequest& request, const AwsSignature& signature) {
  auto headers = json::object();
  for (const auto name : signed_headers(request.header("Authorization"))) {
    headers[std::string(name)] = request.header(name);
  }
  return {{"method", request.method},
          {"url", "http://" + request.header("Host") + request.target},
          {"headers", headers},
          {"body", base64(request.body)},
          {"service", signature.service},
          {"region", signature.region},
          {"access_key_id", signature.access_key_id},
          {"secret_access_key", signature.secret_access_key.reveal()}};
}

HttpRequest json_call(std::string method, std::string path, std::string body) {
  return {.method = std::move(method),
          .url = std::move(path),
          .headers = {{"Content-Type", "application/json"}},
          .body = std::move(body),
          .signature = signature("scheduler", "TOKEN/ab+c=")};
}

HttpRequest get(std::string path, const QueryParameters& query) {
  auto request = test::get(std::move(path) + (query.empty() ? "" : "?" + canonical_query(query)));
  request.signature = signature("ebs");
  return request;
}

/// Requests in the forms that pitstop sends, their URLs without the endpoint.
std::vector<HttpRequest> forms() {
  auto form = test::post("/", "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-0abc");
  form.signature = signature();
  auto with_token = form;
  with_token.signature = signature("ec2", "TOKEN/ab+c=");
  auto once = with_token;
  once.at_most_once = true;
  auto without_path = form;
  without_path.url = "";
  auto long_form = form;
  long_form.body += "&Filter.1.Value.1=" + std::string(200'000, 'x');
  auto nul = json_call("POST", "/", std::string("{\"a\": \"\0\"}", 10));
  nul.headers.push_back({"X-Amz-Target", "AmazonSSM.SendCommand"});
  nul.headers.push_back({"Accept", "application/json"});
  return {form,
          with_token,
          once,
          without_path,
          long_form,
          nul,
          json_call("POST", "/schedules/pitstop-i-0abc", "{\"State\": \"ENABLED\"}"),
          json_call("PUT", "/schedules/pitstop-i-0abc", "{\"Name\": \"ü\"}"),
          json_call("PUT", "/schedules/pitstop-i-0abc", ""),
          json_call("DELETE", "/schedules/pitstop-i-0abc?clientToken=x", ""),
          json_call("DELETE", "/schedules/pitstop-i-0abc", "{}")};
}

std::vector<HttpRequest> queries() {
  const std::vector<QueryParameters> parameters = {
      {},
      {{"plain", "value"}},
      {{"empty", ""}, {"b", "2"}, {"a", "1"}},
      {{"token", "a+b/c=="}, {"with space", " x  y "}, {"plus+", "+"}},
      {{"a-b", "1"}, {"a", "2"}, {"a.b", "3"}, {"a_b", "4"}, {"A", "5"}, {"aa", "6"}},
      {{"same", "2"}, {"same", "10"}, {"same", ""}},
      {{"Grüße", "žluťoučký 🐎"}, {"%25", "100%"}, {"&=?#", "\"'<>\\^`{|}~"}},
      {{"", "without key"}, {"*", "!()'"}, {"@:", "[::1]"}, {"bytes", "\x01\x7f"}},
  };
  std::vector<HttpRequest> requests;
  for (const auto& one : parameters) {
    requests.push_back(get("/snapshots/snap-0123456789abcdef0/blocks", one));
  }
  return requests;
}

TEST_F(BotocoreSignature, IsTheSame) {
  test::FaultServer server;
  server.on_any().always().reply(200, "<ok/>");
  test::Client client;
  auto requests = forms();
  std::ranges::move(queries(), std::back_inserter(requests));
  auto cases = json::array();
  for (auto request : requests) {
    request.url = server.endpoint() + request.url;
    EXPECT_EQ(test::described(client.send(request)), "200 <ok/>");
    cases.push_back(as_case(server.requests().back(), *request.signature));
  }

  const auto theirs = ask("http/botocore_signature.py", cases);

  const auto arrived = server.requests();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto ours = arrived.at(i).header("Authorization");
    EXPECT_EQ(json(ours), theirs.at(i)) << cases.at(i);
    for (const auto& header : requests.at(i).headers) {
      EXPECT_THAT(signed_headers(ours), testing::Contains(lower_case(header.name)));
    }
  }
}

// The same by way of a proxy, whose request line has the whole URL.
TEST_F(BotocoreSignature, IsTheSameThroughAProxy) {
  test::FaultServer proxy;
  proxy.on_any().always().reply(200, "<ok/>");
  test::Client client;
  const test::EnvironmentGuard environment({{"http_proxy", proxy.endpoint()}});
  auto request = test::post("http://ec2.us-east-1.amazonaws.com/");
  request.signature = signature("ec2", "TOKEN/ab+c=");
  EXPECT_EQ(test::described(client.send(request)), "200 <ok/>");

  auto arrived = proxy.requests().front();
  arrived.target = "/";
  const auto cases = json::array({as_case(arrived, *request.signature)});
  const auto theirs = ask("http/botocore_signature.py", cases);

  EXPECT_EQ(json(arrived.header("Authorization")), theirs.at(0));
}

/// A clock that stands still.
class StoppedClock final : public Clock {
 public:
  explicit StoppedClock(WallTime wall) : wall_(wall) {}

  Instant now() const override { return {}; }
  WallTime wall() const override { return wall_; }
  Task<void> sleep_until(Instant) override { co_return; }

 private:
  WallTime wall_;
};

// The day of a signature is part of it, so the correction has to change that, too.
TEST_F(BotocoreSignature, IsTheSameByACorrectedClock) {
  const StoppedClock clock(*parse_rfc3339("2026-12-31T23:55:00.900Z"));
  test::FaultServer server;
  server.on_any().always().reply(200, "<ok/>");
  test::Client client({.clock = &clock});
  struct Dated {
    Milliseconds correction;
    std::string date;
  };
  auto cases = json::array();
  for (const auto& [correction, date] : {Dated{Milliseconds(0), "20261231T235500Z"},
                                         Dated{std::chrono::minutes(12), "20270101T000700Z"},
                                         Dated{-std::chrono::hours(24), "20261230T235500Z"}}) {
    auto requests = forms();
    std::ranges::move(queries(), std::back_inserter(requests));
    for (auto request : requests) {
      request.url = server.endpoint() + request.url;
      request.signature->correction = correction;
      EXPECT_EQ(test::described(client.send(request)), "200 <ok/>");
      EXPECT_EQ(server.requests().back().header("X-Amz-Date"), date);
      EXPECT_EQ(std::ranges::count_if(
                    server.requests().back().headers,
                    [](const HttpHeader& h) { return lower_case(h.name) == "x-amz-date"; }),
                1);
      cases.push_back(as_case(server.requests().back(), *request.signature));
    }
  }
  const auto theirs = ask("http/botocore_signature.py", cases);
  const auto arrived = server.requests();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(json(arrived.at(i).header("Authorization")), theirs.at(i)) << cases.at(i);
  }
}

// Two other implementations agree on these.
TEST(Signature, IsTheKnownOne) {
  struct Known {
    std::string token;
    std::string signature;
  };
  test::FaultServer server;
  server.on_any().always().reply(200, "<ok/>");
  test::Client client;
  for (const auto& known :
       {Known{"", "cbdcf2474f195ddbfe2f87e24734aad718a3836605a51cfcda6abb63276a56e2"},
        Known{"TOKEN/ab+c=", "46f90c65ed5dd1eee9c371267661e9817db2f83b001a3605c99a3aef0b92db9f"}}) {
    auto request =
        test::post(server.endpoint(),
                   "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-0123456789abcdef0");
    request.headers.push_back({"Host", "ec2.us-east-1.amazonaws.com"});
    request.headers.push_back({"X-Amz-Date", "20260102T030405Z"});
    request.signature = signature("ec2", known.token);
    EXPECT_EQ(test::described(client.send(request)), "200 <ok/>");
    EXPECT_THAT(server.requests().back().header("Authorization"),
                HasSubstr("Signature=" + known.signature));
  }
}

TEST(Signature, GivesTheTokenButNotTheKey) {
  test::FaultServer server;
  server.on_any().always().reply(200, "<ok/>");
  test::Client client;
  auto request = test::post(server.endpoint());
  request.signature = signature("ec2", "TOKEN/ab+c=");
  EXPECT_TRUE(client.send(request).has_value());
  const auto arrived = server.requests().front();
  EXPECT_EQ(arrived.header("X-Amz-Security-Token"), "TOKEN/ab+c=");
  for (const auto& header : arrived.headers) {
    EXPECT_THAT(header.value, testing::Not(HasSubstr("wJalrXUtnFEMI"))) << header.name;
  }
}

}  // namespace
}  // namespace pitstop
