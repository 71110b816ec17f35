#include "restore/restore_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/plan.hpp"
#include "base/check.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

std::vector<PlannedVolume> volumes_as_they_were(const BackupSet& set,
                                                const CapturedServer& server) {
  std::vector<PlannedVolume> volumes;
  for (const auto& snapshot : set.snapshots) {
    PlannedVolume planned{.device = snapshot.device,
                          .snapshot = snapshot.id,
                          .was = snapshot.volume,
                          .size = snapshot.size,
                          .type = "gp3",
                          .iops = {},
                          .throughput = {},
                          .tags = snapshot.volume_tags};
    const auto volume = std::ranges::find(server.volumes, snapshot.volume, &ec2::Volume::id);
    if (volume != server.volumes.end()) {
      planned.size = std::max(volume->size, snapshot.size);
      planned.type = volume->type.empty() ? planned.type : volume->type;
      // EC2 tells what gp2, st1 and sc1 do by their size, and takes it from nobody.
      const bool chooses = planned.type == "gp3" || planned.type.starts_with("io");
      planned.iops = chooses ? volume->iops : std::nullopt;
      planned.throughput = planned.type == "gp3" ? volume->throughput : std::nullopt;
    }
    const auto attached =
        std::ranges::find(server.instance.volumes, snapshot.volume, &ec2::AttachedVolume::volume);
    planned.delete_on_termination =
        attached != server.instance.volumes.end() && attached->delete_on_termination;
    volumes.push_back(std::move(planned));
  }
  return volumes;
}

class Planning {
 public:
  Planning(const RestoreId& restore, const BackupSet& set, const NewServerWishes& wishes,
           const Original& original, CapturedServer server)
      : set_(set), wishes_(wishes), original_(original), server_(std::move(server)) {
    static_cast<RestorePlan&>(plan_) = plan_for(restore, RestoreKind::new_server, set);
  }

  Result<NewServerPlan> run() {
    plan_.volumes = volumes_as_they_were(set_, server_);
    if (!contains(plan_.volumes, server_.instance.root_device_name, &PlannedVolume::device)) {
      return fail(ErrorKind::refused,
                  fmt::format("{} has no snapshot of the root volume ({})", set_.backup.str(),
                              server_.instance.root_device_name),
                  "no server starts without one: take its volumes (--volumes-only)");
    }
    choose_image();
    TRY_STATUS(choose_place());
    choose_machine();
    choose_options();
    choose_tags();
    choose_addresses();
    if (wishes_.fast_restore_zone) {
      TRY_STATUS(ask_for_fast_restore(plan_, set_, *wishes_.fast_restore_zone));
    }
    tell_what_is_lost();
    return std::move(plan_);
  }

 private:
  void loses(std::string text) { plan_.losses.push_back(std::move(text)); }

  void choose_image() {
    const auto& machine = server_.instance;
    plan_.billing = {machine.platform_details, machine.usage_operation, machine.product_codes};
    if (set_.image) {
      plan_.image = set_.image->id;
      plan_.launch.image = set_.image->id;
      return;
    }
    ec2::ImageRegistration registration{
        .name = restore_image_name(set_.backup),
        .description = restore_image_description(set_.backup, set_.instance),
        .architecture = machine.architecture,
        .virtualization = machine.virtualization,
        .root_device_name = machine.root_device_name,
        .ena_support = machine.ena_support,
        .sriov_net_support = machine.sriov_net_support,
        .boot_mode = machine.boot_mode,
        .tpm_support = machine.tpm_support,
        .uefi_data = original_.uefi_data,
        .imds_support = machine.metadata_http_tokens == "required" ? "v2.0" : "",
        .kernel = machine.kernel,
        .ramdisk = machine.ramdisk,
        .volumes = {},
        .tags = {{"Name", set_.name},
                 {restored_from_tag_key, set_.backup.str()},
                 {restore_tag_key, plan_.restore.str()}}};
    for (const auto& volume : plan_.volumes) {
      if (!volume.device.empty()) {
        registration.volumes.push_back({volume.device, volume.snapshot, volume.type, volume.iops,
                                        volume.throughput, volume.delete_on_termination});
      }
    }
    plan_.registration = std::move(registration);
    if (machine.boot_mode.starts_with("uefi") && original_.uefi_data.empty()) {
      loses("its UEFI variables: only the server itself has them, and it is gone or has none");
    }
  }

  /// Nothing of the network of the original is where a copy is.
  Status choose_place() {
    auto& place = server_.instance;
    auto& launch = plan_.launch;
    const bool moves = !wishes_.subnet.empty() || !wishes_.zone.empty();
    if (const auto& origin = set_.copied_from) {
      if (!moves) {
        return fail(ErrorKind::refused,
                    fmt::format("{} is a copy: its server was in {}, in {} of {}",
                                set_.backup.str(), place.subnet.empty() ? place.zone : place.subnet,
                                printable(origin->region), printable(origin->account)),
                    "say where the new one is to be: --subnet, or --zone for the default network");
      }
      leave_behind(place.security_groups, "its security groups", "--security-group");
    }
    launch.subnet = moves ? wishes_.subnet : place.subnet;
    launch.zone = launch.subnet.empty() ? (moves ? wishes_.zone : place.zone) : "";
    launch.private_ip = wishes_.keep_private_ip ? place.private_ip : wishes_.private_ip;
    launch.security_groups =
        wishes_.security_groups.empty() ? place.security_groups : wishes_.security_groups;
    launch.tenancy = place.tenancy;
    launch.placement_group = moves ? "" : place.placement_group;
    if (launch.private_ip.empty() && !place.private_ip.empty()) {
      loses(fmt::format("the private address {} (--keep-private-ip)", place.private_ip));
    }
    if (!place.host.empty()) {
      loses(fmt::format("its place on the host {}", place.host));
    }
    if (place.network_interfaces.size() > 1) {
      loses(fmt::format("{} of its {} network interfaces: attach new ones by hand",
                        place.network_interfaces.size() - 1, place.network_interfaces.size()));
    }
    return {};
  }

  /// What there is only where the original is.
  void leave_behind(std::vector<std::string>& names, std::string_view what,
                    std::string_view option) {
    if (!names.empty()) {
      loses(fmt::format("{} ({}), unless given: {}", what, join(names, ", "), option));
    }
    names.clear();
  }
  void leave_behind(std::string& name, std::string_view what, std::string_view option) {
    std::vector<std::string> names;
    if (!name.empty()) {
      names.push_back(std::move(name));
    }
    leave_behind(names, what, option);
    name.clear();
  }

  void choose_machine() {
    const auto& machine = server_.instance;
    auto& launch = plan_.launch;
    const bool same_type = wishes_.type.empty() || wishes_.type == machine.type;
    launch.type = same_type ? machine.type : wishes_.type;
    launch.ebs_optimized = same_type && machine.ebs_optimized;
    // Not every type takes them, so they are said only where they are not what is usual.
    const bool usual = machine.cpu_cores == original_.usual_cores &&
                       machine.threads_per_core == original_.usual_threads_per_core;
    if (same_type && original_.usual_cores > 0 && !usual && machine.cpu_cores > 0) {
      launch.cpu_cores = machine.cpu_cores;
      launch.threads_per_core = machine.threads_per_core;
    }
    if (!machine.lifecycle.empty()) {
      loses(fmt::format("it was a {} instance, and will be an ordinary one", machine.lifecycle));
    }
  }

  void choose_options() {
    auto& options = server_.instance;
    auto& launch = plan_.launch;
    if (const auto& origin = set_.copied_from) {
      leave_behind(options.key_name, "its key pair", "--key-name");
      // Those of IAM are in all regions of an account.
      if (set_.snapshots.front().owner != origin->account) {
        leave_behind(options.instance_profile_arn, "its instance profile", "--instance-profile");
      }
    }
    launch.key_name = wishes_.key_name.empty() ? options.key_name : wishes_.key_name;
    launch.instance_profile_arn = wishes_.instance_profile_arn.empty()
                                      ? options.instance_profile_arn
                                      : wishes_.instance_profile_arn;
    launch.user_data = wishes_.user_data.value_or(original_.user_data);
    if (!wishes_.user_data && !original_.instance) {
      loses(
          "its user data, if it had any: no backup has it, for it may hold secrets "
          "(--user-data FILE)");
    }
    launch.shutdown_behavior = server_.attributes.shutdown_behavior.value_or("");
    launch.termination_protection = server_.attributes.termination_protection.value_or(false);
    launch.stop_protection = server_.attributes.stop_protection.value_or(false);
    launch.metadata_http_tokens = options.metadata_http_tokens;
    launch.metadata_http_endpoint = options.metadata_http_endpoint;
    if (options.metadata_hop_limit > 0) {
      launch.metadata_hop_limit = options.metadata_hop_limit;
    }
    launch.metadata_tags = options.metadata_tags;
    launch.detailed_monitoring = options.detailed_monitoring;
    launch.hibernation = options.hibernation;
    launch.enclave = options.enclave;
    plan_.source_dest_check = options.source_dest_check;
    if (wishes_.initialization_rate > 0) {
      launch.initialization_rate = wishes_.initialization_rate;
      for (const auto& volume : plan_.volumes) {
        if (!volume.device.empty()) {
          launch.initialized_devices.push_back(volume.device);
        }
      }
    }
    launch.client_token = plan_.restore.str();
  }

  void choose_tags() {
    auto& tags = plan_.launch.tags;
    for (const auto& tag : server_.instance.tags) {
      if (!tag.key.starts_with("aws:") && !tag.key.starts_with("pitstop:")) {
        tags.push_back(tag);
      }
    }
    auto ours = wishes_.set_tags;
    if (!wishes_.name.empty()) {
      ours.push_back({"Name", wishes_.name});
    }
    ours.push_back({restored_from_tag_key, set_.backup.str()});
    ours.push_back({restore_tag_key, plan_.restore.str()});
    for (const auto& tag : ours) {
      std::erase_if(tags, [&](const ec2::Tag& other) { return other.key == tag.key; });
      tags.push_back(tag);
    }
    while (tags.size() > ec2::most_tags) {
      loses(fmt::format("the tag {}: there is room for {}", in_quotes(tags.front().key),
                        ec2::most_tags));
      tags.erase(tags.begin());
    }
    plan_.launch.volume_tags = {{"Name", plan_.name},
                                {restored_from_tag_key, set_.backup.str()},
                                {restore_tag_key, plan_.restore.str()}};
  }

  void choose_addresses() {
    if (wishes_.move_elastic_ip) {
      plan_.addresses = original_.addresses;
      return;
    }
    const auto& place = server_.instance;
    if (!place.public_ip.empty()) {
      const bool elastic = std::ranges::any_of(place.network_interfaces,
                                               &ec2::NetworkInterface::public_ip_is_elastic);
      loses(fmt::format("the public address {}{}", place.public_ip,
                        elastic && !original_.addresses.empty() ? " (--move-elastic-ip)" : ""));
    }
  }

  void tell_what_is_lost() {
    tell_worth(plan_);
    for (const auto& before : original_.restored_before) {
      loses(fmt::format("note: {} was restored from the same backup, and is still there",
                        before.str()));
    }
  }

  const BackupSet& set_;
  const NewServerWishes& wishes_;
  const Original& original_;
  CapturedServer server_;
  NewServerPlan plan_;
};

}  // namespace

std::string_view to_string(RestoreKind kind) {
  switch (kind) {
    case RestoreKind::new_server:
      return "new_server";
    case RestoreKind::volumes:
      return "volumes";
    case RestoreKind::in_place:
      return "in_place";
    case RestoreKind::rollback:
      return "rollback";
  }
  unreachable();
}

RestorePlan plan_for(const RestoreId& restore, RestoreKind kind, const BackupSet& set) {
  return {.restore = restore,
          .kind = kind,
          .backup = set.backup,
          .taken = set.taken,
          .consistency = set.consistency,
          .instance = set.instance,
          .name = set.name,
          .volumes = {},
          .fast_restore = {},
          .losses = notes_on(set)};
}

void tell_worth(RestorePlan& plan) {
  if (plan.consistency != Consistency::at_rest) {
    plan.losses.push_back(
        fmt::format("what was not on the disks: the backup is {}",
                    plan.consistency ? to_string(*plan.consistency) : "of unknown worth"));
  }
}

Status ask_for_fast_restore(RestorePlan& plan, const BackupSet& set, std::string zone) {
  FastRestorePlan fast{.restore = plan.restore, .zone = std::move(zone), .sources = {}};
  for (const auto& volume : plan.volumes) {
    const auto snapshot = std::ranges::find(set.snapshots, volume.snapshot, &SetSnapshot::id);
    if (snapshot->size > largest_fast_restore) {
      return fail(ErrorKind::refused,
                  fmt::format("{} is of a volume of {} GiB, and fast snapshot restore takes {} at "
                              "most",
                              snapshot->id.str(), static_cast<std::int64_t>(snapshot->size),
                              static_cast<std::int64_t>(largest_fast_restore)),
                  "leave out --fast-snapshot-restore; --initialize-rate has no such limit");
    }
    fast.sources.push_back({snapshot->id, snapshot->size});
  }
  if (fast.sources.size() > usual_fast_restores) {
    plan.losses.push_back(
        fmt::format("note: of {} snapshots a region fast snapshot restore is enabled, unless AWS "
                    "has raised the quota; these are {}",
                    usual_fast_restores, fast.sources.size()));
  }
  plan.fast_restore = std::move(fast);
  return {};
}

Result<NewServerPlan> plan_new_server(const RestoreId& restore, const BackupSet& set,
                                      const NewServerWishes& wishes, const Original& original) {
  TRY_STATUS(is_whole(set));
  TRY(auto server, server_of(set));
  Planning planning(restore, set, wishes, original, std::move(server));
  return planning.run();
}

std::string restore_image_name(const BackupId& backup) {
  return fmt::format("pitstop restore of {}", backup.str());
}

std::string restore_image_description(const BackupId& backup, const InstanceId& instance) {
  return fmt::format("pitstop restores {} of {}", backup.str(), instance.str());
}

Result<std::vector<PlannedVolume>> planned_volumes(const BackupSet& set) {
  if (set.state == SetState::suspect) {
    auto volumes = volumes_as_they_were(set, {});
    for (auto& volume : volumes) {
      volume.device.clear();
      volume.tags.clear();
    }
    return volumes;
  }
  TRY(const auto server, server_of(set));
  return volumes_as_they_were(set, server);
}

ec2::Tags tags_of_volume(const PlannedVolume& volume, const RestorePlan& plan) {
  ec2::Tags tags = volume.tags;
  constexpr std::size_t ours = 3;
  if (tags.size() > ec2::most_tags - ours) {
    tags.resize(ec2::most_tags - ours);
  }
  tags.push_back({"Name", plan.name});
  tags.push_back({restored_from_tag_key, plan.backup.str()});
  tags.push_back({restore_tag_key, plan.restore.str()});
  return tags;
}

}  // namespace pitstop
