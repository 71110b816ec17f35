#include "ec2/reply.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace pitstop::ec2 {
namespace {

HttpResponse answer(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Result<Reply> stop_reply(int status, std::string body) {
  return read_reply(answer(status, std::move(body)), "StopInstances");
}

std::string ec2_error(std::string_view code, std::string_view message) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{}</Code>"
      "<Message>{}</Message></Error></Errors><RequestID>ea966190</RequestID></Response>",
      code, message);
}

TEST(ReadReply, TakesTheReplyOfTheActionThatWasCalled) {
  const auto reply =
      stop_reply(200,
                 "<StopInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
                 "<requestId>r</requestId><instancesSet/></StopInstancesResponse>");
  ASSERT_TRUE(reply);
  EXPECT_STREQ(reply->root().name(), "StopInstancesResponse");
  EXPECT_FALSE(reply->may_be_a_repetition);
}

TEST(ReadReply, ReadsEc2sErrors) {
  const auto reply = stop_reply(
      400, ec2_error("InvalidInstanceID.NotFound", "The instance ID 'i-1' does not exist"));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::not_found);
  EXPECT_EQ(reply.error().code, "InvalidInstanceID.NotFound");
  EXPECT_EQ(reply.error().message,
            "StopInstances: InvalidInstanceID.NotFound: The instance ID 'i-1' does not exist");
  EXPECT_NE(reply.error().hint, "");
}

TEST(ReadReply, ReadsTheErrorFormOfOtherServicesToo) {
  const auto reply = stop_reply(
      403,
      "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender"
      "</Type><Code>ExpiredToken</Code><Message>expired</Message></Error></ErrorResponse>");
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::forbidden);
  EXPECT_EQ(reply.error().code, "ExpiredToken");
}

TEST(ReadReply, AnErrorIsAnErrorUnderStatus200Too) {
  const auto reply = stop_reply(200, ec2_error("RequestLimitExceeded", "slow down"));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::throttled);
}

TEST(ReadReply, AnErrorWithoutACodeIsJudgedByItsStatus) {
  const std::string body = "<Response><Errors><Error/></Errors></Response>";
  EXPECT_EQ(stop_reply(500, body).error().kind, ErrorKind::unknown_fate);
  EXPECT_EQ(stop_reply(400, body).error().kind, ErrorKind::refused);
  EXPECT_EQ(stop_reply(400, body).error().message, "StopInstances: an error without a code");
}

TEST(ReadReply, WhiteSpaceAroundACodeDoesNotHideIt) {
  const auto reply = stop_reply(503, ec2_error("\n  RequestLimitExceeded\n  ", " slow\ndown "));
  EXPECT_EQ(reply.error().code, "RequestLimitExceeded");
  EXPECT_EQ(reply.error().message, "StopInstances: RequestLimitExceeded: slow down");
}

TEST(ReadReply, WhatIsNotEc2sAnswerLeavesTheFateUnknown) {
  const std::string whole =
      "<StopInstancesResponse><instancesSet><item/></instancesSet></StopInstancesResponse>";
  const std::vector<HttpResponse> answers = {
      answer(502, "<html><body><h1>502 Bad Gateway</h1></body></html>"),
      answer(503, "<!DOCTYPE html><html><head><meta charset=utf-8><br>Busy"),
      answer(200, "<html><body>Please log in to the hotel's network</body></html>"),
      answer(200, whole.substr(0, whole.size() - 20)),
      answer(200, whole.substr(0, 3)),
      answer(200, "<StopInstancesResponse><a></b></StopInstancesResponse>"),
      answer(200, ""),
      answer(200, "   \r\n"),
      answer(200, "<?xml version=\"1.0\"?>"),
      answer(200, "{\"message\": \"Forbidden\"}"),
      answer(500, ""),
      answer(200, "<StartInstancesResponse/>"),
      answer(202, whole),
      answer(500, whole),
  };
  for (const auto& response : answers) {
    const auto reply = read_reply(response, "StopInstances");
    ASSERT_FALSE(reply) << response.body;
    EXPECT_EQ(reply.error().kind, ErrorKind::unknown_fate) << response.body;
    EXPECT_NE(reply.error().message.find(fmt::format("HTTP {}", response.status)),
              std::string::npos)
        << reply.error().message;
  }
}

/// A tree takes many times what its text does.
TEST(ReadReply, MakesNoTreeOfWhatIsMadeOfNothingButElements) {
  const auto filled_with = [](std::string_view element, std::size_t size) {
    std::string body = "<StopInstancesResponse>";
    while (body.size() < size) {
      body += element;
    }
    return body + "</StopInstancesResponse>";
  };
  for (const auto* element : {"<a/>", "<a>", "<a b=''/>"}) {
    const auto reply = stop_reply(200, filled_with(element, longest_list));
    ASSERT_FALSE(reply) << element;
    EXPECT_EQ(reply.error().kind, ErrorKind::unknown_fate) << element;
    EXPECT_NE(reply.error().message.find("more elements than any answer has"), std::string::npos)
        << reply.error().message;
  }
  // As many servers as fit into a page, each with as many tags as it can have.
  std::string tags;
  for (int i = 0; i < 50; ++i) {
    tags +=
        fmt::format("<item><key>key-{}</key><value>{}==</value></item>", i, std::string(80, 'x'));
  }
  EXPECT_TRUE(stop_reply(200, filled_with("<item><tagSet>" + tags + "</tagSet></item>",
                                          longest_list - (std::size_t{64} << 10))));
}

TEST(ReadReply, NamesTheClockThatIsWrong) {
  for (const auto* code : {"RequestExpired", "AuthFailure", "SignatureDoesNotMatch"}) {
    auto response = answer(403, ec2_error(code, "no"));
    const auto usual = read_reply(response, "StopInstances").error().hint;
    response.clock_is_ahead = std::chrono::minutes(12);
    const auto ahead = read_reply(response, "StopInstances").error().hint;
    EXPECT_EQ(ahead, "this host's clock is 12m 00s ahead of AWS's: set it right; " + usual);
    response.clock_is_ahead = -std::chrono::hours(3);
    EXPECT_NE(read_reply(response, "StopInstances").error().hint.find("3h 00m behind AWS's"),
              std::string::npos);
  }
  auto other = answer(400, ec2_error("InvalidInstanceID.NotFound", "no"));
  other.clock_is_ahead = std::chrono::minutes(12);
  EXPECT_EQ(read_reply(other, "StopInstances").error().hint.find("clock"), std::string::npos);
}

TEST(ReadReply, ShowsAForeignAnswerOnOneLineAndInPart) {
  const auto reply = stop_reply(502, "<html>\r\n\x1b[31m" + std::string(10'000, 'x'));
  ASSERT_FALSE(reply);
  EXPECT_LT(reply.error().message.size(), 300U);
  EXPECT_EQ(reply.error().message.find_first_of("\r\n\x1b"), std::string::npos);
}

TEST(ReadReply, NestingThatIsDeepDoesNotOverflowTheStack) {
  constexpr int depth = 700'000;
  std::string body = "<StopInstancesResponse>";
  for (int i = 0; i < depth; ++i) {
    body += "<a>";
  }
  EXPECT_FALSE(stop_reply(200, body));
  for (int i = 0; i < depth; ++i) {
    body += "</a>";
  }
  EXPECT_TRUE(stop_reply(200, body + "</StopInstancesResponse>"));
}

TEST(ReadReply, EntitiesAreNotExpandedWithoutEnd) {
  const auto reply =
      stop_reply(200,
                 "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
                 "<StopInstancesResponse><value>&b;</value></StopInstancesResponse>");
  ASSERT_TRUE(reply);
  EXPECT_STREQ(reply->root().child_value("value"), "&b;");
}

}  // namespace
}  // namespace pitstop::ec2
