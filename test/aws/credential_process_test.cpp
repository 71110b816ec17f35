#include "aws/credential_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>

#include "credential_bench.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

using test::CredentialBench;
using testing::HasSubstr;
using testing::Not;

/// A profile whose credential_process is a script of that text.
void set_up(CredentialBench& bench, std::string_view script, std::string_view arguments = "") {
  const auto& directory = bench.home.directory();
  const auto file = directory.write("keys.sh", "#!/bin/sh\n" + std::string(script));
  std::filesystem::permissions(file, std::filesystem::perms(0700));
  bench.home.config("[default]\ncredential_process = '" + file.string() + "' " +
                    std::string(arguments) + "\n");
}

std::string printing(std::string_view document) {
  return "cat <<'END'\n" + std::string(document) + "\nEND\n";
}

CO_TEST(CredentialProcess, GivesWhatItPrints) {
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  set_up(bench, printing(R"({"Version": 1, "AccessKeyId": "ID", "SecretAccessKey": "SECRETKEY",
                            "SessionToken": "SECRETTOKEN",
                            "Expiration": "2099-01-01T02:00:00+02:00"})"));
  const auto answer = co_await bench.ask();
  answer.expect_whole("ID", "come from credential_process of profile \"default\"");
}

CO_TEST(CredentialProcess, NeedsNeitherTokenNorExpiry) {
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  set_up(bench, printing(R"({"Version": 1, "AccessKeyId": "ID", "SecretAccessKey": "S",
                            "SessionToken": null})"));
  const auto answer = co_await bench.ask();
  CO_ASSERT_TRUE(answer.credentials);
  EXPECT_TRUE(answer.credentials->session_token.empty());
  EXPECT_FALSE(answer.credentials->expires);
}

CO_TEST(CredentialProcess, GetsItsArgumentsAsAShellSplitsThemButFromNoShell) {
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  set_up(bench,
         R"(printf '{"Version": 1, "AccessKeyId": "%s.%s.%s", "SecretAccessKey": "S"}' "$@")",
         R"('$HOME' "a;b" c\;d)");
  const auto answer = co_await bench.ask();
  EXPECT_EQ(answer.id(), "$HOME.a;b.c;d");
}

CO_TEST(CredentialProcess, BadOutputIsAnErrorThatDoesNotShowIt) {
  struct Case {
    const char* output;
    const char* message;
  };
  const Case cases[] = {
      {"", "its output is not an object of JSON"},
      {"<html>SECRET</html>", "its output is not an object of JSON"},
      {R"({"Version": 1, "AccessKeyId": "ID", "SecretAccessKey": "SECR)",
       "its output is not an object of JSON"},
      {R"(["SECRET"])", "its output is not an object of JSON"},
      {R"({"AccessKeyId": "ID", "SecretAccessKey": "SECRET"})", "Version of its output is not 1"},
      {R"({"Version": 2, "AccessKeyId": "ID", "SecretAccessKey": "SECRET"})",
       "Version of its output is not 1"},
      {R"({"Version": 1, "SecretAccessKey": "SECRET"})", "the answer has no AccessKeyId"},
      {R"({"Version": 1, "AccessKeyId": "ID"})", "the answer has no SecretAccessKey"},
      {R"({"Version": 1, "AccessKeyId": "ID", "SecretAccessKey": ["SECRET"]})",
       "SecretAccessKey of the answer is not text"},
      {R"({"Version": 1, "AccessKeyId": "ID", "SecretAccessKey": "SECRET\nX"})",
       "the keys of the answer have white space or other strange characters"},
      {R"({"Version": 1, "AccessKeyId": "ID", "SecretAccessKey": "SECRET", "Expiration": "soon"})",
       "Expiration of the answer is not a time"},
  };
  for (const auto& [output, message] : cases) {
    CredentialBench bench(co_await boost::asio::this_coro::executor);
    set_up(bench, printing(output));
    const auto answer = co_await bench.ask();
    EXPECT_EQ(answer.id(), "credential_process of profile \"default\": " + std::string(message));
    EXPECT_THAT(answer.said, Not(HasSubstr("SECR")));
    EXPECT_THAT(answer.hint(), HasSubstr("\"Version\": 1"));
  }
}

CO_TEST(CredentialProcess, AFailureTellsTheFirstLineOfWhatItSaysAndNoSecret) {
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  set_up(bench,
         printing(R"({"SecretAccessKey": "SECRETKEY"})") +
             "echo \"no vault at home, tried $1 and SECRETKEY\" >&2\necho more >&2\nexit 4\n",
         "--password=SECRETWORD");
  const auto answer = co_await bench.ask();
  EXPECT_EQ(answer.id(), "credential_process of profile \"default\": \"" +
                             (bench.home.directory() / "keys.sh").string() +
                             "\" ended with status 4: no vault at home, tried *** and ***");
  EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
  EXPECT_EQ(answer.hint(), "run it by hand, as this user");
}

CO_TEST(CredentialProcess, OneThatIsNotThereIsAnErrorAndNobodyElseIsAsked) {
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  bench.home.config(
      "[default]\ncredential_process = /nonexistent/keys --password SECRET\n"
      "aws_access_key_id = ID\naws_secret_access_key = S\n");
  const auto answer = co_await bench.ask();
  EXPECT_EQ(answer.id(),
            "credential_process of profile \"default\": \"/nonexistent/keys\" cannot "
            "be started: no such file or directory");
  EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
}

CO_TEST(CredentialProcess, AQuoteThatIsNotClosedIsNoCommand) {
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  bench.home.config("[default]\ncredential_process = keys 'SECRET\n");
  const auto answer = co_await bench.ask();
  EXPECT_EQ(answer.id(), "credential_process of profile \"default\": it is no command");
  EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
}

VIRTUAL_TEST(CredentialProcess, OneThatHangsIsWorthAnotherTry) {
  Profile profile;
  profile.settings.values["credential_process"].text = "keys";
  const auto run = [](Program program) -> Task<Result<ProgramEnd>> {
    EXPECT_EQ(program.time_limit, Seconds(60));
    co_return fail(ErrorKind::deadline, "\"keys\" has not ended within 1m 00s");
  };
  const auto source = credential_process(profile, run);
  const auto answer = co_await source->load();
  CO_ASSERT_TRUE(!answer);
  EXPECT_EQ(answer.error().message,
            "credential_process of profile \"default\": \"keys\" has not ended within 1m 00s");
}

}  // namespace
}  // namespace pitstop
