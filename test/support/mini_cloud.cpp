#include "support/mini_cloud.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/contains.hpp"
#include "ec2/reply.hpp"

namespace pitstop::test {

using ec2::InstanceState;

namespace {

std::string tag_set(const ec2::Tags& tags) {
  std::string xml = "<tagSet>";
  for (const auto& tag : tags) {
    xml += fmt::format("<item><key>{}</key><value>{}</value></item>", tag.key, tag.value);
  }
  return xml + "</tagSet>";
}

/// "2026-11-23 00:16:00 GMT"
std::string in_gmt(WallTime time) {
  const auto text = rfc3339(time);
  return text.substr(0, 10) + ' ' + text.substr(11, 8) + " GMT";
}

bool asks_for(const ec2::Call& call, const std::string& list, const std::string& id) {
  bool listed = false;
  for (const auto& [name, value] : call.parameters.all()) {
    if (name.starts_with(list + '.')) {
      listed = true;
      if (value == id) {
        return true;
      }
    }
  }
  return !listed;
}

/// Whether a state passes the call's only filter, if it has one of that name.
bool passes_filter(const ec2::Call& call, std::string_view filter, std::string_view value) {
  const auto* name = call.parameters.find("Filter.1.Name");
  if (name == nullptr || *name != filter) {
    return true;
  }
  return std::ranges::any_of(call.parameters.all(), [&](const auto& parameter) {
    return parameter.first.starts_with("Filter.1.Value.") && parameter.second == value;
  });
}

}  // namespace

MiniCloud::MiniCloud(VirtualTime& time, MiniCloudTimes times)
    : time_(time), times_(times), settles_at_(time.now()) {}

Task<Result<ec2::Reply>> MiniCloud::call(ec2::Call call) {
  co_await time_.sleep(times_.call / 2);
  if (call.parameters.find("DryRun") != nullptr) {
    Fault* fault = fault_for({.action = "DryRun:" + call.action});
    const Error error =
        fault != nullptr ? fault->error : Error{ErrorKind::would_work, "DryRunOperation", {}, {}};
    co_return pitstop::fail(error);
  }
  calls.push_back({call.action, call.parameters, time_.now()});
  if (on_call) {
    on_call(call);
  }
  Fault* fault = fault_for(call);
  const auto throwing = throws_at.find(call.action);
  if (throwing != throws_at.end() && throwing->second == counts_[call.action]) {
    throw std::runtime_error("thrown by the test");
  }
  if (fault != nullptr && !fault->happens) {
    co_return pitstop::fail(fault->error);
  }
  auto body = answer(call);
  co_await time_.sleep(times_.call / 2);
  if (fault != nullptr) {
    co_return pitstop::fail(fault->error);
  }
  if (!body) {
    co_return pitstop::fail(body.error());
  }
  HttpResponse response;
  response.status = 200;
  response.body = fmt::format("<{0}Response>{1}</{0}Response>", call.action, *body);
  co_return ec2::read_reply(response, call.action);
}

MiniCloud::Fault* MiniCloud::fault_for(const ec2::Call& call) {
  const int number = ++counts_[call.action];
  if (time_.now() >= faults_end_) {
    return nullptr;
  }
  for (auto& fault : faults_) {
    if (fault.action == call.action &&
        (fault.nth == number || (fault.goes_on && number > fault.nth))) {
      fault.used = true;
      return &fault;
    }
  }
  return nullptr;
}

void MiniCloud::fail_call(std::string action, int nth, Error error, bool happens) {
  faults_.push_back({std::move(action), nth, false, std::move(error), happens});
}

void MiniCloud::fail_from(std::string action, int nth, Error error, bool happens) {
  faults_.push_back({std::move(action), nth, true, std::move(error), happens});
}

std::vector<std::string> MiniCloud::unused_faults() const {
  std::vector<std::string> unused;
  for (const auto& fault : faults_) {
    if (!fault.used) {
      unused.push_back(
          fmt::format("{} number {}: {}", fault.action, fault.nth, fault.error.message));
    }
  }
  return unused;
}

std::size_t MiniCloud::count(std::string_view action) const {
  return static_cast<std::size_t>(std::ranges::count(calls, action, &Recorded::action));
}

const MiniCloud::Recorded& MiniCloud::first(std::string_view action) const {
  const auto found = std::ranges::find(calls, action, &Recorded::action);
  if (found == calls.end()) {
    throw std::runtime_error(fmt::format("{} was never called", action));
  }
  return *found;
}

std::size_t MiniCloud::index_of(std::string_view action, int nth) const {
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].action == action && --nth == 0) {
      return i;
    }
  }
  throw std::runtime_error(fmt::format("{} was not called so often", action));
}

InstanceState MiniCloud::state() const {
  return time_.now() >= settles_at_ ? settled_ : moving_;
}

void MiniCloud::set_state(InstanceState state, std::string reason) {
  settled_ = moving_ = state;
  settles_at_ = time_.now();
  give_reason(std::move(reason));
}

void MiniCloud::stops_at(Instant when, std::string reason) {
  moving_ = state();
  settled_ = InstanceState::stopped;
  settles_at_ = when;
  give_reason(std::move(reason));
}

Result<std::string> MiniCloud::answer(const ec2::Call& call) {
  const auto& action = call.action;
  if (action == "StopInstances" || action == "StartInstances") {
    const bool to_start = action == "StartInstances";
    const bool possible =
        state() == InstanceState::running || state() == InstanceState::stopped ||
        (to_start ? state() == InstanceState::pending : state() == InstanceState::stopping);
    if (!possible) {
      return pitstop::fail(Error{ErrorKind::wrong_state,
                                 action + ": IncorrectInstanceState",
                                 {},
                                 "IncorrectInstanceState"});
    }
    return to_start ? start() : stop(call.parameters.find("Force") != nullptr);
  }
  if (action == "CreateSnapshots") {
    return create_snapshots(call);
  }
  if (action == "DeleteSnapshot") {
    std::erase_if(snapshots_, [&](const MadeSnapshot& snapshot) {
      return snapshot.id.str() == *call.parameters.find("SnapshotId");
    });
    return "<return>true</return>";
  }
  if (action == "DescribeInstances") {
    return describe_instances(call);
  }
  if (action == "DescribeVolumes") {
    return describe_volumes();
  }
  if (action == "DescribeSnapshots") {
    return describe_snapshots(call);
  }
  if (action == "DescribeInstanceStatus") {
    return "<instanceStatusSet/>";
  }
  if (action == "DescribeTargetGroups") {
    return "<DescribeTargetGroupsResult><TargetGroups/></DescribeTargetGroupsResult>";
  }
  if (action == "DescribeInstanceTypes") {
    return "<instanceTypeSet/>";
  }
  if (action == "CreateTags" || action == "DeleteTags") {
    return change_tags(call);
  }
  if (action == "DescribeInstanceAttribute") {
    return "<return>true</return>";
  }
  if (action == "GetLaunchTemplateData") {
    return "<launchTemplateData/>";
  }
  ADD_FAILURE() << "MiniCloud does not know " << action;
  return pitstop::fail(ErrorKind::refused, "InvalidAction");
}

void MiniCloud::give_reason(std::string reason) {
  reason_ = std::move(reason);
  ++transitions_;
  transition_reason_ = reason_ == "Client.UserInitiatedShutdown"
                           ? fmt::format("User initiated ({})", in_gmt(time_.wall()))
                           : fmt::format("transition {}", transitions_);
}

std::string MiniCloud::stop(bool forced) {
  const InstanceState before = state();
  if (forced && before == InstanceState::stopping) {
    settles_at_ = time_.now() + Seconds(5);
  }
  if (before == InstanceState::running) {
    moving_ = InstanceState::stopping;
    settled_ = terminates_instead_of_stopping ? InstanceState::terminated : InstanceState::stopped;
    settles_at_ = time_.now() + times_.stop;
    give_reason("Client.UserInitiatedShutdown");
  }
  return fmt::format("<instancesSet><item><instanceId>{}</instanceId>{}{}</item></instancesSet>",
                     instance.str(), state_xml("previousState", before),
                     state_xml("currentState", state()));
}

std::string MiniCloud::start() {
  const InstanceState before = state();
  if (before == InstanceState::stopped) {
    moving_ = InstanceState::pending;
    settled_ = InstanceState::running;
    settles_at_ = time_.now() + times_.start;
    started_at_ = time_.now();
    if (starts_that_fall_back > 0) {
      --starts_that_fall_back;
      settled_ = InstanceState::stopped;
      settles_at_ = time_.now() + Seconds(3);
      give_reason("Client.InternalError");
    }
  }
  return fmt::format("<instancesSet><item><instanceId>{}</instanceId>{}{}</item></instancesSet>",
                     instance.str(), state_xml("previousState", before),
                     state_xml("currentState", state()));
}

/// Those of the server; nobody asks for those of snapshots.
std::string MiniCloud::change_tags(const ec2::Call& call) {
  const auto* resource = call.parameters.find("ResourceId.1");
  for (int number = 1; resource != nullptr && *resource == instance.str(); ++number) {
    const auto* key = call.parameters.find(fmt::format("Tag.{}.Key", number));
    const auto* value = call.parameters.find(fmt::format("Tag.{}.Value", number));
    if (key == nullptr || value == nullptr) {
      break;
    }
    const ec2::Tag tag{*key, *value};
    if (call.action == "DeleteTags") {
      std::erase(instance_tags, tag);
    } else {
      std::erase_if(instance_tags, [&](const ec2::Tag& known) { return known.key == tag.key; });
      instance_tags.push_back(tag);
    }
  }
  return "<return>true</return>";
}

std::string MiniCloud::create_snapshots(const ec2::Call& call) {
  EXPECT_EQ(state(), InstanceState::stopped)
      << "the snapshots were asked for before the server was at rest";
  std::string items;
  for (const auto& [volume, device] : volumes) {
    const bool root = device == "/dev/sda1";
    const bool excluded =
        root ? call.parameters.find("InstanceSpecification.ExcludeBootVolume") != nullptr
             : std::ranges::any_of(call.parameters.all(), [&](const auto& parameter) {
                 return parameter.first.starts_with("InstanceSpecification.ExcludeDataVolumeId.") &&
                        parameter.second == volume.str();
               });
    if (excluded || contains(skipped_volumes, volume)) {
      continue;
    }
    const auto* backup_key = call.parameters.find("TagSpecification.1.Tag.2.Value");
    MadeSnapshot made{SnapshotId(fmt::format("snap-{:017x}", ++last_snapshot_)), volume,
                      time_.now(), backup_key != nullptr ? *backup_key : ""};
    snapshots_.push_back(made);
    items += snapshot_xml(made, "state");
  }
  return "<snapshotSet>" + items + "</snapshotSet>";
}

std::string MiniCloud::state_xml(const char* element, InstanceState state) const {
  return fmt::format("<{0}><code>{1}</code><name>{2}</name></{0}>", element,
                     static_cast<int>(state), to_string(state));
}

std::string MiniCloud::describe_instances(const ec2::Call& call) const {
  const bool stale = time_.now() - started_at_ < stale_after_start;
  const auto shown = stale ? InstanceState::stopped : state();
  const bool has_tag = contains(instance_tags, "pitstop:down", &ec2::Tag::key);
  if (!asks_for(call, "InstanceId", instance.str()) ||
      !passes_filter(call, "instance-id", instance.str()) ||
      !passes_filter(call, "tag-key", has_tag ? "pitstop:down" : "") ||
      !passes_filter(call, "instance-state-name", to_string(shown))) {
    return "<reservationSet/>";
  }
  std::string mappings;
  for (const auto& [volume, device] : volumes) {
    mappings +=
        fmt::format("<item><deviceName>{}</deviceName><ebs><volumeId>{}</volumeId></ebs></item>",
                    device, volume.str());
  }
  const bool at_rest = shown == InstanceState::stopped || shown == InstanceState::stopping;
  return fmt::format(
      "<reservationSet><item><instancesSet><item><instanceId>{}</instanceId>{}<reason>{}</reason>"
      "<launchTime>{}</launchTime>"
      "<stateReason><code>{}</code></stateReason><rootDeviceName>/dev/sda1</rootDeviceName>"
      "<rootDeviceType>ebs</rootDeviceType><ipAddress>{}</ipAddress>"
      "<blockDeviceMapping>{}</blockDeviceMapping>{}</item></instancesSet></item></reservationSet>",
      instance.str(), state_xml("instanceState", shown), at_rest ? transition_reason_ : "",
      rfc3339(time_.wall() - std::chrono::floor<Milliseconds>(time_.now() - started_at_)),
      at_rest ? reason_ : "", public_ip, mappings, tag_set(instance_tags));
}

std::string MiniCloud::describe_volumes() const {
  std::string items;
  for (const auto& [volume, device] : volumes) {
    const auto tags = volume_tags.find(volume);
    items += fmt::format(
        "<item><volumeId>{}</volumeId><size>150</size><volumeType>gp3</"
        "volumeType><attachmentSet><item>"
        "<instanceId>{}</instanceId><device>{}</device></item></attachmentSet>{}</item>",
        volume.str(), instance.str(), device,
        tags == volume_tags.end() ? "" : tag_set(tags->second));
  }
  return "<volumeSet>" + items + "</volumeSet>";
}

std::string MiniCloud::snapshot_xml(const MadeSnapshot& snapshot, const char* state_element) const {
  const Duration age = time_.now() - snapshot.made;
  std::string state = "pending";
  std::string progress = age < times_.first_progress ? "" : "12%";
  if (age >= times_.first_progress && snapshots_end_as) {
    state = to_string(*snapshots_end_as);
  } else if (age >= times_.completion) {
    state = "completed";
    progress = "100%";
  }
  return fmt::format(
      "<item><snapshotId>{0}</snapshotId><volumeId>{1}</volumeId><{2}>{3}</{2}><progress>{4}</"
      "progress>"
      "<volumeSize>150</volumeSize><description>pitstop {5} of {6}</description>"
      "<startTime>{7}</startTime></item>",
      snapshot.id.str(), snapshot.volume.str(), state_element, state, progress, snapshot.backup,
      instance.str(), rfc3339(time_.wall() - std::chrono::floor<Milliseconds>(age)));
}

std::string MiniCloud::describe_snapshots(const ec2::Call& call) const {
  std::string items;
  const auto* filter = call.parameters.find("Filter.1.Name");
  const bool by_tag = filter != nullptr && *filter == "tag:pitstop:backup";
  for (const auto& snapshot : snapshots_) {
    const bool visible = !by_tag || (time_.now() - snapshot.made >= invisible_for &&
                                     passes_filter(call, "tag:pitstop:backup", snapshot.backup));
    const auto xml = snapshot_xml(snapshot, "status");
    const auto state = xml.contains("<status>completed") ? "completed"
                       : xml.contains("<status>error")   ? "error"
                                                         : "pending";
    if (visible && asks_for(call, "SnapshotId", snapshot.id.str()) &&
        passes_filter(call, "status", state)) {
      items += xml;
    }
  }
  return "<snapshotSet>" + items + "</snapshotSet>";
}

}  // namespace pitstop::test
