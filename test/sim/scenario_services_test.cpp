// Scenarios with Auto Scaling groups, target groups and keys: what they mean, and what one reads
// who made a mistake.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "scenario_mistake.hpp"
#include "sim/simulator.hpp"
#include "sim/state_json.hpp"
#include "sim/virtual_time.hpp"

namespace pitstop::sim {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr auto every_key_of_services = R"(
[[kms_key]]
name = "backup"
id = "1234abcd-12ab-34cd-56ef-1234567890ab"
state = "PendingDeletion"

[[server]]
name = "web"
count = 3
volume = [{ device = "/dev/xvda", encrypted = true, kms_key = "backup" }]

[[server]]
name = "db"

[[target_group]]
name = "web"
target_type = "ip"
protocol = "TCP"
port = 8000
members = ["db:5432"]
deregistration_delay = "2m"
healthy_after = "20s"

[[target_group]]
name = "idle"
in_use = false

[[auto_scaling_group]]
name = "web"
members = ["web-1", "web-2", "web-3"]
standby = ["web-2"]
min = 1
max = 5
target_groups = ["idle"]
pace = { health_check = "1m", standby = "2s", in_service = "3s" }
)";

TEST(ScenarioServices, SayWhatThereIs) {
  const auto scenario = read_scenario(every_key_of_services, "demo.toml");
  ASSERT_TRUE(scenario) << scenario.error().message;
  const auto& targets = scenario->target_groups.at(0);
  EXPECT_EQ(targets.protocol, "TCP");
  EXPECT_EQ(targets.deregistration_delay, Seconds(120));
  EXPECT_EQ(targets.healthy_after.usual, Seconds(20));
  EXPECT_EQ(scenario->scaling_groups.at(0).pace.health_check.most, Seconds(60));
  EXPECT_EQ(scenario->servers.at(0).volumes.at(0).kms_key, "backup");
}

TEST(ScenarioServices, AreThereInTheBeginning) {
  VirtualTime time;
  Simulator simulator(time, *read_scenario(every_key_of_services, "demo.toml"));
  const auto state = state_json(simulator)["regions"]["us-east-1"];
  const auto& group = state["auto_scaling_groups"][0];
  EXPECT_EQ(group["min"], 1);
  EXPECT_EQ(group["max"], 5);
  EXPECT_EQ(group["desired"], 2);
  std::vector<std::string> lifecycles;
  for (const auto& member : group["members"]) {
    lifecycles.push_back(member["lifecycle_state"]);
  }
  EXPECT_THAT(lifecycles, ElementsAre("InService", "Standby", "InService"));

  const auto& idle = state["target_groups"][0];
  EXPECT_EQ(group["target_groups"][0], idle["arn"]);
  EXPECT_THAT(idle["targets"], SizeIs(2));
  EXPECT_EQ(idle["targets"][0]["reason"], "Target.NotInUse");
  const auto& web = state["target_groups"][1];
  ASSERT_THAT(web["targets"], SizeIs(1));
  EXPECT_EQ(web["targets"][0]["port"], 5432);
  EXPECT_EQ(web["targets"][0]["state"], "healthy");
  EXPECT_EQ(state["kms_keys"][0]["state"], "PendingDeletion");
  EXPECT_TRUE(simulator.auto_scaling().replacements().empty());
}

class ServiceMistake : public testing::TestWithParam<Mistake> {};

const std::string servers = "[[server]]\nname = \"web\"\ncount = 2\n";
const std::string targets = servers + "[[target_group]]\nname = \"web\"\n";
const std::string group = servers + "[[auto_scaling_group]]\nname = \"web\"\nmembers = [\"web\"]\n";

TEST_P(ServiceMistake, IsExplained) {
  expect_explained(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Values, ServiceMistake,
    testing::Values(
        Mistake{"NoMembers", servers + "[[auto_scaling_group]]\nname = \"web\"\n",
                "demo.toml:4: auto_scaling_group: members is missing"},
        Mistake{"KeyState", "[[kms_key]]\nname = \"a\"\nstate = \"disabled\"\n",
                "demo.toml:3: kms_key.state: expected one of Creating, Enabled, Disabled, "
                "PendingDeletion, PendingImport, PendingReplicaDeletion, Unavailable, Updating, "
                "but got \"disabled\""},
        Mistake{"KeyId", "[[kms_key]]\nname = \"a\"\nid = \"7\"\n",
                "demo.toml:3: kms_key.id: expected a key's id, such as "
                "\"1234abcd-12ab-34cd-56ef-1234567890ab\", but got \"7\""},
        Mistake{"TargetType", targets + "target_type = \"lambda\"\n",
                "demo.toml:6: target_group.target_type: expected one of instance, ip, but got "
                "\"lambda\""},
        Mistake{"LongDelay", targets + "deregistration_delay = \"2h\"\n",
                "demo.toml:6: target_group.deregistration_delay: must be whole seconds, at most "
                "1h"},
        Mistake{"UnknownPace", group + "pace = { boot = \"1s\" }\n",
                "demo.toml:7: auto_scaling_group.pace.boot: unknown key",
                "known here: health_check, standby, in_service"},
        Mistake{"KeyOfAPlainVolume",
                servers + "volume = [{ device = \"/dev/xvda\", kms_key = \"a\" }]\n",
                "demo.toml:4: server.volume.kms_key: the volume is not encrypted",
                "add encrypted = true"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Names, ServiceMistake,
    testing::Values(
        Mistake{"KeyTwice", "[[kms_key]]\nname = \"a\"\n[[kms_key]]\nname = \"a\"\n",
                "demo.toml:4: kms_key.name: \"a\" is there already, see demo.toml:2"},
        Mistake{"NoSuchKey",
                "[[kms_key]]\nname = \"backup\"\n" + servers +
                    "[[server.volume]]\ndevice = \"/dev/xvda\"\nencrypted = true\nkms_key = "
                    "\"bakup\"\n",
                "demo.toml:9: server.volume.kms_key: there is no kms_key \"bakup\" in us-east-1",
                "did you mean backup?"},
        Mistake{"NoSuchTarget", targets + "members = [\"web-1\", \"web-3\"]\n",
                "demo.toml:6: target_group.members: there is no server \"web-3\" in us-east-1",
                "did you mean web?"},
        Mistake{"TargetElsewhere", targets + "region = \"eu-central-1\"\nmembers = [\"web\"]\n",
                "demo.toml:7: target_group.members: there is no server \"web\" in eu-central-1"},
        Mistake{"NoPort", targets + "members = [\"web-1:http\"]\n",
                "demo.toml:6: target_group.members: expected a server's name, and a port if any, "
                "such as \"web-1:8080\", but got \"web-1:http\""},
        Mistake{"MemberTwice",
                group + "[[auto_scaling_group]]\nname = \"b\"\nmembers = [\"web-2\"]\n",
                "demo.toml:9: auto_scaling_group.members: \"web-2\" is a member already"},
        Mistake{"StandbyOfNoMember", group + "standby = [\"db\"]\n",
                "demo.toml:7: auto_scaling_group.standby: there is no member \"db\" in web",
                "known here: web-1, web-2"},
        Mistake{"StandbyTwice", group + "standby = [\"web-1\", \"web-1\"]\n",
                "demo.toml:7: auto_scaling_group.standby: \"web-1\" is there already"},
        Mistake{"NoSuchTargetGroup", group + "target_groups = [\"x\"]\n",
                "demo.toml:7: auto_scaling_group.target_groups: there is no target_group \"x\" in "
                "us-east-1"},
        Mistake{"TargetsOfAnotherType",
                targets + "target_type = \"ip\"\n[[auto_scaling_group]]\nname = \"web\"\nmembers "
                          "= [\"web\"]\ntarget_groups = [\"web\"]\n",
                "demo.toml:10: auto_scaling_group.target_groups: the targets of \"web\" are no "
                "instances"},
        Mistake{"LeastIsTooMuch", group + "min = 2\nstandby = [\"web-1\"]\n",
                "demo.toml:7: auto_scaling_group.min: 2 is more than the 1 members in service"},
        Mistake{"MostIsTooFew", group + "max = 1\n",
                "demo.toml:7: auto_scaling_group.max: 1 is less than the 2 members in service"}),
    name_of);

}  // namespace
}  // namespace pitstop::sim
