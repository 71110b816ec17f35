#include "backup/finding.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace pitstop {
namespace {

using testing::HasSubstr;

Finding refusing(FindingCode code) {
  auto finding = found(code, "it is so", "do this");
  finding.severity = Severity::refuse;
  return finding;
}

TEST(Finding, ASeverityIsWhatItsCodeSaysUnlessSomebodySaysOtherwise) {
  EXPECT_EQ(found(FindingCode::public_address, "").severity, Severity::warn);
  EXPECT_EQ(found(FindingCode::stop_protection, "").severity, Severity::refuse);
}

TEST(Finding, ItsNameLeadsToIt) {
  for (const auto& kind : finding_kinds()) {
    EXPECT_EQ(parse_finding_code(kind.name), kind.code);
    EXPECT_EQ(to_string(kind.code), kind.name);
  }
  EXPECT_EQ(parse_finding_code("stop_protection"), std::nullopt);
  EXPECT_EQ(parse_finding_code(""), std::nullopt);
}

TEST(Finding, WhatIsAcceptedWarnsAndWhatCannotBeStillRefuses) {
  std::vector<Finding> findings{refusing(FindingCode::stop_protection),
                                refusing(FindingCode::hibernation), refusing(FindingCode::mac)};
  accept(findings, {FindingCode::stop_protection, FindingCode::hibernation});
  EXPECT_EQ(findings[0].severity, Severity::refuse);
  EXPECT_EQ(findings[1].severity, Severity::warn);
  EXPECT_TRUE(findings[1].accepted);
  EXPECT_EQ(findings[2].severity, Severity::refuse) << "nobody has accepted it";
}

TEST(Finding, TheFirstRefusalSpeaksForAll) {
  std::vector<Finding> findings{found(FindingCode::public_address, "it changes"),
                                refusing(FindingCode::mac)};
  auto error = refusal_of(findings);
  EXPECT_EQ(error.kind, ErrorKind::refused);
  EXPECT_EQ(error.message, "it is so");
  EXPECT_EQ(error.hint, "do this");
  EXPECT_EQ(error.code, "mac");
  findings.push_back(refusing(FindingCode::hibernation));
  EXPECT_EQ(refusal_of(findings).message, "it is so (and 1 more: see pitstop check)");
}

TEST(Finding, ThatARightIsMissingKeepsEc2sCode) {
  auto finding = refusing(FindingCode::permission);
  finding.ec2_code = "UnauthorizedOperation";
  const auto error = refusal_of({finding});
  EXPECT_EQ(error.kind, ErrorKind::forbidden);
  EXPECT_EQ(error.code, "UnauthorizedOperation");
}

TEST(Finding, TheDocumentHasAllOfThem) {
  std::ifstream file(std::string(PITSTOP_SOURCE_DIR) + "/doc/check.md");
  std::ostringstream text;
  text << file.rdbuf();
  for (const auto& kind : finding_kinds()) {
    const auto row =
        fmt::format("| `{}` | {} | {} | {} | {} |\n", kind.name, to_string(kind.severity),
                    kind.can_be_accepted ? "yes" : "no", kind.meaning, kind.remedy);
    EXPECT_THAT(text.str(), HasSubstr(row));
  }
}

}  // namespace
}  // namespace pitstop
