// Everything that EC2 tells of an instance, by AWS's own model of it, is restored, told as a
// difference, or listed as irrelevant with a reason; and everything that a launch takes is asked
// for, or listed with a reason.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "backup/snapshot_description.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "catalog/backup_set.hpp"
#include "ec2/images.hpp"
#include "ec2/instance_reader.hpp"
#include "restore/restore_plan.hpp"
#include "support/botocore.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;

/// A server that has something everywhere, but where one value is the usual one.
constexpr auto ordinary_server = R"(<item>
<instanceId>i-0123456789abcdef0</instanceId><imageId>ami-1</imageId>
<instanceState><code>16</code><name>running</name></instanceState>
<keyName>ops</keyName><instanceType>m7i.large</instanceType>
<productCodes><item><productCode>abc</productCode></item></productCodes>
<placement><availabilityZone>us-east-1a</availabilityZone><groupName>near</groupName>
<partitionNumber>1</partitionNumber><tenancy>default</tenancy></placement>
<monitoring><state>disabled</state></monitoring>
<subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId><privateIpAddress>10.0.0.5</privateIpAddress>
<ipAddress>198.51.100.7</ipAddress><sourceDestCheck>true</sourceDestCheck>
<groupSet><item><groupId>sg-1</groupId><groupName>web</groupName></item></groupSet>
<architecture>x86_64</architecture><virtualizationType>hvm</virtualizationType>
<rootDeviceType>ebs</rootDeviceType><rootDeviceName>/dev/xvda</rootDeviceName>
<blockDeviceMapping>
<item><deviceName>/dev/xvda</deviceName><ebs><volumeId>vol-1</volumeId>
<deleteOnTermination>true</deleteOnTermination></ebs></item>
<item><deviceName>/dev/sdf</deviceName><ebs><volumeId>vol-2</volumeId>
<deleteOnTermination>true</deleteOnTermination></ebs></item></blockDeviceMapping>
<operator><managed>true</managed><principal>eks.amazonaws.com</principal></operator>
<tagSet><item><key>team</key><value>shop</value></item></tagSet>
<networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId>
<subnetId>subnet-1</subnetId><privateIpAddress>10.0.0.5</privateIpAddress>
<interfaceType>interface</interfaceType>
<attachment><deviceIndex>0</deviceIndex><deleteOnTermination>true</deleteOnTermination>
<enaSrdSpecification><enaSrdEnabled>true</enaSrdEnabled></enaSrdSpecification></attachment>
<association><publicIp>198.51.100.7</publicIp><ipOwnerId>amazon</ipOwnerId></association>
<privateIpAddressesSet>
<item><privateIpAddress>10.0.0.5</privateIpAddress><primary>true</primary></item>
<item><privateIpAddress>10.0.0.6</privateIpAddress></item></privateIpAddressesSet>
<ipv6AddressesSet><item><ipv6Address>2001:db8::1</ipv6Address></item></ipv6AddressesSet>
</item></networkInterfaceSet>
<iamInstanceProfile><arn>arn:aws:iam::1:instance-profile/web</arn></iamInstanceProfile>
<ebsOptimized>false</ebsOptimized><enaSupport>true</enaSupport>
<cpuOptions><coreCount>1</coreCount><threadsPerCore>2</threadsPerCore></cpuOptions>
<capacityReservationSpecification>
<capacityReservationPreference>open</capacityReservationPreference>
</capacityReservationSpecification>
<hibernationOptions><configured>false</configured></hibernationOptions>
<metadataOptions><httpTokens>required</httpTokens><httpEndpoint>enabled</httpEndpoint>
<httpPutResponseHopLimit>2</httpPutResponseHopLimit>
<httpProtocolIpv6>disabled</httpProtocolIpv6>
<instanceMetadataTags>disabled</instanceMetadataTags></metadataOptions>
<enclaveOptions><enabled>false</enabled></enclaveOptions>
<bootMode>legacy-bios</bootMode><platformDetails>Linux/UNIX</platformDetails>
<usageOperation>RunInstances</usageOperation>
<privateDnsNameOptions><hostnameType>ip-name</hostnameType>
<enableResourceNameDnsARecord>false</enableResourceNameDnsARecord>
<enableResourceNameDnsAAAARecord>false</enableResourceNameDnsAAAARecord></privateDnsNameOptions>
<maintenanceOptions><autoRecovery>default</autoRecovery>
<rebootMigration>default</rebootMigration></maintenanceOptions>
<networkPerformanceOptions><bandwidthWeighting>default</bandwidthWeighting>
</networkPerformanceOptions></item>)";

/// What becomes of a server that is restored as another one.
struct Restored {
  /// All that EC2 is asked for, and held against.
  std::string asked;
  std::string told;
  std::set<std::string> launch_parameters;
};

ec2::Volume volume_of(const char* id) {
  ec2::Volume volume;
  volume.id = VolumeId(id);
  volume.size = ec2::Gibibytes(8);
  volume.type = "gp3";
  return volume;
}

/// Its backup, out of nothing but its snapshots.
BackupSet backed_up(const ec2::Instance& instance) {
  const std::vector volumes{volume_of("vol-1"), volume_of("vol-2")};
  const ec2::LaunchSettings attributes{.shutdown_behavior = "stop",
                                       .termination_protection = true,
                                       .stop_protection = true,
                                       .cpu_credits = "unlimited"};
  const auto configuration = capture_configuration(instance, attributes, volumes);
  std::vector<ec2::Snapshot> snapshots;
  for (const auto& volume : volumes) {
    ec2::Snapshot snapshot;
    snapshot.id = SnapshotId("snap-" + volume.id.str());
    snapshot.volume = volume.id;
    snapshot.state = ec2::SnapshotState::completed;
    snapshot.size = volume.size;
    snapshot.tags = pack_configuration(configuration);
    snapshot.tags.push_back({"pitstop:backup", "b-0123456789ab"});
    snapshot.tags.push_back({"pitstop:instance", instance.id.str()});
    snapshot.tags.push_back({"pitstop:consistency", "at-rest"});
    snapshot.description = describe_backup(BackupId("b-0123456789ab"), instance.id, snapshot.tags);
    snapshots.push_back(std::move(snapshot));
  }
  return sets_of(snapshots, {}).front();
}

Task<void> launch(ec2::Caller& caller, NewServerPlan plan) {
  co_await ec2::register_image(caller, *plan.registration);
  plan.launch.image = ImageId("ami-2");
  co_await ec2::run_instance(caller, plan.launch);
}

Task<void> record(VirtualTime& time, NewServerPlan plan, Restored& restored) {
  ScriptedCaller caller(time);
  caller.on("RegisterImage").reply("");
  caller.on("RunInstances").reply("");
  co_await launch(caller, std::move(plan));
  for (const auto& made : caller.calls()) {
    for (const auto& [name, value] : made.call.parameters.all()) {
      restored.asked += fmt::format("{} {}={}\n", made.call.action, name, value);
      if (made.call.action == "RunInstances") {
        restored.launch_parameters.insert(name);
      }
    }
  }
}

Restored restore(const pugi::xml_node& item, const NewServerWishes& wishes = {}) {
  const auto set = backed_up(ec2::read_instance(item));
  const Original original{.usual_cores = 1, .usual_threads_per_core = 2};
  auto plan = plan_new_server(RestoreId("rs-0123456789ab"), set, wishes, original);
  Restored restored;
  if (!plan) {
    restored.asked = plan.error().message;
    return restored;
  }
  const auto& billing = plan->billing;
  restored.asked = fmt::format("{} {} {} {}\n", plan->source_dest_check, billing.platform_details,
                               billing.usage_operation, fmt::join(billing.product_codes, " "));
  restored.told = join(plan->losses, "\n");
  run_in_virtual_time([&](VirtualTime& time) { return record(time, *std::move(plan), restored); });
  return restored;
}

/// The element of that path, in the last item of each list; it is made where there is none.
pugi::xml_node element_at(pugi::xml_node node, const std::string& wire) {
  for (const auto name : split(wire, '/')) {
    const std::string text(name);
    auto last = text == "item" ? node.last_child() : node.child(text.c_str());
    node = last ? last : node.append_child(text.c_str());
  }
  return node;
}

/// Values that the element does not have in the ordinary server.
std::vector<std::string> other_values(const json& member, const std::string& present) {
  if (!member["enum"].empty()) {
    std::vector<std::string> others;
    for (const auto& value : member["enum"]) {
      if (value != present) {
        others.push_back(value);
      }
    }
    return others;
  }
  const std::string type = member["type"];
  if (type == "boolean") {
    return {present == "true" ? "false" : "true"};
  }
  return {type == "timestamp" ? "2020-01-01T00:00:00.000Z" : type == "integer" ? "77" : "probe"};
}

/// What a change of that member alone changes.
std::pair<bool, bool> changes(const json& member, const Restored& ordinary) {
  bool asked = false;
  bool told = false;
  pugi::xml_document before;
  before.load_string(ordinary_server);
  const auto present = element_at(before.first_child(), member["wire"]);
  for (const auto& value : other_values(member, present.child_value())) {
    pugi::xml_document document;
    document.load_string(ordinary_server);
    element_at(document.first_child(), member["wire"]).text().set(value.c_str());
    const auto restored = restore(document.first_child());
    asked = asked || restored.asked != ordinary.asked;
    told = told || restored.told != ordinary.told;
  }
  return {asked, told};
}

struct Entry {
  std::string verdict;
  std::string reason;
};

/// "PATH  VERDICT  REASON", a line each; an entry that ends with "*" is for all that begins so.
std::map<std::string, Entry> read_table(const std::string& name) {
  std::ifstream file(fmt::format("{}/test/restore/{}", PITSTOP_SOURCE_DIR, name));
  EXPECT_TRUE(file) << name;
  std::map<std::string, Entry> table;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    std::istringstream words(line);
    std::string path;
    Entry entry;
    words >> path >> entry.verdict;
    std::getline(words >> std::ws, entry.reason);
    EXPECT_TRUE(table.emplace(path, entry).second) << path << " is listed twice";
  }
  return table;
}

const Entry* find_entry(const std::map<std::string, Entry>& table, const std::string& path,
                        std::set<std::string>& used) {
  for (const auto& [pattern, entry] : table) {
    const bool is_beginning =
        pattern.ends_with('*') && path.starts_with(pattern.substr(0, pattern.size() - 1));
    if (pattern == path || is_beginning) {
      used.insert(pattern);
      return &entry;
    }
  }
  ADD_FAILURE() << path << " is in no table: is it restored, told, or irrelevant, and why?";
  return nullptr;
}

void expect_all_used(const std::map<std::string, Entry>& table, const std::set<std::string>& used) {
  for (const auto& [path, entry] : table) {
    EXPECT_TRUE(used.contains(path)) << path << " is listed, and AWS has no such member";
  }
}

void judge(const std::string& path, const Entry& entry, bool asked, bool told) {
  if (entry.verdict == "restored") {
    EXPECT_TRUE(asked) << path << " is not restored";
  } else if (entry.verdict == "told") {
    EXPECT_TRUE(told) << path << " is not told";
  } else if (entry.verdict == "irrelevant") {
    EXPECT_FALSE(entry.reason.empty()) << path;
    EXPECT_FALSE(asked || told) << path << " is listed as irrelevant, and is not";
  } else {
    ADD_FAILURE() << path << ": " << entry.verdict << " is no verdict";
  }
}

using MembersOfBotocore = Botocore;

TEST_F(MembersOfBotocore, OfAnInstanceAreRestoredOrTold) {
  const auto members = ask("restore/botocore_members.py", json::array({{{"shape", "Instance"}}}));
  const auto table = read_table("instance_members.txt");
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(ordinary_server));
  const auto ordinary = restore(document.first_child());
  ASSERT_THAT(ordinary.asked, testing::HasSubstr("RunInstances ImageId"));
  std::set<std::string> used;
  for (const auto& member : members.at(0)) {
    const std::string path = member["path"];
    if (const auto* entry = find_entry(table, path, used)) {
      const auto [asked, told] = changes(member, ordinary);
      judge(path, *entry, asked, told);
    }
  }
  expect_all_used(table, used);
}

/// The parameters of launches of all kinds.
std::set<std::string> parameters_of_launches() {
  pugi::xml_document document;
  document.load_string(ordinary_server);
  auto item = document.first_child();
  std::set<std::string> all;
  const auto add = [&](const NewServerWishes& wishes) {
    const auto parameters = restore(item, wishes).launch_parameters;
    all.insert(parameters.begin(), parameters.end());
  };
  add({});
  for (const auto& [wire, value] : std::initializer_list<std::pair<const char*, const char*>>{
           {"ebsOptimized", "true"},
           {"hibernationOptions/configured", "true"},
           {"enclaveOptions/enabled", "true"},
           {"monitoring/state", "enabled"},
           {"cpuOptions/threadsPerCore", "1"},
           {"cpuOptions/amdSevSnp", "enabled"},
           {"cpuOptions/nestedVirtualization", "enabled"},
           {"metadataOptions/httpProtocolIpv6", "enabled"},
           {"maintenanceOptions/autoRecovery", "disabled"},
           {"networkPerformanceOptions/bandwidthWeighting", "vpc-1"},
           {"licenseSet/item/licenseConfigurationArn", "lic"},
           {"blockDeviceMapping/item/ebs/ebsCardIndex", "1"},
           {"networkInterfaceSet/item/interfaceType", "efa"},
           {"networkInterfaceSet/item/attachment/enaQueueCount", "4"},
           {"networkInterfaceSet/item/attachment/enaSrdSpecification/enaSrdUdpSpecification/"
            "enaSrdUdpEnabled",
            "true"},
           {"networkInterfaceSet/item/ipv6AddressesSet/item/isPrimaryIpv6", "true"},
           {"networkInterfaceSet/item/ipv4PrefixSet/item/ipv4Prefix", "10.0.1.0/28"},
           {"networkInterfaceSet/item/ipv6PrefixSet/item/ipv6Prefix", "2001:db8:1::/80"},
           {"networkInterfaceSet/item/connectionTrackingConfiguration/tcpEstablishedTimeout", "99"},
           {"networkInterfaceSet/item/connectionTrackingConfiguration/udpStreamTimeout", "99"},
           {"networkInterfaceSet/item/connectionTrackingConfiguration/udpTimeout", "55"}}) {
    element_at(item, wire).text().set(value);
  }
  add({});
  NewServerWishes wishes;
  wishes.keep_private_ip = true;
  wishes.initialization_rate = 200;
  add(wishes);
  wishes = {};
  wishes.private_ip = "10.0.0.9";
  add(wishes);
  wishes = {};
  wishes.type = "t3.large";
  wishes.user_data = "eA==";
  add(wishes);
  element_at(item, "capacityReservationSpecification/capacityReservationPreference")
      .text()
      .set("none");
  item.remove_child("networkInterfaceSet");
  wishes = {};
  wishes.zone = "us-east-1b";
  wishes.private_ip = "10.0.0.9";
  add(wishes);
  add({});
  return all;
}

/// "NetworkInterface.1.SubnetId" is "NetworkInterface.N.SubnetId".
std::string in_general(const std::string& parameter) {
  std::vector<std::string> parts;
  for (const auto part : split(parameter, '.')) {
    parts.emplace_back(part.find_first_not_of("0123456789") == std::string_view::npos ? "N" : part);
  }
  return join(parts, ".");
}

TEST_F(MembersOfBotocore, OfALaunchAreAskedForOrKnownNotToBe) {
  const auto members =
      ask("restore/botocore_members.py", json::array({{{"request", "RunInstances"}}}));
  const auto table = read_table("launch_members.txt");
  std::set<std::string> asked;
  for (const auto& parameter : parameters_of_launches()) {
    asked.insert(in_general(parameter));
  }
  std::set<std::string> used;
  for (const auto& member : members.at(0)) {
    const std::string path = member["path"];
    const std::string wire = member["wire"];
    if (asked.contains(wire)) {
      continue;
    }
    if (const auto* entry = find_entry(table, path, used)) {
      EXPECT_EQ(entry->verdict, "unasked") << path;
      EXPECT_FALSE(entry->reason.empty()) << path;
    }
  }
  expect_all_used(table, used);
}

}  // namespace
}  // namespace pitstop::test
