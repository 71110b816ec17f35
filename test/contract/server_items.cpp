// What EC2 tells of a server, which a backup has to keep for a restore.

#include <fmt/format.h>

#include <algorithm>

#include "contract/cloud.hpp"

namespace pitstop::test {
namespace {

CONTRACT(TellsWhatAServerIs) {
  const auto server = co_await launch(subject);
  const auto told = [&](std::string_view fact, const std::string& value) {
    subject.expect(fact, !value.empty(), "nothing");
  };
  told("EC2 tells a server's image", server.image);
  told("EC2 tells a server's vpc", server.vpc);
  told("EC2 tells a server's subnet", server.subnet);
  told("EC2 tells a server's architecture", server.architecture);
  told("EC2 tells a server's virtualization", server.virtualization);
  told("EC2 tells a server's hypervisor", server.hypervisor);
  told("EC2 tells a server's platform", server.platform_details);
  told("EC2 tells what a server's usage is billed as", server.usage_operation);
  told("EC2 tells a server's tenancy", server.tenancy);
  told("EC2 tells how a server was booted", server.current_boot_mode);
  subject.expect("EC2 tells a server's type", server.type == "t3.micro", server.type);
  subject.expect("EC2 tells a server's zone", server.zone == zone, server.zone);
  subject.expect("EC2 tells a server's security groups", server.security_groups.size() == 1,
                 fmt::format("{}", server.security_groups.size()));
  subject.expect("EC2 tells a server's processors", server.cpu_cores > 0,
                 fmt::format("{}", server.cpu_cores));
  subject.expect("EC2 tells whether a server has enhanced networking", server.ena_support, "no");
}

CONTRACT(TellsAServersVolumes) {
  const auto server = co_await launch_with_data(subject, 2);
  subject.expect("a server's root is of EBS", server.root_device_type == "ebs",
                 server.root_device_type);
  subject.expect("a server shows all of its volumes", server.volumes.size() == 3,
                 fmt::format("{} volumes", server.volumes.size()));
  const auto root = co_await look_at(subject, root_of(server));
  subject.expect("a volume shows what it is attached to",
                 root.attachments.size() == 1 && root.attachments[0].instance == server.id &&
                     root.attachments[0].device == server.root_device_name &&
                     root.attachments[0].state == "attached",
                 fmt::format("{} attachments", root.attachments.size()));
  subject.expect("a volume in use is in its server's zone",
                 root.state == "in-use" && root.zone == server.zone, root.state + root.zone);
  const ec2::Filter of_server{"attachment.instance-id", {server.id.str()}};
  const auto volumes =
      needed("DescribeVolumes", co_await ec2::describe_volumes(subject.caller, {}, {of_server}));
  subject.expect("a server's volumes are found by its id", volumes.size() == 3,
                 fmt::format("{} volumes", volumes.size()));
}

CONTRACT(TellsAServersNetworkInterfaces) {
  const auto server = co_await launch(subject);
  if (server.network_interfaces.empty()) {
    throw CannotGoOn("telling the network interface of a server", "there is none");
  }
  const auto& first = server.network_interfaces.front();
  subject.expect(
      "a server's first network interface is that of the server's addresses",
      server.network_interfaces.size() == 1 && first.device_index == 0 && !first.id.empty() &&
          first.private_ip == server.private_ip && first.subnet == server.subnet,
      fmt::format("{} {} {} {}", first.id, first.device_index, first.private_ip, first.subnet));
}

CONTRACT(LaunchesWhatIsAskedFor) {
  auto request = small_server(subject);
  request.tags = {{"Name", "web-1"}, {"empty", ""}};
  request.metadata_http_tokens = "required";
  request.metadata_http_endpoint = "enabled";
  request.metadata_hop_limit = 3;
  request.detailed_monitoring = true;
  const auto server = co_await launch(subject, request);
  subject.expect("a server gets its tags at the launch",
                 told(server.tags) == "Name=web-1, empty=", told(server.tags));
  subject.expect("a server gets its metadata options at the launch",
                 server.metadata_http_tokens == "required" &&
                     server.metadata_http_endpoint == "enabled" && server.metadata_hop_limit == 3,
                 fmt::format("{} {} {}", server.metadata_http_tokens, server.metadata_http_endpoint,
                             server.metadata_hop_limit));
  subject.expect("a server gets its monitoring at the launch", server.detailed_monitoring, "none");
}

CONTRACT(LaunchesOnceByToken) {
  const auto request = small_server(subject);
  const auto first = needed("RunInstances", co_await ec2::run_instance(subject.caller, request));
  const auto second =
      needed("a second RunInstances", co_await ec2::run_instance(subject.caller, request));
  subject.expect("the same token never launches a second server", first.id == second.id,
                 second.id.str());
  auto other = request;
  other.type = "t3.small";
  subject.expect_refused("the same token for another server is refused",
                         co_await ec2::run_instance(subject.caller, other),
                         "IdempotentParameterMismatch");
  co_await until(subject, first.id, ec2::InstanceState::running);
  co_await terminate(subject, first.id);
  subject.expect_refused("the token of a terminated server launches nothing",
                         co_await ec2::run_instance(subject.caller, request),
                         "IdempotentInstanceTerminated");
}

CONTRACT(TellsAttributes) {
  auto request = small_server(subject);
  request.user_data = "IyEvYmluL3NoCg==";
  request.shutdown_behavior = "terminate";
  request.termination_protection = true;
  const auto set = co_await launch(subject, request);
  const auto plain = co_await launch(subject);
  auto& caller = subject.caller;
  constexpr auto attribute = "DescribeInstanceAttribute";
  const auto data = needed(attribute, co_await ec2::describe_user_data(caller, set.id));
  subject.expect("user data is kept as it was given", data == request.user_data, data);
  const auto none = needed(attribute, co_await ec2::describe_user_data(caller, plain.id));
  subject.expect("a server without user data has none", none.empty(), none);
  const auto behavior = needed(attribute, co_await ec2::describe_shutdown_behavior(caller, set.id));
  subject.expect("the shutdown behaviour is kept", behavior == "terminate", behavior);
  const auto usual = needed(attribute, co_await ec2::describe_shutdown_behavior(caller, plain.id));
  subject.expect("a server that shuts down is stopped, unless asked otherwise", usual == "stop",
                 usual);
  subject.expect("termination protection is kept",
                 needed(attribute, co_await ec2::is_termination_protected(caller, set.id)), "off");
  const auto together =
      needed("GetLaunchTemplateData", co_await ec2::describe_launch_settings(caller, set.id));
  subject.expect("a launch template after a server has its attributes",
                 together.shutdown_behavior == "terminate" && together.stop_protection == false,
                 "it has others");
  subject.expect("a launch template after a server has its termination protection",
                 together.termination_protection == true, "it is off, or not told");
  subject.expect("a server is not protected unless asked for",
                 !needed(attribute, co_await ec2::is_termination_protected(caller, plain.id)) &&
                     !needed(attribute, co_await ec2::is_stop_protected(caller, plain.id)),
                 "on");
  subject.expect_refused(
      "a protected server is not terminated",
      co_await ask(subject, "TerminateInstances", {{"InstanceId.1", set.id.str()}}),
      "OperationNotPermitted");
}

CONTRACT(ProtectsFromStops) {
  const auto server = co_await launch(subject);
  const auto protect = [&](const char* value) {
    return ask(subject, "ModifyInstanceAttribute",
               {{"InstanceId", server.id.str()}, {"DisableApiStop.Value", value}});
  };
  needed("ModifyInstanceAttribute", co_await protect("true"));
  subject.expect("stop protection is told",
                 needed("DescribeInstanceAttribute",
                        co_await ec2::is_stop_protected(subject.caller, server.id)),
                 "it is off");
  const auto template_data = needed(
      "GetLaunchTemplateData", co_await ec2::describe_launch_settings(subject.caller, server.id));
  subject.expect("stop protection is told by a launch template after the server",
                 template_data.stop_protection == true, "it is off");
  subject.expect_refused("a protected server is not stopped",
                         co_await ec2::stop_instances(subject.caller, {server.id}),
                         "OperationNotPermitted");
  const auto after = co_await look_at(subject, server.id);
  subject.expect("a protected server goes on running", after.state == ec2::InstanceState::running,
                 std::string(to_string(after.state)));
  needed("ModifyInstanceAttribute", co_await protect("false"));
  co_await stop(subject, server.id);
}

CONTRACT(TerminatesVolumesThatGoAlong) {
  const auto server = co_await launch_with_data(subject, 2);
  subject.expect("a volume attached later stays when its server is terminated",
                 !at(server, "/dev/sdf").delete_on_termination, "it would go");
  subject.expect("a root volume goes with its server",
                 at(server, server.root_device_name).delete_on_termination, "it would stay");
  needed("ModifyInstanceAttribute",
         co_await ec2::set_delete_on_termination(subject.caller, server.id, "/dev/sdg", true));
  const auto changed = co_await look_at(subject, server.id);
  subject.expect("a volume can be made to go with its server",
                 at(changed, "/dev/sdg").delete_on_termination &&
                     !at(changed, "/dev/sdf").delete_on_termination,
                 "it did not change");
  co_await terminate(subject, server.id);
  const auto left = co_await until(subject, at(server, "/dev/sdf").volume, "available");
  subject.expect("a volume that stayed is attached to nothing", left.attachments.empty(),
                 fmt::format("{} attachments", left.attachments.size()));
  for (const auto& gone : {root_of(server), at(server, "/dev/sdg").volume}) {
    subject.expect_refused("a volume that goes with its server is gone",
                           co_await ec2::describe_volumes(subject.caller, {gone}, {}),
                           "InvalidVolume.NotFound");
  }
}

CONTRACT(PlansNothingForANewServer) {
  const auto running = co_await launch(subject);
  const auto stopped = co_await launch(subject);
  co_await stop(subject, stopped.id);
  const auto events =
      needed("DescribeInstanceStatus",
             co_await ec2::describe_scheduled_events(subject.caller, {running.id, stopped.id}));
  subject.expect("a new server has no scheduled events", events.empty(),
                 fmt::format("{} events", events.size()));
  const auto status = [&](Texts parameters) {
    parameters.insert(parameters.begin(),
                      {{"InstanceId.1", running.id.str()}, {"InstanceId.2", stopped.id.str()}});
    return ask(subject, "DescribeInstanceStatus", std::move(parameters));
  };
  const auto count = [](const ec2::Reply& reply) {
    return std::ranges::distance(reply.root().child("instanceStatusSet").children("item"));
  };
  const auto some = needed("DescribeInstanceStatus", co_await status({}));
  subject.expect("the status is told of running servers only", count(some) == 1,
                 fmt::format("{} servers", count(some)));
  const auto all =
      needed("DescribeInstanceStatus", co_await status({{"IncludeAllInstances", "true"}}));
  subject.expect("the status is told of all servers if that is asked for", count(all) == 2,
                 fmt::format("{} servers", count(all)));
}

}  // namespace
}  // namespace pitstop::test
