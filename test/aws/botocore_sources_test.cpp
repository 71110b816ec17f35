// Holds which source of credentials is asked, and who we are in the end, against botocore in the
// same surroundings. A server plays STS, a container, the instance metadata service and the portal
// of IAM Identity Center; the access key ids that it gives tell by whom and how they were asked
// for.
#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "botocore_cases.hpp"
#include "credential_bench.hpp"
#include "sts_replies.hpp"
#include "support/botocore.hpp"
#include "support/coroutine.hpp"
#include "support/fault_server.hpp"

namespace pitstop {
namespace {

using nlohmann::json;
using test::chance;
using test::one_of;
using test::RecordedRequest;
using test::refusal;
using test::refused;

class BotocoreSources : public test::Botocore {};

/// The access key by which a request is signed; the token that a request without a signature shows.
std::string asker(const RecordedRequest& request) {
  const auto authorization = request.header("Authorization");
  const auto begin = authorization.find("Credential=");
  if (begin == std::string::npos) {
    return request.parameter("WebIdentityToken");
  }
  const auto id = authorization.substr(begin + 11);
  return id.substr(0, id.find('/'));
}

HttpResponse answer_sts(const RecordedRequest& request) {
  const auto role = request.parameter("RoleArn").substr(31);
  return test::xml_reply(200, test::sts_reply(request.action(), role + "." + asker(request)));
}

HttpResponse json_reply(const json& body) {
  return {200, {{"Content-Type", "application/json"}}, body.dump()};
}

HttpResponse document(const std::string& id) {
  return json_reply({{"AccessKeyId", id},
                     {"SecretAccessKey", "S"},
                     {"Token", "T"},
                     {"Expiration", "2099-01-01T00:00:00Z"}});
}

HttpResponse answer_all(const RecordedRequest& request) {
  const std::string_view target = request.target;
  if (target == "/container") {
    return document("CONTAINER" + request.header("Authorization"));
  }
  if (target == "/latest/api/token") {
    return {200, {}, "token"};
  }
  if (target.ends_with("/security-credentials/")) {
    return {200, {}, "role"};
  }
  if (target.ends_with("/security-credentials/role")) {
    return document("INSTANCE");
  }
  if (target.starts_with("/federation/credentials")) {
    const auto id = request.parameter("role_name") + "." + request.header("x-amz-sso_bearer_token");
    return json_reply({{"roleCredentials",
                        {{"accessKeyId", id},
                         {"secretAccessKey", "S"},
                         {"sessionToken", "T"},
                         {"expiration", 4070908800000}}}});
  }
  return answer_sts(request);
}

json sso_token(const std::string& token) {
  return {{"accessToken", token},
          {"expiresAt", "2099-01-01T00:00:00Z"},
          {"startUrl", "https://corp.awsapps.com/start"},
          {"region", "us-east-1"}};
}

/// Makes a case piece by piece; each piece is there with the probability given.
class RandomSources {
 public:
  RandomSources(Random& random, std::string server, std::string token_file)
      : random_(random), server_(std::move(server)), token_file_(std::move(token_file)) {}

  json make() {
    json one{{"config", config()}, {"credentials", credentials()}, {"env", variables()}};
    one["profile"] = chance(0.4, random_) ? json(one_of(profiles, random_)) : json();
    // sha1 of "corp" and of the start URL.
    one["sso_cache"] = {
        {"ee0bfd2552fbd840c02cc48b6e823320543c450f.json", sso_token("SESSION").dump()},
        {"a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json", sso_token("OLDER").dump()}};
    return one;
  }

 private:
  static constexpr const char* profiles[] = {"default", "a", "b"};
  static constexpr const char* sources[] = {"Environment", "EcsContainer", "Ec2InstanceMetadata",
                                            "Nothing"};

  std::string maybe(double probability, const std::string& text) {
    return chance(probability, random_) ? text : "";
  }
  std::string number() { return std::to_string(random_.next() % 10); }

  std::string keys() {
    return "aws_access_key_id = KEY" + number() + "\naws_secret_access_key = S\n";
  }

  std::string role() {
    return "role_arn = arn:aws:iam::123456789012:role/R" + number() + "\n" +
           maybe(0.7, std::string("source_profile = ") + one_of(profiles, random_) + "\n") +
           maybe(0.3, std::string("credential_source = ") + one_of(sources, random_) + "\n");
  }

  std::string sso() {
    const bool older_form = chance(0.5, random_);
    return maybe(0.9, "sso_account_id = 123456789012\n") +
           maybe(0.9, "sso_role_name = SSO" + number() + "\n") +
           (older_form ? "sso_region = us-east-1\nsso_start_url = https://corp.awsapps.com/start\n"
                       : "sso_session = corp\n");
  }

  std::string process() {
    return "credential_process = printf "
           "'{\"Version\": 1, \"AccessKeyId\": \"%s\", \"SecretAccessKey\": \"S\"}' PROCESS" +
           number() + "\n";
  }

  std::string settings() {
    return maybe(0.3, keys()) + maybe(0.4, role()) + maybe(0.2, sso()) + maybe(0.3, process()) +
           maybe(0.2, "web_identity_token_file = " + token_file_ + "\n");
  }

  std::string config() {
    return maybe(0.8, "[default]\n" + settings()) + "[profile a]\n" + settings() + "[profile b]\n" +
           settings() +
           maybe(0.9,
                 "[sso-session corp]\nsso_region = us-east-1\n"
                 "sso_start_url = https://corp.awsapps.com/start\n");
  }

  std::string credentials() {
    return maybe(0.2, "[default]\n" + keys()) + maybe(0.2, "[a]\n" + keys()) +
           maybe(0.2, "[b]\n" + keys());
  }

  json variables() {
    json variables{{"AWS_ENDPOINT_URL", server_},
                   {"AWS_EC2_METADATA_SERVICE_ENDPOINT", server_},
                   {"AWS_EC2_METADATA_DISABLED", chance(0.5, random_) ? "true" : "false"},
                   {"AWS_DEFAULT_REGION", "us-east-1"}};
    const auto maybe_put = [&](double probability, const char* name, const std::string& value) {
      if (chance(probability, random_)) {
        variables[name] = value;
      }
    };
    maybe_put(0.4, "AWS_PROFILE", one_of(profiles, random_));
    maybe_put(0.2, "AWS_WEB_IDENTITY_TOKEN_FILE", token_file_);
    maybe_put(0.2, "AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/WEB");
    maybe_put(0.4, "AWS_CONTAINER_CREDENTIALS_FULL_URI", server_ + "/container");
    maybe_put(0.5, "AWS_CONTAINER_AUTHORIZATION_TOKEN", "WORD");
    if (chance(0.2, random_)) {
      variables["AWS_ACCESS_KEY_ID"] = "ENV";
      variables["AWS_SECRET_ACCESS_KEY"] = "S";
    }
    return variables;
  }

  Random& random_;
  std::string server_;
  std::string token_file_;
};

/// In the form of the script's answer.
Task<void> ask_ours(const json& one, json& answer) {
  test::CredentialBench bench(co_await boost::asio::this_coro::executor);
  bench.home.config(one["config"].get<std::string>())
      .credentials(one["credentials"].get<std::string>());
  for (const auto& [name, value] : one["env"].items()) {
    bench.home.set(name, value.get<std::string>());
  }
  std::filesystem::create_directories(bench.home.directory() / ".aws/sso/cache");
  for (const auto& [name, text] : one["sso_cache"].items()) {
    bench.home.directory().write(".aws/sso/cache/" + name, text.get<std::string>());
  }
  const auto flag =
      one["profile"].is_null() ? std::nullopt : std::optional(one["profile"].get<std::string>());
  const auto ours = co_await bench.ask(flag);
  if (ours.credentials) {
    answer = ours.id();
  } else if (ours.id() != "no AWS credentials found") {
    answer = refusal(ours.id());
  }
}

TEST_F(BotocoreSources, AreAskedInTheSameOrderInRandomSurroundings) {
  constexpr int count = 200;
  test::FaultServer server;
  server.on_any().always().answer(answer_all);
  const test::TemporaryDirectory directory;
  const auto token_file = directory.write("token", "WEBTOKEN");
  SeededRandom random(20260103);
  RandomSources sources(random, server.endpoint(), token_file.string());
  auto cases = json::array();
  for (int i = 0; i < count; ++i) {
    cases.push_back(sources.make());
  }
  const auto theirs = ask("aws/botocore_sources.py", cases);
  std::set<std::string> kinds;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    json ours;
    test::run([&] { return ask_ours(cases[i], ours); });
    if (refused(theirs.at(i))) {
      EXPECT_TRUE(refused(ours)) << cases[i] << "\nbotocore: " << theirs[i] << "\nours: " << ours;
    } else {
      EXPECT_EQ(ours, theirs.at(i)) << cases[i];
    }
    if (ours.is_string()) {
      const auto id = ours.get<std::string>();
      kinds.insert(id.substr(0, id.find_first_of("0123456789.")));
    }
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"CONTAINER", "CONTAINERWORD", "ENV", "INSTANCE", "KEY",
                                          "PROCESS", "R", "SSO", "WEB"}));
}

}  // namespace
}  // namespace pitstop
