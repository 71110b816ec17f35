// What a scenario's author reads who made a mistake, word for word.

#include "scenario_mistake.hpp"

namespace pitstop::sim {
namespace {

class ScenarioMistake : public testing::TestWithParam<Mistake> {};

TEST_P(ScenarioMistake, IsExplained) {
  expect_explained(GetParam());
}

const std::string server = "[[server]]\nname = \"web\"\n";
const std::string volume = server + "[[server.volume]]\ndevice = \"/dev/xvda\"\n";

INSTANTIATE_TEST_SUITE_P(
    Form, ScenarioMistake,
    testing::Values(
        Mistake{"NoToml", "seed = 1\nregion us-east-1\n",
                "demo.toml:2:8: error while parsing key-value pair: expected '=', saw 'u'",
                "scenarios are written in TOML, see https://toml.io and doc/ec2sim.md"},
        Mistake{"OpenText", "region = \"us-east-1\n",
                "demo.toml:1:20: error while parsing string: unescaped control characters "
                "other than TAB (U+0009) are explicitly prohibited",
                "scenarios are written in TOML, see https://toml.io and doc/ec2sim.md"},
        Mistake{"KeyTwice", "seed = 1\nseed = 2\n",
                "demo.toml:2:8: error while parsing key-value pair: cannot redefine existing "
                "integer 'seed'",
                "scenarios are written in TOML, see https://toml.io and doc/ec2sim.md"},
        Mistake{"UnknownKeyNear", "sed = 1\n", "demo.toml:1: sed: unknown key",
                "did you mean seed?"},
        Mistake{"UnknownKeyBegun", volume + "size = 8\n",
                "demo.toml:5: server.volume.size: unknown key", "did you mean size_gib?"},
        Mistake{"UnknownKeyFar", "[throttling]\nmuch = true\n",
                "demo.toml:2: throttling.much: unknown key", "known here: on, neighbour"},
        Mistake{"SingleBrackets", "[server]\nname = \"web\"\n",
                "demo.toml:1: server: expected a list of tables, but got a table",
                "write [[server]], in double brackets"},
        Mistake{"DoubleBrackets", "[[throttling]]\non = true\n",
                "demo.toml:1: throttling: expected a table, but got a list"},
        Mistake{"ListOfNoTables", "server = [\"web\"]\n",
                "demo.toml:1: server: expected a table, but got \"web\""},
        Mistake{"MissingName", "seed = 1\n\n[[server]]\ncount = 2\n",
                "demo.toml:3: server: name is missing"},
        Mistake{"MissingDevice", server + "[[server.volume]]\nsize_gib = 8\n",
                "demo.toml:3: server.volume: device is missing"},
        Mistake{
            "StrangeCharacters", "\"a\\u001bb\" = 1\n", "demo.toml:1: a\\x1bb: unknown key",
            "known here: seed, account, region, consistency, throttling, policy, scheduler, "
            "pace, kms_key, server, target_group, auto_scaling_group, shortage, fault, faults"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Values, ScenarioMistake,
    testing::Values(
        Mistake{"TextForNumber", volume + "size_gib = \"big\"\n",
                "demo.toml:5: server.volume.size_gib: expected a whole number of GiB, 1 to 65536, "
                "but got \"big\""},
        Mistake{"TooBig", volume + "size_gib = 65537\n",
                "demo.toml:5: server.volume.size_gib: expected a whole number of GiB, 1 to 65536, "
                "but got 65537"},
        Mistake{"NotWhole", volume + "size_gib = 1.5\n",
                "demo.toml:5: server.volume.size_gib: expected a whole number of GiB, 1 to 65536, "
                "but got 1.5"},
        Mistake{"PartAboveOne", "[consistency]\nlate_looks = 1.5\n",
                "demo.toml:2: consistency.late_looks: expected a number, 0 to 1, but got 1.5"},
        Mistake{"NoNumber", "[pace.snapshot]\nfailing = nan\n",
                "demo.toml:2: pace.snapshot.failing: expected a number, 0 to 1, but got nan"},
        Mistake{"NegativeSeed", "seed = -1\n",
                "demo.toml:1: seed: expected a whole number, 0 to 9223372036854775807, but got -1"},
        Mistake{"NumberForAccount", "account = 123456789012\n",
                "demo.toml:1: account: expected an account of 12 digits in quotes, such as "
                "\"123456789012\", but got 123456789012"},
        Mistake{"TextForTruth", server + "stopped = \"yes\"\n",
                "demo.toml:3: server.stopped: expected true or false, but got \"yes\""},
        Mistake{"DateForText", "region = 2026-01-01\n",
                "demo.toml:1: region: expected a region, such as \"eu-central-1\", but got a date "
                "or time"},
        Mistake{"ZoneForRegion", "region = \"eu-central-1a\"\n",
                "demo.toml:1: region: expected a region, such as \"eu-central-1\", but got "
                "\"eu-central-1a\""},
        Mistake{"Duration", "[consistency]\nmost = \"5 s\"\n",
                "demo.toml:2: consistency.most: expected a duration, such as \"90s\" or "
                "\"1h30m\", but got \"5 s\"",
                "write a number and its unit, such as 90s, 30m, 1h30m or 7d"},
        Mistake{"NumberForSpread", "[pace.server]\nboot = 20\n",
                "demo.toml:2: pace.server.boot: expected a duration, such as \"20s\", or { least = "
                "\"5s\", usual = \"20s\", most = \"2m\" }, but got 20"},
        Mistake{"HalfASpread", "[pace.server]\nboot = { least = \"1s\", most = \"2s\" }\n",
                "demo.toml:2: pace.server.boot: usual is missing"},
        Mistake{"WrongSpread",
                "[pace.server]\nboot = { least = \"3s\", usual = \"2s\", most = \"4s\" }\n",
                "demo.toml:2: pace.server.boot: least, usual and most must not decrease"},
        Mistake{"StrangeSpread", "[pace.server]\nboot = { least = \"1s\", max = \"4s\" }\n",
                "demo.toml:2: pace.server.boot.max: unknown key", "known here: least, usual, most"},
        Mistake{"VolumeType", volume + "type = \"gp4\"\n",
                "demo.toml:5: server.volume.type: expected one of gp2, gp3, io1, io2, st1, sc1, "
                "standard, but got \"gp4\""},
        Mistake{"InstanceType", server + "type = \"large\"\n",
                "demo.toml:3: server.type: expected an instance type, such as \"t3.large\", but "
                "got \"large\""},
        Mistake{"InstanceId", server + "id = \"web-1\"\n",
                "demo.toml:3: server.id: expected an instance id, such as "
                "\"i-0123456789abcdef0\", but got \"web-1\"",
                "it looks like i-0abc1234def567890: \"i-\" and 8 or 17 digits 0-9 a-f"},
        Mistake{"Device", server + "[[server.volume]]\ndevice = \"root\"\n",
                "demo.toml:4: server.volume.device: expected a device, such as \"/dev/xvda\" or "
                "\"/dev/sdf\", but got \"root\""},
        Mistake{"Tags", server + "tags = [\"web\"]\n",
                "demo.toml:3: server.tags: expected a table, such as { team = \"web\" }, but got a "
                "list"},
        Mistake{"NumberInTag", server + "tags = { cost = 7 }\n",
                "demo.toml:3: server.tags.cost: expected a text, but got 7"},
        Mistake{"TagOfAws", server + "tags = { \"aws:x\" = \"7\" }\n",
                "demo.toml:3: server.tags.aws:x: keys that begin with \"aws:\" are AWS's own"},
        Mistake{"DeniedWithService", "[policy]\ndenied = [\"ec2:StartInstances\"]\n",
                "demo.toml:2: policy.denied: expected an action that ec2sim knows, such as "
                "\"StartInstances\" or \"scheduler:CreateSchedule\", but got "
                "\"ec2:StartInstances\""},
        Mistake{"DeniedOfScheduler", "[policy]\ndenied = [\"scheduler:UpdateSchedule\"]\n",
                "demo.toml:2: policy.denied: expected an action that ec2sim knows, such as "
                "\"StartInstances\" or \"scheduler:CreateSchedule\", but got "
                "\"scheduler:UpdateSchedule\""},
        Mistake{"SchedulerRole", "[scheduler]\nrole_may_start = \"no\"\n",
                "demo.toml:2: scheduler.role_may_start: expected true or false, but got \"no\""},
        Mistake{"SchedulerKey", "[scheduler]\nrole_may_stop = true\n",
                "demo.toml:2: scheduler.role_may_stop: unknown key",
                "known here: role_may_start, role_needs_tag"},
        Mistake{"NoSuchAction", "[[fault]]\naction = \"StopInstance\"\nkind = \"late\"\n",
                "demo.toml:2: fault.action: expected an action that ec2sim knows, such as "
                "\"StartInstances\", but got \"StopInstance\""},
        Mistake{"TooSlow", "[pace.snapshot]\nmib_per_second = 0\n",
                "demo.toml:2: pace.snapshot.mib_per_second: expected a number of MiB, 0.1 to "
                "1000000, but got 0"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Together, ScenarioMistake,
    testing::Values(
        Mistake{"SameDeviceTwice", volume + "\n[[server.volume]]\ndevice = \"/dev/xvda\"\n",
                "demo.toml:7: server.volume.device: \"/dev/xvda\" is there already, see "
                "demo.toml:4"},
        Mistake{"NoVolume", server + "volume = []\n",
                "demo.toml:3: server.volume: a server has at least one volume, its root"},
        Mistake{
            "SameIdTwice",
            server + "id = \"i-0123456789abcdef0\"\n" + server + "id = \"i-0123456789abcdef0\"\n",
            "demo.toml:6: server.id: \"i-0123456789abcdef0\" is there already, see "
            "demo.toml:3"},
        Mistake{"CountWithId", server + "count = 2\nid = \"i-0123456789abcdef0\"\n",
                "demo.toml:4: server.id: 2 servers cannot all have the same id",
                "leave the id out, or write a [[server]] for each"},
        Mistake{"ZoneElsewhere", server + "zone = \"eu-central-1a\"\n",
                "demo.toml:3: server.zone: eu-central-1a is not in us-east-1",
                "zones there: us-east-1a, us-east-1b, us-east-1c"},
        Mistake{"NoSuchZone", server + "zone = \"us-east-1x\"\n",
                "demo.toml:3: server.zone: us-east-1x is not in us-east-1",
                "zones there: us-east-1a, us-east-1b, us-east-1c"},
        Mistake{"MoreUsedThanThere", volume + "size_gib = 8\nused_gib = 9.5\n",
                "demo.toml:6: server.volume.used_gib: 9.5 GiB are more than the 8 GiB that the "
                "volume has"},
        Mistake{"ShortageWithoutEnd", "[[shortage]]\nfrom = \"5m\"\n",
                "demo.toml:1: shortage: until is missing"},
        Mistake{"ShortageBackwards", "[[shortage]]\nfrom = \"5m\"\nuntil = \"4m\"\n",
                "demo.toml:3: shortage.until: must come after from"},
        Mistake{"UnknownFault", "[[fault]]\naction = \"StopInstances\"\nkind = \"lost\"\n",
                "demo.toml:3: fault.kind: expected a kind of fault, but got \"lost\"",
                "kinds: throttled, unavailable, internal-error, no-capacity, contention, denied, "
                "html-page, cut-reply, lost-request, lost-reply, late, false-refusal"},
        Mistake{"CodeOfAnotherFault",
                "[[fault]]\naction = \"StopInstances\"\nkind = \"late\"\ncode = \"Blocked\"\n",
                "demo.toml:4: fault.code: code is for the kind false-refusal"},
        Mistake{"FaultZero", "[[fault]]\naction = \"StopInstances\"\nnth = 0\nkind = \"late\"\n",
                "demo.toml:3: fault.nth: expected a whole number, 1 to 2147483647, but got 0"},
        Mistake{"UnknownRandomFault", "[faults]\nthrottle = 0.1\n",
                "demo.toml:2: faults.throttle: unknown key", "did you mean throttled?"},
        Mistake{"TooManyFaults", "[faults]\nlate = 0.6\nthrottled = 0.6\n",
                "demo.toml:1: faults: the parts add up to 1.2, more than all calls"}),
    name_of);

}  // namespace
}  // namespace pitstop::sim
