// Holds the URLs that we sign against those that botocore signs.

#include "aws/presigned_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "botocore_cases.hpp"
#include "support/botocore.hpp"

namespace pitstop {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using PresignedUrl = test::Botocore;

AwsSignature signature_with(const std::string& token) {
  return {.service = "ec2",
          .region = "eu-west-1",
          .access_key_id = "AKIDEXAMPLE",
          .secret_access_key = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
          .session_token = Secret(token)};
}

const WallTime some_time = parse_rfc3339("2026-02-03T04:05:06.789Z").value();

std::vector<std::string> parts_of(std::string_view url) {
  const auto query = url.find('?');
  std::vector<std::string> parts{std::string(url.substr(0, query))};
  for (const auto part : split(url.substr(query + 1), '&')) {
    parts.emplace_back(part);
  }
  std::ranges::sort(parts);
  return parts;
}

TEST(PresignedUrlText, SaysWhoAsksForWhatAndUntilWhen) {
  const auto url = presigned_url(signature_with(""), "https://ec2.eu-west-1.amazonaws.com",
                                 {{"Action", "CopySnapshot"}}, some_time, Seconds(900));
  EXPECT_THAT(url,
              testing::StartsWith("https://ec2.eu-west-1.amazonaws.com/?Action=CopySnapshot&"));
  EXPECT_THAT(url, HasSubstr("X-Amz-Credential=AKIDEXAMPLE%2F20260203%2Feu-west-1%2Fec2%2Faws4_"));
  EXPECT_THAT(url, HasSubstr("X-Amz-Date=20260203T040506Z&X-Amz-Expires=900&"));
  EXPECT_THAT(url, Not(HasSubstr("Security-Token")));
  EXPECT_THAT(url, Not(HasSubstr("wJalrXUtnFEMI")));
}

TEST_F(PresignedUrl, IsSignedAsBotocoreSignsIt) {
  SeededRandom random(7);
  const std::vector<std::string> endpoints{"https://ec2.eu-west-1.amazonaws.com",
                                           "http://127.0.0.1:5000", "https://ec2.example/below"};
  const std::vector<std::string> values{"snap-0a1b", "a b+c", "x=y&z", "äß/~*'", ""};
  json cases = json::array();
  std::vector<std::string> ours;
  for (int i = 0; i < 200; ++i) {
    const auto& endpoint = test::one_of(endpoints, random);
    const QueryParameters parameters{{"Action", "CopySnapshot"},
                                     {"SourceSnapshotId", test::one_of(values, random)},
                                     {"a name", test::one_of(values, random)}};
    const std::string token = test::chance(0.5, random) ? "tok/en+==" : "";
    const auto time = some_time + std::chrono::hours(random.next() % 100000);
    cases.push_back({{"endpoint", endpoint},
                     {"parameters", parameters},
                     {"service", "ec2"},
                     {"region", "eu-west-1"},
                     {"id", "AKIDEXAMPLE"},
                     {"secret", signature_with("").secret_access_key.reveal()},
                     {"token", token.empty() ? json(nullptr) : json(token)},
                     {"time", rfc3339(time)},
                     {"lasts", 900}});
    ours.push_back(presigned_url(signature_with(token), endpoint, parameters, time, Seconds(900)));
  }
  const auto theirs = ask("aws/botocore_presign.py", cases);
  ASSERT_EQ(theirs.size(), ours.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_EQ(parts_of(ours[i]), parts_of(theirs[i].get<std::string>())) << cases[i];
  }
}

}  // namespace
}  // namespace pitstop
