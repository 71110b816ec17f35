// Signatures as the service checks them. The known answers were verified by two independent
// implementations (facts, section 5.3).

#include "sim/front/signature.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace pitstop::sim {
namespace {

using testing::HasSubstr;

const AccessKey key{"AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")};
const auto signed_at = *parse_rfc3339("2026-01-02T03:04:05Z");

constexpr auto plain_signature = "cbdcf2474f195ddbfe2f87e24734aad718a3836605a51cfcda6abb63276a56e2";
constexpr auto token_signature = "46f90c65ed5dd1eee9c371267661e9817db2f83b001a3605c99a3aef0b92db9f";

HttpRequest known_request() {
  HttpRequest request;
  request.url = "/";
  request.headers = {
      {"Host", "ec2.us-east-1.amazonaws.com"},
      {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
      {"X-Amz-Date", "20260102T030405Z"},
  };
  request.body = "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-0123456789abcdef0";
  return request;
}

Authorization authorization(std::string signature = plain_signature) {
  return {.access_key = "AKIDEXAMPLE",
          .date = "20260102",
          .region = "us-east-1",
          .service = "ec2",
          .signed_headers = {"content-type", "host", "x-amz-date"},
          .signature = std::move(signature)};
}

std::string canonical_hash(const HttpRequest& request, const Authorization& said) {
  const auto canonical = canonical_request(request, said.signed_headers);
  const auto text = string_to_sign(canonical, "20260102T030405Z", said);
  return text.substr(text.rfind('\n') + 1);
}

/// The error's code, or "valid".
std::string verdict(const HttpRequest& request, const Authorization& said,
                    WallTime now = signed_at) {
  const auto verified = verify(request, said, key, now);
  return verified ? "valid" : verified.error().code;
}

TEST(SimSignature, KnownAnswer) {
  const auto request = known_request();
  EXPECT_EQ(canonical_hash(request, authorization()),
            "43c0df149caa836f19fe6c9a24ee764ddbeb7a3397c5b2e4efae9f556841fc8d");
  EXPECT_EQ(verdict(request, authorization()), "valid");
}

TEST(SimSignature, KnownAnswerWithAToken) {
  auto request = known_request();
  request.headers.push_back({"X-Amz-Security-Token", "TOKEN/ab+c="});
  auto said = authorization(token_signature);
  said.signed_headers.push_back("x-amz-security-token");
  EXPECT_EQ(canonical_hash(request, said),
            "0684494c69dc38069d23d1a1ff9d9523e508a66ffe6fd9c6103f2c2d427c5870");
  EXPECT_EQ(verdict(request, said), "valid");
}

TEST(SimSignature, EverythingThatIsSignedCounts) {
  using Change = void (*)(HttpRequest&);
  const std::vector<Change> changes{
      [](HttpRequest& request) { request.body += '0'; },
      [](HttpRequest& request) { request.method = "GET"; },
      [](HttpRequest& request) { request.url = "/?a=b"; },
      [](HttpRequest& request) { request.url = "/a"; },
      [](HttpRequest& request) { request.headers[0].value = "elsewhere"; },
      [](HttpRequest& request) { request.headers[1].value = "text/plain"; },
      [](HttpRequest& request) { request.headers[2].value = "20260102T030406Z"; },
      [](HttpRequest& request) { request.headers.erase(request.headers.begin()); },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto request = known_request();
    changes[i](request);
    EXPECT_EQ(verdict(request, authorization()), "SignatureDoesNotMatch") << "change " << i;
  }
}

TEST(SimSignature, HowHeadersAreWrittenDoesNotCount) {
  auto request = known_request();
  request.headers[0] = {"hOST", "  ec2.us-east-1.amazonaws.com "};
  request.headers[1].value = "application/x-www-form-urlencoded;   charset=utf-8";
  std::ranges::reverse(request.headers);
  request.headers.push_back({"User-Agent", "not signed"});
  EXPECT_EQ(verdict(request, authorization()), "valid");
}

TEST(SimSignature, QueriesAreSortedAndEncodedTheOneWay) {
  HttpRequest request;
  request.method = "GET";
  const auto query_of = [&](std::string target) {
    request.url = std::move(target);
    const auto canonical = canonical_request(request, {});
    const auto begin = canonical.find('\n', canonical.find('\n') + 1) + 1;
    return canonical.substr(begin, canonical.find('\n', begin) - begin);
  };
  EXPECT_EQ(query_of("/"), "");
  EXPECT_EQ(query_of("/?"), "");
  EXPECT_EQ(query_of("/?b=2&a=1"), "a=1&b=2");
  EXPECT_EQ(query_of("/?a=2&a=1"), "a=1&a=2");
  EXPECT_EQ(query_of("/?key"), "key=");
  EXPECT_EQ(query_of("/?a=%2f%20x&&c=~"), "a=%2F%20x&c=~");
  EXPECT_EQ(query_of("/?a==/&b=50%"), "a=%3D%2F&b=50%25");
}

TEST(SimSignature, TheKey) {
  auto said = authorization();
  said.access_key = "AKIDOTHER";
  const auto verified = verify(known_request(), said, key, signed_at);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, "AuthFailure");
  EXPECT_EQ(verified.error().status, 401);
  const AccessKey other{"AKIDEXAMPLE", Secret("another secret")};
  const auto refused = verify(known_request(), authorization(), other, signed_at);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "SignatureDoesNotMatch");
  EXPECT_EQ(refused.error().status, 403);
  EXPECT_THAT(refused.error().message, HasSubstr("\nhost:ec2.us-east-1.amazonaws.com\n"))
      << "whoever writes a client wants to compare";
  EXPECT_THAT(refused.error().message, testing::Not(HasSubstr("another secret")));
}

TEST(SimSignature, FiveMinutesEitherWay) {
  const auto limit = std::chrono::minutes(5);
  EXPECT_EQ(verdict(known_request(), authorization(), signed_at + limit), "valid");
  EXPECT_EQ(verdict(known_request(), authorization(), signed_at - limit), "valid");
  EXPECT_EQ(verdict(known_request(), authorization(), signed_at + limit + Seconds(1)),
            "RequestExpired");
  EXPECT_EQ(verdict(known_request(), authorization(), signed_at - limit - Seconds(1)),
            "RequestExpired");
}

TEST(SimSignature, DateAndHostMustBeSigned) {
  auto without_date = known_request();
  without_date.headers.pop_back();
  EXPECT_EQ(verdict(without_date, authorization()), "IncompleteSignature");
  auto bad_date = known_request();
  bad_date.headers.back().value = "2026-01-02T03:04";
  EXPECT_EQ(verdict(bad_date, authorization()), "IncompleteSignature");
  auto said = authorization();
  said.signed_headers = {"content-type", "x-amz-date"};
  EXPECT_EQ(verdict(known_request(), said), "IncompleteSignature");
  auto of_another_day = authorization();
  of_another_day.date = "20260101";
  EXPECT_EQ(verdict(known_request(), of_another_day), "SignatureDoesNotMatch");
}

/// As botocore presigns it, at the same time with the same key.
std::string known_url(const std::string& signature =
                          "0474e1d706e66d46cb9ba0d695fcc971a0925feced4d161eb22cc7993761755e") {
  return "https://ec2.us-east-1.amazonaws.com/?Action=CopySnapshot&Version=2016-11-15&SourceRegion="
         "us-east-1&SourceSnapshotId=snap-0123456789abcdef0&Description=far%20away%20%26%20safe&"
         "DestinationRegion=eu-west-1&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE"
         "%2F20260102%2Fus-east-1%2Fec2%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires="
         "3600&X-Amz-SignedHeaders=host&X-Amz-Signature=" +
         signature;
}

/// The error's code, or "valid".
std::string verdict_on(const std::string& url, WallTime now = signed_at) {
  const auto verified = verify_presigned(url, key, now);
  return verified ? "valid" : verified.error().code;
}

std::string instead(std::string text, const std::string& part, const std::string& other) {
  return text.replace(text.find(part), part.size(), other);
}

TEST(SimPresigned, KnownAnswers) {
  EXPECT_EQ(verdict_on(known_url()), "valid");
  EXPECT_EQ(verdict_on(instead(known_url("89e11c16fc72e8ecaf801c97218c701bc0782bef708a22e3e470e1300"
                                         "e3b98a4"),
                               "&X-Amz-Signature",
                               "&X-Amz-Security-Token=TOKEN%2Fab%2Bc%3D&X-Amz-Signature")),
            "valid");
}

TEST(SimPresigned, EverythingInItIsSigned) {
  for (const auto& [part, other] : std::vector<std::pair<std::string, std::string>>{
           {"snap-0123456789abcdef0", "snap-0123456789abcdef1"},
           {"eu-west-1", "eu-west-2"},
           {"3600", "7200"},
           {"ec2.us-east-1", "ec2.us-east-2"},
           {"com/?", "com/a?"},
           {"Description=", "Descriptor="},
           {"T030405Z", "T030406Z"},
           {"0474e1d7", "0474e1d8"}}) {
    EXPECT_EQ(verdict_on(instead(known_url(), part, other)), "SignatureDoesNotMatch") << part;
  }
  EXPECT_EQ(verdict_on(instead(known_url(), "AKIDEXAMPLE", "AKIDOTHER")), "AuthFailure");
}

TEST(SimPresigned, IsGoodForAsLongAsItSays) {
  EXPECT_EQ(verdict_on(known_url(), signed_at + Seconds(3600)), "valid");
  EXPECT_EQ(verdict_on(known_url(), signed_at + Seconds(3601)), "RequestExpired");
  EXPECT_EQ(verdict_on(known_url(), signed_at - Seconds(301)), "RequestExpired");
}

TEST(SimPresigned, WhatIsIncomplete) {
  for (const std::string part : {"X-Amz-Algorithm=AWS4", "X-Amz-Credential=AKIDEXAMPLE",
                                 "X-Amz-Date=2026", "X-Amz-Expires=3"}) {
    EXPECT_EQ(verdict_on(instead(known_url(), part, "X")), "IncompleteSignature") << part;
  }
  EXPECT_EQ(verdict_on("https://ec2.us-east-1.amazonaws.com/"), "IncompleteSignature");
  EXPECT_EQ(verdict_on("none"), "valid") << "whoever wants a URL sees that it is none";
}

TEST(SimAuthorization, IsTakenApart) {
  for (const auto* const comma : {", ", ","}) {
    const auto said = parse_authorization(
        std::string("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/ec2/aws4_request") +
        comma + "SignedHeaders=content-type;host;X-Amz-Date" + comma + "Signature=0123abc");
    ASSERT_TRUE(said.has_value()) << said.error().message;
    EXPECT_EQ(said->access_key, "AKIDEXAMPLE");
    EXPECT_EQ(said->scope(), "20260102/us-east-1/ec2/aws4_request");
    EXPECT_EQ(said->signed_headers,
              (std::vector<std::string>{"content-type", "host", "x-amz-date"}));
    EXPECT_EQ(said->signature, "0123abc");
  }
}

TEST(SimAuthorization, WhatIsNone) {
  const std::string rest = ", SignedHeaders=host, Signature=0123abc";
  const std::string good = "AWS4-HMAC-SHA256 Credential=KEY/20260102/us-east-1/ec2/aws4_request";
  for (const auto& text : {
           std::string(),
           std::string("Basic dXNlcjpwYXNz"),
           std::string("AWS4-HMAC-SHA256"),
           std::string("AWS4-HMAC-SHA256 ,,,=,=/"),
           good,
           good + ", SignedHeaders=host",
           "AWS4-HMAC-SHA256 Credential=KEY" + rest,
           "AWS4-HMAC-SHA256 Credential=/20260102/us-east-1/ec2/aws4_request" + rest,
           "AWS4-HMAC-SHA256 Credential=KEY/20260102/us-east-1/ec2/aws4" + rest,
       }) {
    const auto said = parse_authorization(text);
    ASSERT_FALSE(said.has_value()) << text;
    EXPECT_EQ(said.error().code, "IncompleteSignature") << text;
  }
}

}  // namespace
}  // namespace pitstop::sim
