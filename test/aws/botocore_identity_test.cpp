// Holds profile, region, endpoint and credentials against what botocore makes of the same
// surroundings.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "aws/identity.hpp"
#include "botocore_cases.hpp"
#include "home.hpp"
#include "support/botocore.hpp"
#include "support/closed_doors.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

using nlohmann::json;
using test::chance;
using test::Home;
using test::one_of;
using test::refusal;
using test::refused;

class BotocoreIdentity : public test::Botocore {
 protected:
  /// Returns in how many cases botocore has a client and credentials.
  static int compare(const json& cases);
};

json client_of(const Identity& identity, const std::string& service) {
  const auto endpoint = identity.endpoint(service);
  if (!endpoint) {
    return refusal(endpoint.error().message);
  }
  return {{"region", identity.region()}, {"endpoint", *endpoint}};
}

Task<void> ask_for_credentials(Identity& identity, json& answer) {
  const auto found = co_await identity.credentials();
  if (found) {
    answer = {found->access_key_id, found->secret_access_key.reveal(),
              found->session_token.reveal()};
  } else if (found.error().kind != ErrorKind::forbidden) {
    answer = refusal(found.error().message);
  }
}

std::optional<std::string> option(const json& one, const char* name) {
  const auto& options = one["options"];
  return options.contains(name) ? std::optional(options[name].get<std::string>()) : std::nullopt;
}

/// In the form of the script's answer.
json our_session(const json& one) {
  Home home;
  home.config(one["config"].get<std::string>()).credentials(one["credentials"].get<std::string>());
  for (const auto& [name, value] : one["env"].items()) {
    home.set(name, value.get<std::string>());
  }
  auto identity = Identity::load({.region = option(one, "region"),
                                  .profile = option(one, "profile"),
                                  .endpoint_url = option(one, "endpoint_url")},
                                 home.environment(), test::closed_doors());
  if (!identity) {
    return {{"client", refusal(identity.error().message)},
            {"credentials", refusal(identity.error().message)}};
  }
  json credentials;
  test::run([&] { return ask_for_credentials(*identity, credentials); });
  return {{"client", client_of(*identity, one["service"])}, {"credentials", credentials}};
}

/// Makes a case piece by piece; each piece is there with the probability given. Left out is what
/// pitstop does otherwise on purpose: AWS_REGION, AWS_PROFILE before AWS_DEFAULT_PROFILE, a secret
/// without its id.
class RandomSession {
 public:
  explicit RandomSession(Random& random) : random_(random) {}

  json make() {
    return {{"config", config()},
            {"credentials", credentials()},
            {"env", variables()},
            {"options", options()},
            {"service", one_of(services, random_)}};
  }

 private:
  static constexpr const char* services[] = {"ec2", "sts", "ebs", "ssm"};
  static constexpr const char* regions[] = {"us-east-1", "eu-central-1", "us-gov-west-1",
                                            "cn-north-1", "us-isob-east-1"};
  static constexpr const char* switches[] = {"true", "false", "True"};

  std::string maybe(double probability, const std::string& text) {
    return chance(probability, random_) ? text : "";
  }
  std::string number() { return std::to_string(random_.next() % 10); }
  std::string url() { return "http://host" + number() + maybe(0.5, "/"); }
  std::string region() { return one_of(regions, random_); }
  std::string yes_or_no() { return one_of(switches, random_); }

  std::string keys() {
    return maybe(0.5, "aws_access_key_id = ID" + number() + "\n" +
                          maybe(0.9, "aws_secret_access_key = S" + number() + "\n") +
                          maybe(0.3, "aws_session_token = T" + number() + "\n") +
                          maybe(0.1, "aws_security_token = O" + number() + "\n"));
  }

  std::string settings() {
    return maybe(0.9, "region = " + region() + "\n") +
           maybe(0.3, "endpoint_url = " + url() + "\n") +
           maybe(0.4, std::string("services = ") + (chance(0.95, random_) ? "x" : "y") + "\n") +
           maybe(0.2, "use_fips_endpoint = " + yes_or_no() + "\n") +
           maybe(0.2, "use_dualstack_endpoint = " + yes_or_no() + "\n") +
           maybe(0.1, "ignore_configured_endpoint_urls = " + yes_or_no() + "\n");
  }

  std::string config() {
    return maybe(0.8, "[default]\n" + settings() + keys()) +
           maybe(0.9, "[profile a]\n" + settings() + keys()) +
           maybe(0.95, "[services x]\ns3 =\n  a = b\n" +
                           maybe(0.7, "ec2 =\n  endpoint_url = " + url() + "\n") +
                           maybe(0.7, "sts =\n  endpoint_url = " + url() + "\n"));
  }

  std::string credentials() {
    return maybe(0.6, "[default]\n" + keys() + maybe(0.2, "region = " + region() + "\n")) +
           maybe(0.6, "[a]\n" + keys() + maybe(0.2, "endpoint_url = " + url() + "\n"));
  }

  void maybe_put(json& object, double probability, const char* name, const std::string& value) {
    if (chance(probability, random_)) {
      object[name] = value;
    }
  }

  json variables() {
    auto variables = json::object();
    maybe_put(variables, 0.4, chance(0.5, random_) ? "AWS_PROFILE" : "AWS_DEFAULT_PROFILE", "a");
    maybe_put(variables, 0.3, "AWS_DEFAULT_REGION", region());
    maybe_put(variables, 0.1, "AWS_ENDPOINT_URL", url());
    maybe_put(variables, 0.1, "AWS_ENDPOINT_URL_EC2", url());
    maybe_put(variables, 0.1, "AWS_ENDPOINT_URL_STS", url());
    maybe_put(variables, 0.2, "AWS_USE_FIPS_ENDPOINT", yes_or_no());
    maybe_put(variables, 0.2, "AWS_USE_DUALSTACK_ENDPOINT", yes_or_no());
    maybe_put(variables, 0.2, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", yes_or_no());
    if (chance(0.3, random_)) {
      variables["AWS_ACCESS_KEY_ID"] = "ENV";
      maybe_put(variables, 0.9, "AWS_SECRET_ACCESS_KEY", "S");
      maybe_put(variables, 0.3, "AWS_SESSION_TOKEN", "T");
      maybe_put(variables, 0.1, "AWS_SECURITY_TOKEN", "O");
    }
    return variables;
  }

  json options() {
    auto options = json::object();
    maybe_put(options, 0.2, "profile", chance(0.9, random_) ? "a" : "nobody");
    maybe_put(options, 0.3, "region", region());
    maybe_put(options, 0.1, "endpoint_url", url());
    return options;
  }

  Random& random_;
};

int BotocoreIdentity::compare(const json& cases) {
  const auto theirs = ask("aws/botocore_config.py", cases);
  int complete = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto ours = our_session(cases[i]);
    if (ours["client"] == refusal("no region is set")) {
      const auto& client = theirs.at(i)["client"];
      EXPECT_TRUE(refused(client) || client["region"].is_null() || client["region"] == "aws-global")
          << cases[i];
      continue;
    }
    for (const auto* part : {"client", "credentials"}) {
      if (refused(theirs.at(i)[part])) {
        EXPECT_TRUE(refused(ours[part]))
            << cases[i] << "\nbotocore: " << theirs[i] << "\nours: " << ours;
      } else {
        EXPECT_EQ(ours[part], theirs.at(i)[part]) << cases[i];
      }
    }
    complete += !refused(theirs.at(i)["client"]) && theirs.at(i)["credentials"].is_array();
  }
  return complete;
}

TEST_F(BotocoreIdentity, IsTheSameIdentityInRandomSurroundings) {
  constexpr int count = 300;
  SeededRandom random(20260102);
  auto cases = json::array();
  for (int i = 0; i < count; ++i) {
    cases.push_back(RandomSession(random).make());
  }
  EXPECT_GT(compare(cases), count / 4);
}

}  // namespace
}  // namespace pitstop
