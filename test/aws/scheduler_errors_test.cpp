#include "aws/scheduler_errors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pitstop {
namespace {

using testing::HasSubstr;
using testing::Not;

Error explain(int status, std::string code, std::string message = "told",
              std::string_view action = "CreateSchedule") {
  return explain_answer(
      scheduler_api, action,
      {status, {{"x-amzn-ErrorType", std::move(code)}}, R"({"Message":")" + message + "\"}"});
}

TEST(SchedulerErrors, AreOneKindPerReaction) {
  EXPECT_EQ(explain(409, "ConflictException").kind, ErrorKind::held);
  EXPECT_EQ(explain(404, "ResourceNotFoundException").kind, ErrorKind::not_found);
  EXPECT_EQ(explain(429, "ThrottlingException").kind, ErrorKind::throttled);
  EXPECT_EQ(explain(429, "SomethingNew").kind, ErrorKind::throttled);
  EXPECT_EQ(explain(403, "AccessDeniedException").kind, ErrorKind::forbidden);
  EXPECT_EQ(explain(403, "UnrecognizedClientException").kind, ErrorKind::forbidden);
  EXPECT_EQ(explain(403, "InvalidSignatureException").kind, ErrorKind::forbidden);
  EXPECT_EQ(explain(403, "ExpiredTokenException").kind, ErrorKind::forbidden);
  EXPECT_EQ(explain(400, "ValidationException").kind, ErrorKind::refused);
  EXPECT_EQ(explain(402, "ServiceQuotaExceededException").kind, ErrorKind::refused);
  EXPECT_EQ(explain(500, "InternalServerException").kind, ErrorKind::unknown_fate);
  EXPECT_EQ(explain(503, "ServiceUnavailable").kind, ErrorKind::unknown_fate);
  EXPECT_EQ(explain(418, "SomethingNew").kind, ErrorKind::refused);
}

TEST(SchedulerErrors, AConflictOfARemovalPasses) {
  EXPECT_EQ(explain(409, "ConflictException", "told", "DeleteSchedule").kind, ErrorKind::transient);
}

TEST(SchedulerErrors, NameActionCodeAndReason) {
  const auto error = explain(409, "ConflictException", "Schedule x already exists.");
  EXPECT_EQ(error.message, "CreateSchedule: ConflictException: Schedule x already exists.");
  EXPECT_EQ(error.code, "ConflictException");
}

TEST(SchedulerErrors, NameTheRightsThatAreMissing) {
  EXPECT_EQ(explain(403, "AccessDeniedException").hint,
            "allow scheduler:CreateSchedule, and iam:PassRole on the guard's role, in the IAM "
            "policy of these credentials");
  EXPECT_EQ(explain(403, "AccessDeniedException", "", "GetSchedule").hint,
            "allow scheduler:GetSchedule in the IAM policy of these credentials");
  EXPECT_THAT(explain(400, "ValidationException",
                      "The execution role you provide must allow AWS EventBridge Scheduler to "
                      "assume the role.")
                  .hint,
              HasSubstr("pitstop guard template"));
}

TEST(SchedulerErrors, FindTheCodeWhereverItStands) {
  const auto code = [](std::vector<HttpHeader> headers, std::string body) {
    return explain_answer(scheduler_api, "X", {409, std::move(headers), std::move(body)}).code;
  };
  EXPECT_EQ(code({{"X-Amzn-Errortype", "ConflictException:http://internal.amazon.com/coral/"}}, ""),
            "ConflictException");
  EXPECT_EQ(code({}, R"({"__type":"com.amazonaws.scheduler#ConflictException","message":"x"})"),
            "ConflictException");
  EXPECT_EQ(code({}, R"({"code":"ConflictException"})"), "ConflictException");
  EXPECT_EQ(code({{"x-amzn-ErrorType", "ConflictException"}}, R"({"Message":"cu)"),
            "ConflictException");
}

TEST(SchedulerErrors, WithoutACodeItIsNotFromAws) {
  for (const auto* body : {"", "<html>404</html>", R"({"Mess)", "[]", "7", R"({"__type":7})"}) {
    const auto error = explain_answer(scheduler_api, "DeleteSchedule", {404, {}, body});
    EXPECT_EQ(error.kind, ErrorKind::unknown_fate) << body;
    EXPECT_THAT(error.message, HasSubstr("DeleteSchedule: HTTP 404"));
    EXPECT_THAT(error.hint, HasSubstr("--endpoint-url"));
  }
  EXPECT_EQ(explain_answer(scheduler_api, "X", {429, {}, "<html>"}).kind, ErrorKind::throttled);
}

TEST(SchedulerErrors, DoNotRepeatTheRequestsHeaders) {
  const auto error =
      explain(403, "InvalidSignatureException",
              "The request signature we calculated does not match.\\n\\nThe Canonical String\\n"
              "x-amz-security-token:TOKEN");
  EXPECT_THAT(error.message, HasSubstr("does not match."));
  EXPECT_THAT(error.message, Not(HasSubstr("TOKEN")));
}

}  // namespace
}  // namespace pitstop
