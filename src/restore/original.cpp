#include "restore/original.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ec2/instance_types.hpp"
#include "ec2/instances.hpp"
#include "ec2/launch.hpp"

namespace pitstop {
namespace {

class Looking {
 public:
  Looking(RestoreTools tools, BackupSet set) : tools_(tools), set_(std::move(set)) {
    auto server = server_of(set_);
    if (server) {
      captured_ = *std::move(server);  // if not, the plan says why
    }
  }

  Task<Result<Original>> run() {
    std::vector<InstanceId> ids{set_.instance};
    CO_TRY(const auto found, co_await ec2::find_instances(tools_.ec2, std::move(ids)));
    if (!found.empty() && !ec2::is_gone(found.front())) {
      original_.instance = found.front();
      co_await ask_the_server();
    } else if (captured_) {
      co_await ask_for_the_address();
    }
    if (captured_ && !captured_->instance.type.empty()) {
      co_await ask_for_the_type();
    }
    CO_TRY_STATUS(co_await look_for_earlier_restores());
    co_return std::move(original_);
  }

 private:
  Task<void> ask_the_server() {
    const auto& server = *original_.instance;
    keep("its user data", co_await ec2::describe_user_data(tools_.ec2, server.id),
         original_.user_data);
    if (server.boot_mode.starts_with("uefi")) {
      keep("its UEFI variables", co_await ec2::describe_uefi_data(tools_.ec2, server.id),
           original_.uefi_data);
    }
    std::vector<InstanceId> ids{server.id};
    keep("its Elastic IPs", co_await ec2::describe_addresses(tools_.ec2, std::move(ids)),
         original_.addresses);
  }

  /// An Elastic IP stays in the account when its server is gone.
  Task<void> ask_for_the_address() {
    const auto& was = captured_->instance;
    const bool elastic =
        std::ranges::any_of(was.network_interfaces, &ec2::NetworkInterface::public_ip_is_elastic);
    if (elastic && !was.public_ip.empty()) {
      keep("its Elastic IP", co_await ec2::find_address(tools_.ec2, was.public_ip),
           original_.addresses);
    }
  }

  Task<void> ask_for_the_type() {
    const auto types =
        co_await ec2::describe_instance_types(tools_.ec2, {captured_->instance.type});
    if (types && !types->empty()) {
      original_.usual_cores = types->front().cores;
      original_.usual_threads_per_core = types->front().threads_per_core;
    }
  }

  Task<Status> look_for_earlier_restores() {
    std::vector<ec2::Filter> filters{
        {fmt::format("tag:{}", restored_from_tag_key), {set_.backup.str()}}};
    CO_TRY(const auto servers, co_await ec2::look_at_instances(tools_.ec2, {}, std::move(filters)));
    for (const auto& server : servers) {
      if (!ec2::is_gone(server)) {
        original_.restored_before.push_back(server.id);
      }
    }
    co_return Status();
  }

  template <class Value>
  void keep(const char* what, Result<Value> asked, Value& place) {
    if (asked) {
      place = *std::move(asked);
      return;
    }
    tools_.report(set_.instance, Step::warning,
                  fmt::format("{} cannot be told: {}", what, asked.error().message),
                  asked.error().hint);
  }

  RestoreTools tools_;
  BackupSet set_;
  std::optional<CapturedServer> captured_;
  Original original_;
};

}  // namespace

Task<Result<Original>> look_at_original(RestoreTools tools, BackupSet set) {
  Looking looking(tools, std::move(set));
  co_return co_await looking.run();
}

Task<Result<std::string>> zone_of_new_server(RestoreTools tools, BackupSet set,
                                             NewServerWishes wishes) {
  if (!wishes.zone.empty()) {
    co_return wishes.zone;
  }
  CO_TRY(const auto server, server_of(set));
  const auto& place = server.instance;
  auto subnet = wishes.subnet.empty() ? place.subnet : wishes.subnet;
  const bool is_nowhere = wishes.subnet.empty() && set.copied_from;  // the plan says so
  if (subnet.empty() || is_nowhere) {
    co_return place.zone;
  }
  auto zone = co_await ec2::zone_of_subnet(tools.ec2, std::move(subnet));
  if (!zone) {
    auto error = zone.error();
    error.hint = "choose another subnet: --subnet";
    co_return fail(within("the zone of the new server", std::move(error)));
  }
  co_return zone;
}

}  // namespace pitstop
