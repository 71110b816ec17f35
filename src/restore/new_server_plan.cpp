#include <fmt/format.h>

#include <algorithm>

#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/tags.hpp"
#include "restore/planned_interface.hpp"
#include "restore/planned_machine.hpp"
#include "restore/restore_plan.hpp"

namespace pitstop {
namespace {

class Planning {
 public:
  Planning(const RestoreId& restore, const BackupSet& set, const NewServerWishes& wishes,
           const Original& original, CapturedServer server)
      : set_(set), wishes_(wishes), original_(original), server_(std::move(server)) {
    static_cast<RestorePlan&>(plan_) = plan_for(restore, RestoreKind::new_server, set);
  }

  Result<NewServerPlan> run() {
    TRY(plan_.volumes, planned_volumes(set_));
    if (!contains(plan_.volumes, server_.instance.root_device_name, &PlannedVolume::device)) {
      return fail(ErrorKind::refused,
                  fmt::format("{} has no snapshot of the root volume ({})", set_.backup.str(),
                              server_.instance.root_device_name),
                  "no server starts without one: take its volumes (--volumes-only)");
    }
    choose_image();
    TRY_STATUS(choose_place());
    plan_machine(plan_, server_, wishes_, original_);
    choose_options();
    plan_licenses(plan_, server_, set_);
    choose_devices();
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
        .name = restore_image_name(plan_.restore, set_.backup),
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
    if (launch.private_ip.empty() && !place.private_ip.empty()) {
      loses(fmt::format("the private address {} (--keep-private-ip)", place.private_ip));
    }
    choose_group(moves);
    choose_capacity();
    launch.interface =
        plan_interface(place,
                       {.keeps_addresses = wishes_.keep_private_ip,
                        .moves = moves,
                        .another_type = !wishes_.type.empty() && wishes_.type != place.type,
                        .gets_elastic_ip = wishes_.move_elastic_ip && !original_.addresses.empty()},
                       plan_.losses);
    choose_names(moves);
    return {};
  }

  /// A placement group may be of one zone, and of one account and region it is.
  void choose_group(bool moves) {
    const auto& place = server_.instance;
    auto& launch = plan_.launch;
    if (!moves) {
      launch.placement_group = place.placement_group;
      launch.partition = place.partition;
    } else if (!place.placement_group.empty()) {
      loses(fmt::format("its placement group {}{}", printable(place.placement_group),
                        place.partition ? fmt::format(", partition {}", *place.partition) : ""));
    }
    if (!place.host.empty()) {
      loses(fmt::format("its place on the host {}", place.host));
    }
    if (!place.host_group.empty()) {
      loses(fmt::format("its place in the host resource group {}", printable(place.host_group)));
    }
  }

  /// A reservation that the original fills has no room for another one.
  void choose_capacity() {
    const auto& place = server_.instance;
    if (!place.capacity_target.empty()) {
      loses(fmt::format("its capacity reservation {}: it runs outside of it",
                        printable(place.capacity_target)));
    } else if (place.capacity_preference == "none") {
      plan_.launch.capacity_preference = place.capacity_preference;
    } else if (!place.capacity_preference.empty() && place.capacity_preference != "open") {
      loses(
          fmt::format("that it runs in capacity reservations only ({}): it runs wherever there "
                      "is room",
                      printable(place.capacity_preference)));
    }
  }

  /// In another subnet its names are as that subnet has them.
  void choose_names(bool moves) {
    const auto& place = server_.instance;
    auto& launch = plan_.launch;
    if (!moves) {
      launch.hostname_type = place.hostname_type;
      launch.dns_a_record = place.dns_a_record;
      launch.dns_aaaa_record = place.dns_aaaa_record;
    } else if (place.hostname_type == "resource-name") {
      loses("that its private name is its resource name: the other subnet decides");
    }
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
    launch.metadata_ipv6 = options.metadata_ipv6;
    launch.auto_recovery = options.auto_recovery;
    if (!options.reboot_migration.empty()) {
      loses(fmt::format("its reboot migration ({}): aws ec2 modify-instance-maintenance-options",
                        printable(options.reboot_migration)));
    }
    launch.detailed_monitoring = options.detailed_monitoring;
    launch.hibernation = options.hibernation;
    launch.enclave = options.enclave;
    plan_.source_dest_check = options.source_dest_check;
    launch.client_token = plan_.restore.str();
  }

  /// What an image does not say of its volumes.
  void choose_devices() {
    plan_.initialization_rate = wishes_.initialization_rate;
    for (const auto& volume : plan_.volumes) {
      if (volume.device.empty()) {
        continue;
      }
      ec2::LaunchDevice device{.name = volume.device};
      if (wishes_.initialization_rate > 0) {
        device.initialization_rate = wishes_.initialization_rate;
      }
      device.ebs_card = ebs_card_of(volume.was);
      if (device.initialization_rate || device.ebs_card) {
        plan_.launch.devices.push_back(std::move(device));
      }
      if (volume.multi_attach) {
        loses(
            fmt::format("Multi-Attach of the volume at {}: no image has that (--volumes-only "
                        "makes it so)",
                        volume.device));
      }
    }
  }

  /// Other types have other cards.
  std::optional<int> ebs_card_of(const VolumeId& volume) const {
    const auto& server = server_.instance;
    const auto attached = std::ranges::find(server.volumes, volume, &ec2::AttachedVolume::volume);
    return attached == server.volumes.end() || plan_.launch.type != server.type
               ? std::nullopt
               : attached->ebs_card;
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
    if (!wishes_.adopt) {
      ours.push_back({restored_from_tag_key, set_.backup.str()});
    }
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

  /// Two servers that are one to whoever knows them by their names.
  void tell_of_the_original() {
    if (!original_.instance) {
      return;
    }
    const auto& old = *original_.instance;
    const bool runs = old.state == ec2::InstanceState::running;
    loses(fmt::format(
        "note: {} {}: the new server has its Name, its tags and its data, and AWS bills both",
        old.id.str(),
        runs ? "goes on running" : fmt::format("is still there ({})", to_string(old.state))));
  }

  void tell_who_backs_it_up() {
    loses(wishes_.adopt
              ? "note: policies that select it by its tags, or all servers, back it up from now on"
              : "note: policies that select by tags, or all servers, pass over it until pitstop "
                "restore --finish adopts it (--adopt: at once)");
  }

  void tell_what_is_lost() {
    tell_worth(plan_);
    tell_of_the_original();
    tell_who_backs_it_up();
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

Result<NewServerPlan> plan_new_server(const RestoreId& restore, const BackupSet& set,
                                      const NewServerWishes& wishes, const Original& original) {
  TRY_STATUS(is_whole(set));
  TRY(auto server, server_of(set));
  server.instance.root_device_name = ec2::root_device_of(server.instance);
  Planning planning(restore, set, wishes, original, std::move(server));
  return planning.run();
}

std::string restore_image_name(const RestoreId& restore, const BackupId& backup) {
  return fmt::format("pitstop restore {} of {}", restore.str(), backup.str());
}

std::string restore_image_description(const BackupId& backup, const InstanceId& instance) {
  return fmt::format("pitstop restores {} of {}", backup.str(), instance.str());
}

}  // namespace pitstop
