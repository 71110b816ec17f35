#include "aws/remote_commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "service_world.hpp"

namespace pitstop {
namespace {

using nlohmann::json;
using testing::SizeIs;

using CommandBench = test::ScriptedService<RemoteCommands>;
using CommandWorld = test::SimulatedService<RemoteCommands>;

RemoteCommand some_command() {
  return {.document = "pitstop-freeze",
          .instance = InstanceId("i-1"),
          .parameters = {{"Action", "thaw"}, {"Backup", "b-0123456789ab"}},
          .comment = "why"};
}

VIRTUAL_TEST(RemoteCommandsTest, SendsACommand) {
  CommandBench bench(time);
  bench.http.answer(200, R"({"Command":{"CommandId":"c-1"}})");
  const auto sent = co_await bench.client.send(some_command(), Seconds(5));
  CO_ASSERT_TRUE(sent);
  EXPECT_EQ(*sent, "c-1");
  const auto& request = bench.http.requests.front();
  EXPECT_EQ(request.url, "https://ssm.eu-central-1.amazonaws.com/");
  EXPECT_EQ(request.headers[1].value, "AmazonSSM.SendCommand");
  EXPECT_EQ(request.signature->service, "ssm");
  const auto body = json::parse(request.body);
  EXPECT_EQ(body["InstanceIds"], json({"i-1"}));
  EXPECT_EQ(body["Parameters"]["Action"], json({"thaw"}));
  EXPECT_EQ(body["TimeoutSeconds"], 30);
}

VIRTUAL_TEST(RemoteCommandsTest, LooksHowFarItIs) {
  CommandBench bench(time);
  bench.http.answer(400, R"({"__type":"InvocationDoesNotExist"})");
  bench.http.answer(200, R"({"Status":"InProgress","ResponseCode":-1})");
  bench.http.answer(200, R"({"Status":"Failed","ResponseCode":25,"StandardErrorContent":"no"})");
  const InstanceId instance("i-1");
  const auto early = co_await bench.client.look("c-1", instance, Seconds(5));
  EXPECT_EQ(early.error().kind, ErrorKind::not_found);
  const auto under_way = co_await bench.client.look("c-1", instance, Seconds(5));
  EXPECT_FALSE(under_way->has_ended());
  const auto ended = co_await bench.client.look("c-1", instance, Seconds(5));
  EXPECT_TRUE(ended->has_ended());
  EXPECT_FALSE(ended->has_succeeded());
  EXPECT_EQ(ended->exit_code, 25);
  EXPECT_EQ(ended->errors, "no");
}

VIRTUAL_TEST(RemoteCommandsTest, ErrorsAreOneKindPerReaction) {
  for (const auto& [code, kind] : std::vector<std::pair<std::string, ErrorKind>>{
           {"InvalidDocument", ErrorKind::refused},
           {"InvalidInstanceId", ErrorKind::refused},
           {"AccessDeniedException", ErrorKind::forbidden}}) {
    CommandBench bench(time);
    bench.http.answer(400, R"({"__type":")" + code + R"(","message":"told"})");
    const auto sent = co_await bench.client.send(some_command(), Seconds(5));
    CO_ASSERT_TRUE(!sent);
    EXPECT_EQ(sent.error().kind, kind) << code;
  }
}

VIRTUAL_TEST(RemoteCommandsTest, AnAnswerThatIsNoneIsNone) {
  for (const auto* body : {"{}", R"({"Command":{}})", R"({"Command":7})", R"({"Status":7})"}) {
    CommandBench bench(time);
    bench.http.answer(200, body).answer(200, body);
    const auto sent = co_await bench.client.send(some_command(), Seconds(1));
    CO_ASSERT_TRUE(!sent);
    EXPECT_EQ(sent.error().kind, ErrorKind::unknown_fate) << body;
    const auto seen = co_await bench.client.look("c-1", InstanceId("i-1"), Seconds(1));
    CO_ASSERT_TRUE(!seen);
  }
}

}  // namespace
}  // namespace pitstop
