#include "aws/endpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/aws_endpoint.hpp"
#include "aws/endpoint_url.hpp"

namespace pitstop {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string default_endpoint(std::string_view service, std::string_view region, bool fips = false,
                             bool dual_stack = false) {
  return aws_endpoint(service_named(service), region, {.fips = fips, .dual_stack = dual_stack});
}

TEST(AwsEndpoint, HasTheSuffixOfItsPartition) {
  EXPECT_EQ(default_endpoint("ec2", "us-east-1"), "https://ec2.us-east-1.amazonaws.com");
  EXPECT_EQ(default_endpoint("sts", "cn-north-1"), "https://sts.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(default_endpoint("ec2", "us-gov-west-1"), "https://ec2.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(default_endpoint("ec2", "eusc-de-east-1"), "https://ec2.eusc-de-east-1.amazonaws.eu");
  EXPECT_EQ(default_endpoint("ec2", "us-iso-east-1"), "https://ec2.us-iso-east-1.c2s.ic.gov");
  EXPECT_EQ(default_endpoint("ec2", "us-isob-east-1"), "https://ec2.us-isob-east-1.sc2s.sgov.gov");
  EXPECT_EQ(default_endpoint("ec2", "eu-isoe-west-1"), "https://ec2.eu-isoe-west-1.cloud.adc-e.uk");
  EXPECT_EQ(default_endpoint("ec2", "us-isof-east-1"), "https://ec2.us-isof-east-1.csp.hci.ic.gov");
  EXPECT_EQ(default_endpoint("ec2", "moon-base-1"), "https://ec2.moon-base-1.amazonaws.com");
}

TEST(AwsEndpoint, HasVariants) {
  EXPECT_EQ(default_endpoint("ec2", "eu-west-1", true), "https://ec2-fips.eu-west-1.amazonaws.com");
  EXPECT_EQ(default_endpoint("ec2", "eu-west-1", false, true), "https://ec2.eu-west-1.api.aws");
  EXPECT_EQ(default_endpoint("ec2", "eu-west-1", true, true), "https://ec2-fips.eu-west-1.api.aws");
  EXPECT_EQ(default_endpoint("ec2", "cn-north-1", false, true),
            "https://ec2.cn-north-1.api.amazonwebservices.com.cn");
}

TEST(AwsEndpoint, InGovThePlainNameIsTheFipsEndpointOfMostServices) {
  EXPECT_EQ(default_endpoint("ec2", "us-gov-east-1", true),
            "https://ec2.us-gov-east-1.amazonaws.com");
  EXPECT_EQ(default_endpoint("sts", "us-gov-east-1", true),
            "https://sts.us-gov-east-1.amazonaws.com");
  EXPECT_EQ(default_endpoint("ebs", "us-gov-east-1", true),
            "https://ebs-fips.us-gov-east-1.amazonaws.com");
  EXPECT_EQ(default_endpoint("ec2", "us-gov-east-1", true, true),
            "https://ec2-fips.us-gov-east-1.api.aws");
}

TEST(AwsEndpointDeathTest, AServiceThatIsNotInTheTableIsABug) {
  EXPECT_DEATH(service_named("teleport"), "");
}

TEST(EndpointUrl, ComesBackWithoutASlashAtItsEnd) {
  const std::map<std::string, std::string> cases = {
      {"https://ec2.example.org", "https://ec2.example.org"},
      {"https://ec2.example.org/", "https://ec2.example.org"},
      {"HTTP://localhost:4566///", "http://localhost:4566"},
      {"http://127.0.0.1:1/", "http://127.0.0.1:1"},
      {"http://[::1]:65535", "http://[::1]:65535"},
      {"https://[fd00:ec2::254]", "https://[fd00:ec2::254]"},
      {"http://cloud:8773/services/compute/", "http://cloud:8773/services/compute"},
      {"http://a_b-c.d/%7Ee:f", "http://a_b-c.d/%7Ee:f"},
  };
  for (const auto& [url, normal] : cases) {
    EXPECT_EQ(parse_endpoint_url({url, "--endpoint-url"}), normal);
  }
}

TEST(EndpointUrl, OthersAreRefused) {
  for (const std::string url : {"",
                                "localhost",
                                "localhost:4566",
                                "ec2.example.org",
                                "ftp://host",
                                "file:///etc/passwd",
                                "//host",
                                "://host",
                                "http:/host",
                                "http://",
                                "https:///path",
                                "http://:80",
                                "http://host:",
                                "http://host:0",
                                "http://host:65536",
                                "http://host:-1",
                                "http://host:80x",
                                "http://host:+80",
                                "http://host:8:8",
                                "http://host?query",
                                "http://host/p?query",
                                "http://host#fragment",
                                "http://ho st",
                                "http://host/a b",
                                "http://host\n",
                                "http://höst",
                                "http://host\\path",
                                "http://-host",
                                "http://.",
                                "http://[::1",
                                "http://[host]",
                                "http://[::1]x",
                                "http://[]",
                                "http://host/\"",
                                " http://host",
                                "http://host\r\nX: y"}) {
    const auto parsed = parse_endpoint_url({url, "AWS_ENDPOINT_URL"});
    ASSERT_FALSE(parsed) << url;
    EXPECT_EQ(parsed.error().kind, ErrorKind::usage);
    EXPECT_THAT(parsed.error().message, HasSubstr("AWS_ENDPOINT_URL"));
    EXPECT_THAT(parsed.error().hint, HasSubstr("https://HOST"));
  }
}

TEST(EndpointUrl, APasswordIsRefusedAndNotShown) {
  for (const std::string url : {"http://user:PASSWORD@host", "https://PASSWORD@host/",
                                "ftp://user:PASSWORD@host", "http://user:PASSWORD@host?q"}) {
    const auto parsed = parse_endpoint_url({url, "--endpoint-url"});
    ASSERT_FALSE(parsed) << url;
    EXPECT_THAT(parsed.error().message + parsed.error().hint, Not(HasSubstr("PASSWORD")));
  }
  EXPECT_EQ(parse_endpoint_url({"http://u:p@host", "--endpoint-url"}).error().message,
            "--endpoint-url: the URL has a user name or a password in it");
}

/// A profile "web" with one services section "local", and whatever a test adds.
class EndpointChoice : public testing::Test {
 protected:
  EndpointChoice() {
    profile_.name = "web";
    set("services", "local");
    services_["local"].values["ec2"].nested["endpoint_url"] = "http://services.ec2";
  }

  void set(std::string key, std::string text) { profile_.settings.values[key].text = text; }

  Result<std::string> chosen(std::string_view service = "ec2") {
    const Environment environment(variables_);
    return choose_endpoint(
        service_named(service), "eu-west-1",
        {.flag = flag_, .environment = environment, .profile = profile_, .services = services_});
  }

  std::optional<std::string> flag_;
  std::map<std::string, std::string, std::less<>> variables_;
  Profile profile_;
  ConfigSections services_;
};

TEST_F(EndpointChoice, IsTheFirstThatIsSet) {
  set("endpoint_url", "http://profile");
  EXPECT_EQ(chosen(), "http://services.ec2");
  EXPECT_EQ(chosen("sts"), "http://profile");
  variables_["AWS_ENDPOINT_URL"] = "http://variable";
  EXPECT_EQ(chosen(), "http://variable");
  variables_["AWS_ENDPOINT_URL_EC2"] = "http://variable.ec2";
  EXPECT_EQ(chosen(), "http://variable.ec2");
  EXPECT_EQ(chosen("sts"), "http://variable");
  flag_ = "http://flag/";
  EXPECT_EQ(chosen(), "http://flag");
  EXPECT_EQ(chosen("sts"), "http://flag");
}

TEST_F(EndpointChoice, IsAwsOtherwise) {
  EXPECT_EQ(chosen("sts"), "https://sts.eu-west-1.amazonaws.com");
  profile_ = {};
  EXPECT_EQ(chosen(), "https://ec2.eu-west-1.amazonaws.com");
}

TEST_F(EndpointChoice, ServicesGoByTheirIds) {
  variables_["AWS_ENDPOINT_URL_AUTO_SCALING"] = "http://a";
  variables_["AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2"] = "http://b";
  EXPECT_EQ(chosen("autoscaling"), "http://a");
  EXPECT_EQ(chosen("elasticloadbalancing"), "http://b");
}

TEST_F(EndpointChoice, ConfiguredUrlsCanBeIgnored) {
  set("endpoint_url", "http://profile");
  variables_["AWS_ENDPOINT_URL"] = "http://variable";
  set("ignore_configured_endpoint_urls", "True");
  EXPECT_EQ(chosen(), "https://ec2.eu-west-1.amazonaws.com");
  variables_["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "false";
  EXPECT_EQ(chosen(), "http://variable");
  variables_["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "TRUE";
  EXPECT_EQ(chosen(), "https://ec2.eu-west-1.amazonaws.com");
  flag_ = "http://flag";
  EXPECT_EQ(chosen(), "http://flag");
}

TEST_F(EndpointChoice, VariantsComeFromVariableOrProfile) {
  set("use_fips_endpoint", "true");
  EXPECT_EQ(chosen("sts"), "https://sts-fips.eu-west-1.amazonaws.com");
  variables_["AWS_USE_DUALSTACK_ENDPOINT"] = "true";
  EXPECT_EQ(chosen("sts"), "https://sts-fips.eu-west-1.api.aws");
  variables_["AWS_USE_FIPS_ENDPOINT"] = "false";
  EXPECT_EQ(chosen("sts"), "https://sts.eu-west-1.api.aws");
  EXPECT_EQ(chosen("ec2"), "http://services.ec2") << "a URL that is set has no variants";
}

TEST_F(EndpointChoice, ASwitchIsTrueOrFalse) {
  variables_["AWS_USE_FIPS_ENDPOINT"] = "1";
  EXPECT_EQ(chosen("sts").error().message,
            "AWS_USE_FIPS_ENDPOINT is \"1\", neither true nor false");
  variables_.clear();
  set("ignore_configured_endpoint_urls", "yes");
  EXPECT_EQ(
      chosen().error().message,
      "ignore_configured_endpoint_urls of profile \"web\" is \"yes\", neither true nor false");
}

TEST_F(EndpointChoice, TheServicesSectionMustExist) {
  services_.clear();
  const auto url = chosen();
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().kind, ErrorKind::usage);
  EXPECT_EQ(url.error().message, "profile \"web\" asks for services \"local\", which do not exist");
  variables_["AWS_ENDPOINT_URL"] = "http://variable";
  EXPECT_EQ(chosen(), "http://variable") << "nobody needs it then";
}

TEST_F(EndpointChoice, AServiceHasItsUrlInAnIndentedLine) {
  services_["local"].values["ec2"].text = "http://services.ec2";
  EXPECT_EQ(chosen().error().message, "ec2 in [services local] has a value on its own line");
  services_["local"].values["ec2"] = {"", {{"other", "x"}}};
  EXPECT_EQ(chosen(), "https://ec2.eu-west-1.amazonaws.com");
}

TEST_F(EndpointChoice, MessagesNameThePlace) {
  services_["local"].values["ec2"].nested["endpoint_url"] = "nonsense";
  EXPECT_EQ(chosen().error().message,
            "endpoint_url of ec2 in [services local] is not an http or https URL");
  set("endpoint_url", "http://");
  EXPECT_EQ(chosen("sts").error().message,
            "endpoint_url of profile \"web\": the URL has no valid host");
  variables_["AWS_ENDPOINT_URL_STS"] = "http://h:x";
  EXPECT_EQ(chosen("sts").error().message, "AWS_ENDPOINT_URL_STS: the URL has no valid port");
}

}  // namespace
}  // namespace pitstop
