#include "ec2/error_codes.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace pitstop::ec2 {
namespace {

struct Group {
  ErrorKind kind;
  int http_status;
  std::vector<std::string_view> codes;
};

// EC2 API Reference, "Error codes", as far as our calls can meet them.
const std::vector<Group>& documented() {
  static const std::vector<Group> groups = {
      {ErrorKind::throttled,
       503,
       {"RequestLimitExceeded", "EC2ThrottledException", "Throttling", "ThrottlingException",
        "BandwidthLimitExceeded"}},
      {ErrorKind::transient, 400, {"ConcurrentTagAccess"}},
      {ErrorKind::throttled, 400, {"SnapshotCreationPerVolumeRateExceeded"}},
      {ErrorKind::unknown_fate,
       500,
       {"InternalError", "InternalFailure", "ServerInternal", "ServiceUnavailable", "Unavailable"}},
      {ErrorKind::no_capacity,
       500,
       {"InsufficientInstanceCapacity", "InsufficientHostCapacity", "InsufficientCapacityOnHost",
        "InsufficientVolumeCapacity", "InsufficientAddressCapacity",
        "InsufficientReservedInstanceCapacity"}},
      {ErrorKind::no_capacity,
       400,
       {"ReservationCapacityExceeded", "VcpuLimitExceeded", "InstanceLimitExceeded",
        "IncompatibleHostRequirements", "UnavailableHostRequirements",
        "MaxSpotInstanceCountExceeded", "SpotMaxPriceTooLow"}},
      {ErrorKind::not_found,
       400,
       {"InvalidInstanceID.NotFound", "InvalidSnapshot.NotFound", "InvalidVolume.NotFound",
        "InvalidAMIID.NotFound", "InvalidCapacityReservationId.NotFound",
        "InvalidAllocationID.NotFound"}},
      {ErrorKind::wrong_state, 400, {"IncorrectInstanceState", "IncorrectState", "InvalidState"}},
      {ErrorKind::forbidden,
       403,
       {"UnauthorizedOperation", "AuthFailure", "Blocked", "OptInRequired", "PendingVerification",
        "ExpiredToken", "RequestExpired", "InvalidClientTokenId", "SignatureDoesNotMatch",
        "MissingAuthenticationToken", "IncompleteSignature", "UnrecognizedClientException",
        "InvalidSecurity.RequestHasExpired", "RequestTimeTooSkewed"}},
      {ErrorKind::refused,
       400,
       {"ConcurrentSnapshotLimitExceeded",
        "SnapshotLimitExceeded",
        "PendingSnapshotLimitExceeded",
        "ResourceLimitExceeded",
        "InvalidSnapshot.InUse",
        "OperationNotPermitted",
        "InvalidInstanceID.Malformed",
        "InvalidParameterValue",
        "UnsupportedOperation",
        "TagLimitExceeded",
        "TagPolicyViolation",
        "CustomerKeyHasBeenRevoked",
        "Unsupported",
        "AttachmentLimitExceeded",
        "ConcurrentCreateImageNoRebootLimitExceeded",
        "InsufficientFreeAddressesInSubnet",
        "InvalidAMIName.Duplicate",
        "IdempotentParameterMismatch",
        "VolumeLimitExceeded",
        "InvalidParameterCombination"}},
      {ErrorKind::would_work, 412, {"DryRunOperation"}},
  };
  return groups;
}

TEST(ErrorCodes, EveryDocumentedGroupHasItsReaction) {
  for (const auto& [kind, status, codes] : documented()) {
    for (const auto code : codes) {
      EXPECT_EQ(kind_of(code, status), kind) << code;
    }
  }
}

TEST(ErrorCodes, ThePrefixesOfTheDocumentationChangeNothing) {
  for (const auto& [kind, status, codes] : documented()) {
    for (const auto code : codes) {
      EXPECT_EQ(kind_of(fmt::format("Client.{}", code), status), kind) << code;
      EXPECT_EQ(kind_of(fmt::format("Server.{}", code), status), kind) << code;
    }
  }
}

TEST(ErrorCodes, AKnownCodeCountsWhateverTheStatusIs) {
  for (const int status : {200, 400, 500, 503}) {
    EXPECT_EQ(kind_of("InsufficientInstanceCapacity", status), ErrorKind::no_capacity);
    EXPECT_EQ(kind_of("RequestLimitExceeded", status), ErrorKind::throttled);
    EXPECT_EQ(kind_of("DryRunOperation", status), ErrorKind::would_work);
  }
}

/// Their status says no more than a proxy's would.
TEST(ErrorCodes, AnErrorOfTheServerIsOneWhateverTheStatusIs) {
  for (const auto* code : {"InternalError", "InternalFailure", "ServerInternal",
                           "ServiceUnavailable", "Unavailable"}) {
    EXPECT_EQ(kind_of(code, 400), ErrorKind::unknown_fate) << code;
  }
}

TEST(ErrorCodes, AnUnknownCodeIsJudgedByTheStatus) {
  EXPECT_EQ(kind_of("NeverHeardOfIt", 500), ErrorKind::unknown_fate);
  EXPECT_EQ(kind_of("NeverHeardOfIt", 503), ErrorKind::unknown_fate);
  EXPECT_EQ(kind_of("NeverHeardOfIt", 400), ErrorKind::refused);
  EXPECT_EQ(kind_of("NeverHeardOfIt", 200), ErrorKind::refused);
  EXPECT_EQ(kind_of("", 500), ErrorKind::unknown_fate);
  EXPECT_EQ(kind_of("", 404), ErrorKind::refused);
}

TEST(ErrorCodes, ALongerCodeIsNotAKnownOne) {
  EXPECT_EQ(kind_of("RequestLimitExceededX", 400), ErrorKind::refused);
  EXPECT_EQ(kind_of("requestlimitexceeded", 400), ErrorKind::refused);
}

TEST(Explain, NamesActionCodeAndText) {
  const auto error = explain("StartInstances", 500, "Server.InsufficientInstanceCapacity",
                             "We currently do not have sufficient capacity\nin the zone");
  EXPECT_EQ(error.kind, ErrorKind::no_capacity);
  EXPECT_EQ(error.code, "Server.InsufficientInstanceCapacity");
  EXPECT_EQ(error.message,
            "StartInstances: Server.InsufficientInstanceCapacity: We currently do not have "
            "sufficient capacity in the zone");
  EXPECT_NE(error.hint, "");
}

TEST(Explain, CutsLongTextsSuchAsEncodedAuthorizationMessages) {
  const auto error =
      explain("StopInstances", 403, "UnauthorizedOperation", std::string(5'000, 'x'));
  EXPECT_LT(error.message.size(), 400U);
}

TEST(Explain, WhatLetsNobodyDoAnythingHasAHint) {
  for (const auto* code : {"UnauthorizedOperation", "AuthFailure", "ExpiredToken", "RequestExpired",
                           "OptInRequired", "ConcurrentSnapshotLimitExceeded"}) {
    EXPECT_NE(explain("X", 400, code, "").hint, "") << code;
  }
}

TEST(Explain, SpeaksOfStopProtectionOnlyWhereSomethingIsStopped) {
  const auto hint_for = [](std::string_view action) {
    return explain(action, 400, "OperationNotPermitted", "").hint;
  };
  for (const auto* action :
       {"StartInstances", "CreateSnapshots", "CreateImage", "CreateVolume", "DeleteVolume",
        "AttachVolume", "DetachVolume", "ModifyInstanceAttribute", "ModifySnapshotAttribute",
        "RunInstances", "CreateTags", "CopySnapshot", "AssociateAddress"}) {
    EXPECT_EQ(hint_for(action).find("stop protection"), std::string::npos) << action;
    EXPECT_NE(hint_for(action).find("Marketplace"), std::string::npos) << action;
  }
  EXPECT_NE(hint_for("StopInstances").find("--no-disable-api-stop"), std::string::npos);
  EXPECT_NE(hint_for("StopInstances").find("managed instance"), std::string::npos);
  EXPECT_NE(hint_for("StartInstances").find("managed instance"), std::string::npos);
}

/// AWS repeats the request, headers and all, when the signature is wrong.
TEST(ErrorCodes, ShowNothingOfARequestThatWasSignedWrongly) {
  const auto error = explain("StopInstances", 403, "SignatureDoesNotMatch",
                             "The request signature we calculated does not match.\n\nThe Canonical "
                             "String should have been\n'POST\n/\nx-amz-security-token:SECRET'");
  EXPECT_EQ(error.message,
            "StopInstances: SignatureDoesNotMatch: The request signature we calculated does not "
            "match.");
}

}  // namespace
}  // namespace pitstop::ec2
