#include "aws/identity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "home.hpp"
#include "support/closed_doors.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

using test::Home;
using testing::HasSubstr;

void set_up(Home& home) {
  home.config(
      "[default]\nregion = eu-west-1\n"
      "[profile web]\nregion = eu-central-1\nservices = local\n"
      "[services local]\nec2 =\n  endpoint_url = http://localhost:4566/\n");
  home.credentials(
      "[web]\naws_access_key_id = ID\naws_secret_access_key = SECRET\n"
      "aws_session_token = TOKEN\n");
}

CO_TEST(Identity, IsWhatTheFilesSay) {
  Home home;
  set_up(home);
  auto identity = Identity::load({.region = {}, .profile = "web", .endpoint_url = {}},
                                 home.environment(), test::closed_doors());
  CO_ASSERT_TRUE(identity);
  EXPECT_EQ(identity->profile(), "web");
  EXPECT_EQ(identity->region(), "eu-central-1");
  EXPECT_EQ(identity->endpoint("ec2"), "http://localhost:4566");
  EXPECT_EQ(identity->endpoint("sts"), "https://sts.eu-central-1.amazonaws.com");
  const auto credentials = co_await identity->credentials();
  CO_ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->access_key_id, "ID");
}

CO_TEST(Identity, SignsForAService) {
  Home home;
  set_up(home);
  home.set("AWS_PROFILE", "web");
  auto identity = Identity::load({}, home.environment(), test::closed_doors());
  CO_ASSERT_TRUE(identity);
  const auto signature = co_await identity->signature("ec2");
  CO_ASSERT_TRUE(signature);
  EXPECT_EQ(signature->service, "ec2");
  EXPECT_EQ(signature->region, "eu-central-1");
  EXPECT_EQ(signature->access_key_id, "ID");
  EXPECT_EQ(signature->secret_access_key.reveal(), "SECRET");
  EXPECT_EQ(signature->session_token.reveal(), "TOKEN");
}

CO_TEST(Identity, MayBeMovedAndCanDoWithoutCredentials) {
  Home home;
  set_up(home);
  auto loaded = Identity::load({}, home.environment(), test::closed_doors());
  CO_ASSERT_TRUE(loaded);
  Identity identity = *std::move(loaded);
  EXPECT_EQ(identity.region(), "eu-west-1");
  const auto credentials = co_await identity.credentials();
  CO_ASSERT_TRUE(!credentials);
  EXPECT_EQ(credentials.error().kind, ErrorKind::forbidden);
  const auto signature = co_await identity.signature("ec2");
  CO_ASSERT_TRUE(!signature);
  EXPECT_EQ(signature.error().message, "no AWS credentials found");
}

CO_TEST(Identity, SettingsOfTheMetadataServiceConcernOnlyWhoAsksIt) {
  Home home;
  set_up(home);
  home.set("AWS_PROFILE", "web").set("AWS_METADATA_SERVICE_TIMEOUT", "soon");
  auto identity = Identity::load({}, home.environment(), test::closed_doors());
  CO_ASSERT_TRUE(identity);
  EXPECT_TRUE(co_await identity->credentials());
  EXPECT_EQ(co_await identity->own_instance(), std::nullopt);
}

TEST(Identity, OptionsComeFirst) {
  Home home;
  set_up(home);
  home.set("AWS_PROFILE", "nobody").set("AWS_REGION", "x").set("AWS_ENDPOINT_URL", "http://x");
  const auto identity = Identity::load(
      {.region = "us-east-1", .profile = "web", .endpoint_url = "https://other.example.org/"},
      home.environment(), test::closed_doors());
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->region(), "us-east-1");
  EXPECT_EQ(identity->endpoint("ec2"), "https://other.example.org");
  EXPECT_EQ(identity->endpoint("sts"), "https://other.example.org");
}

TEST(Identity, WhatIsSetUpWronglyIsAnError) {
  Home home;
  set_up(home);
  const auto message_of = [&](IdentityOptions options) {
    const auto identity =
        Identity::load(std::move(options), home.environment(), test::closed_doors());
    return identity ? "no error" : identity.error().message;
  };
  EXPECT_EQ(message_of({.region = "EU", .profile = {}, .endpoint_url = {}}),
            "--region is \"EU\", not a region");
  EXPECT_EQ(message_of({.region = {}, .profile = "nobody", .endpoint_url = {}}),
            "there is no profile \"nobody\"");
  home.config("region\n");
  EXPECT_THAT(message_of({}), HasSubstr("/.aws/config, line 1: "));
}

TEST(Identity, ABadEndpointIsAnErrorOfTheEndpoint) {
  Home home;
  set_up(home);
  const auto identity = Identity::load({.region = {}, .profile = {}, .endpoint_url = "nonsense"},
                                       home.environment(), test::closed_doors());
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->endpoint("ec2").error().message,
            "--endpoint-url is not an http or https URL");
}

}  // namespace
}  // namespace pitstop
