#include "ec2/capacity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "support/botocore.hpp"

namespace pitstop::ec2 {
namespace {

using nlohmann::json;

/// EC2 User Guide, "AMI billing information fields", all of the table; what cannot be reserved is
/// empty.
const std::vector<std::pair<std::string, std::string>> platforms_of_images = {
    {"Linux/UNIX", "Linux/UNIX"},
    {"Red Hat BYOL Linux", ""},
    {"Red Hat Enterprise Linux", "Red Hat Enterprise Linux"},
    {"Red Hat Enterprise Linux with HA", "RHEL with HA"},
    {"Red Hat Enterprise Linux with SQL Server Standard and HA",
     "RHEL with HA and SQL Server Standard"},
    {"Red Hat Enterprise Linux with SQL Server Enterprise and HA",
     "RHEL with HA and SQL Server Enterprise"},
    {"Red Hat Enterprise Linux with SQL Server Standard", "RHEL with SQL Server Standard"},
    {"Red Hat Enterprise Linux with SQL Server Web", "RHEL with SQL Server Web"},
    {"Red Hat Enterprise Linux with SQL Server Enterprise", "RHEL with SQL Server Enterprise"},
    {"SQL Server Enterprise", "Linux with SQL Server Enterprise"},
    {"SQL Server Standard", "Linux with SQL Server Standard"},
    {"SQL Server Web", "Linux with SQL Server Web"},
    {"SUSE Linux", "SUSE Linux"},
    {"Ubuntu Pro", "Ubuntu Pro"},
    {"Windows", "Windows"},
    {"Windows BYOL", ""},
    {"Windows with SQL Server Enterprise", "Windows with SQL Server Enterprise"},
    {"Windows with SQL Server Standard", "Windows with SQL Server Standard"},
    {"Windows with SQL Server Web", "Windows with SQL Server Web"},
};

TEST(PlatformOfAReservation, IsTheOtherNameOfTheSame) {
  for (const auto& [details, reserved] : platforms_of_images) {
    EXPECT_EQ(platform_of_reservation(details).value_or(""), reserved) << details;
  }
  EXPECT_FALSE(platform_of_reservation(""));
  EXPECT_FALSE(platform_of_reservation("Plan 9"));
}

using PlatformsOfBotocore = test::Botocore;

/// Every word for a platform that a reservation takes is that of some image, and the other way
/// round.
TEST_F(PlatformsOfBotocore, AreAllThatAreNamed) {
  const auto members =
      ask("restore/botocore_members.py", json::array({{{"request", "CreateCapacityReservation"}}}));
  std::set<std::string> taken;
  for (const auto& member : members.at(0)) {
    if (member["path"] == "InstancePlatform") {
      taken = member["enum"].get<std::set<std::string>>();
    }
  }
  ASSERT_FALSE(taken.empty());
  std::set<std::string> named{"Windows with SQL Server"};  // of no image that is documented
  for (const auto& [details, reserved] : platforms_of_images) {
    if (!reserved.empty()) {
      named.insert(reserved);
    }
  }
  EXPECT_EQ(named, taken);
}

}  // namespace
}  // namespace pitstop::ec2
