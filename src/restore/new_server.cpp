#include "restore/new_server.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/images.hpp"
#include "ec2/instances.hpp"
#include "ec2/launch.hpp"
#include "ec2/tags.hpp"
#include "ec2/volumes.hpp"
#include "restore/comparison.hpp"
#include "restore/new_volumes.hpp"
#include "restore/restore_image.hpp"

namespace pitstop {
namespace {

constexpr Duration between_looks_at_server = Seconds(3);
/// EC2 is eventually consistent: so long may a new instance be missing.
constexpr Duration server_visible_after = std::chrono::minutes(1);
/// How long one is looked for whose launch was answered with an error.
constexpr Duration launched_visible_after = Seconds(15);
constexpr Duration longest_start = std::chrono::minutes(10);
/// Status checks pass two to four minutes after the start, where they pass.
constexpr Duration between_checks = Seconds(10);
constexpr Duration longest_checks = std::chrono::minutes(20);

/// What to do when EC2 does not launch it as it was.
std::string hint_for(const Error& error) {
  const std::string_view code = error.code;
  if (code.starts_with("InvalidSubnet") || code == "InsufficientFreeAddressesInSubnet") {
    return "choose another subnet: --subnet";
  }
  if (code.starts_with("InvalidGroup") || code.starts_with("InvalidSecurityGroup")) {
    return "choose security groups: --security-group, which may be repeated";
  }
  if (code.starts_with("InvalidKeyPair")) {
    return "choose another key pair: --key-name";
  }
  if (code == "InvalidIPAddress.InUse") {
    return "another server has this private address: leave out --keep-private-ip";
  }
  if (error.kind == ErrorKind::no_capacity) {
    return "EC2 has no room for it there: --subnet in another zone, or --type";
  }
  return error.hint;
}

class Restoring {
 public:
  Restoring(RestoreTools tools, NewServerPlan plan, NewServerOptions options)
      : tools_(tools), plan_(std::move(plan)), options_(options), outcome_(outcome_for(plan_)) {
    if (options_.keep_image && plan_.registration) {
      plan_.registration->tags.push_back({kept_image_tag_key, "yes"});
    }
  }

  Task<RestoreOutcome> run() {
    const Instant begun = tools_.clock.now();
    auto status = co_await enable_fast_restore();
    if (status) {
      status = co_await make();
    }
    if (!status) {
      outcome_.error = status.error();
    }
    co_await disable_fast_restore();
    co_await put_image_away();
    outcome_.took = tools_.clock.now() - begun;
    co_return std::move(outcome_);
  }

 private:
  Task<Status> make() {
    auto plan = plan_;
    CO_TRY(outcome_.image, co_await make_image(tools_, std::move(plan)));
    CO_TRY_STATUS(still_wanted());
    CO_TRY_STATUS(co_await launch());
    CO_TRY_STATUS(co_await await_running());
    // From here on there is a server, and whatever fails is told beside it.
    note(co_await compare_with_plan());
    note(co_await complete_volumes());
    note(co_await set_what_no_launch_sets());
    note(co_await make_detached_volumes());
    co_await disable_fast_restore();
    co_await put_image_away();
    if (options_.wait) {
      note(co_await await_checks());
    }
    co_return first_failure_;
  }

  Task<Status> enable_fast_restore() {
    if (plan_.fast_restore) {
      CO_TRY(fast_restore_, co_await begin_fast_restore(fast_restore_tools(tools_, plan_.instance),
                                                        *plan_.fast_restore));
    }
    co_return Status();
  }

  /// The volumes are there, or will not be.
  Task<void> disable_fast_restore() {
    if (!fast_restore_) {
      co_return;
    }
    auto hold = *std::exchange(fast_restore_, std::nullopt);
    const auto ended = co_await end_fast_restore(fast_restore_tools(tools_, plan_.instance),
                                                 std::move(hold), ids_of(outcome_.volumes));
    if (!ended) {
      outcome_.left_behind.push_back(ended.error().message);
    }
  }

  void note(Status status) {
    if (!status && first_failure_) {
      first_failure_ = std::move(status);
    } else if (!status) {
      tools_.report(plan_.instance, Step::warning, status.error().message, status.error().hint);
    }
  }

  Status still_wanted() const {
    return tools_.interruption.requested()
               ? fail(ErrorKind::interrupted, "interrupted before a server was launched")
               : Status();
  }

  Task<Status> launch() {
    auto request = plan_.launch;
    request.image = *outcome_.image;
    const auto launched = co_await ec2::run_instance(tools_.ec2, std::move(request));
    if (launched) {
      outcome_.server = launched->id;
    } else {
      outcome_.server = co_await find_launched();
    }
    if (!outcome_.server) {
      auto error = launched.error();
      error.hint = hint_for(error);
      co_return fail(within("no server was launched", std::move(error)));
    }
    if (!launched) {
      tools_.report(plan_.instance, Step::warning,
                    fmt::format("{} was launched all the same; the answer was: {}",
                                outcome_.server->str(), launched.error().message));
    }
    tools_.report(plan_.instance, Step::launched, outcome_.server->str());
    co_return Status();
  }

  /// No error shows that nothing was launched. The token tells what was.
  Task<std::optional<InstanceId>> find_launched() {
    const Instant end = tools_.clock.now() + launched_visible_after;
    while (true) {
      std::vector<ec2::Filter> filters{{"client-token", {plan_.launch.client_token}}};
      const auto seen = co_await ec2::describe_instances(tools_.ec2, {}, std::move(filters));
      for (const auto& instance : seen.value_or(std::vector<ec2::Instance>())) {
        if (!ec2::is_gone(instance)) {
          co_return instance.id;
        }
      }
      if (tools_.clock.now() >= end) {
        co_return std::nullopt;
      }
      co_await tools_.clock.sleep(between_looks_at_server);
    }
  }

  Task<Status> await_running() {
    const Instant begun = tools_.clock.now();
    while (true) {
      const std::vector<InstanceId> ids{*outcome_.server};
      CO_TRY(const auto found, co_await ec2::find_instances(tools_.ec2, ids));
      const auto waited = tools_.clock.now() - begun;
      if (found.empty() && waited > server_visible_after) {
        co_return fail(ErrorKind::not_found, fmt::format("{} was launched, and is not to be seen",
                                                         outcome_.server->str()));
      }
      if (!found.empty() && found.front().state == ec2::InstanceState::running) {
        seen_ = found.front();
        outcome_.private_ip = seen_.private_ip;
        outcome_.public_ip = seen_.public_ip;
        co_return Status();
      }
      if (!found.empty() && found.front().state != ec2::InstanceState::pending) {
        co_return fail(
            ErrorKind::refused,
            fmt::format("{} was launched, and is {}: {}", outcome_.server->str(),
                        to_string(found.front().state), printable(found.front().state_reason)),
            "may the credentials use the KMS key of its volumes?");
      }
      if (waited > longest_start) {
        co_return fail(ErrorKind::deadline, fmt::format("{} does not run after {}",
                                                        outcome_.server->str(), human(waited)));
      }
      co_await tools_.clock.sleep(between_looks_at_server);
    }
  }

  /// EC2 has taken the request, and need not have done all that it says. What it shows may be late.
  Task<Status> compare_with_plan() {
    const Instant end = tools_.clock.now() + server_visible_after;
    while (true) {
      CO_TRY(const auto deviations, co_await look_for_deviations());
      if (deviations.empty()) {
        co_return Status();
      }
      if (tools_.clock.now() >= end || tools_.interruption.requested()) {
        co_return fail(ErrorKind::refused,
                       fmt::format("{} is not what was planned: {}", outcome_.server->str(),
                                   join(deviations, "; ")),
                       "do not rely on it: restore what is missing (--volumes-only --attach-to), "
                       "or terminate it and restore anew");
      }
      co_await tools_.clock.sleep(between_looks_at_server);
      const std::vector<InstanceId> ids{*outcome_.server};
      CO_TRY(const auto found, co_await ec2::find_instances(tools_.ec2, ids));
      if (!found.empty()) {
        seen_ = found.front();
      }
    }
  }

  Task<Result<std::vector<std::string>>> look_for_deviations() {
    std::vector<ec2::Filter> filters{{"attachment.instance-id", {outcome_.server->str()}}};
    CO_TRY(const auto volumes, co_await ec2::describe_volumes(tools_.ec2, {}, std::move(filters)));
    co_return deviations_of(plan_, seen_, volumes);
  }

  /// The tags that each volume had of its own.
  Task<Status> complete_volumes() {
    for (const auto& attached : seen_.volumes) {
      const auto planned =
          std::ranges::find(plan_.volumes, attached.device, &PlannedVolume::device);
      if (planned == plan_.volumes.end()) {
        continue;
      }
      outcome_.volumes.push_back({attached.device, attached.volume, planned->snapshot});
      if (!planned->tags.empty() || !planned->name.empty()) {
        std::vector<std::string> volume{attached.volume.str()};
        CO_TRY_STATUS(co_await ec2::create_tags(tools_.ec2, std::move(volume),
                                                tags_of_volume(*planned, plan_)));
      }
    }
    co_return Status();
  }

  Task<Status> set_what_no_launch_sets() {
    if (!plan_.source_dest_check) {
      CO_TRY_STATUS(co_await ec2::set_source_dest_check(tools_.ec2, *outcome_.server, false));
    }
    for (const auto& address : plan_.addresses) {
      CO_TRY_STATUS(
          co_await ec2::associate_address(tools_.ec2, address.allocation, *outcome_.server));
      outcome_.public_ip = address.public_ip;
      tools_.report(plan_.instance, Step::changed,
                    fmt::format("{} goes to {} now", address.public_ip, outcome_.server->str()));
    }
    co_return Status();
  }

  /// What was attached to nothing is so again, in the zone of the server.
  Task<Status> make_detached_volumes() {
    RestorePlan detached = plan_;
    std::erase_if(detached.volumes,
                  [](const PlannedVolume& volume) { return !volume.device.empty(); });
    if (detached.volumes.empty()) {
      co_return Status();
    }
    CO_TRY(const auto made, co_await make_volumes(tools_, std::move(detached), seen_.zone,
                                                  plan_.initialization_rate));
    std::ranges::copy(made, std::back_inserter(outcome_.volumes));
    co_return Status();
  }

  Task<Status> await_checks() {
    const Instant begun = tools_.clock.now();
    while (!tools_.interruption.requested()) {
      CO_TRY(const auto checks, co_await ec2::describe_status_checks(tools_.ec2, *outcome_.server));
      if (checks.system == "ok" && checks.instance == "ok") {
        outcome_.checks_passed = true;
        tools_.report(plan_.instance, Step::checks_passed, outcome_.server->str());
        co_return Status();
      }
      if (tools_.clock.now() - begun > longest_checks) {
        co_return fail(
            ErrorKind::deadline,
            fmt::format(
                "{} runs, and EC2's checks have not passed after {}: system {}, instance {}",
                outcome_.server->str(), human(longest_checks), checks.system, checks.instance),
            fmt::format("look at its console: aws ec2 get-console-output --instance-id {}",
                        outcome_.server->str()));
      }
      co_await tools_.clock.sleep(between_checks);
    }
    co_return fail(ErrorKind::interrupted,
                   fmt::format("interrupted while {} starts: nobody has seen its checks pass",
                               outcome_.server->str()));
  }

  /// Snapshots that an image stands on cannot be deleted, and the server needs it no more.
  Task<void> put_image_away() {
    if (!outcome_.image || options_.keep_image || plan_.image || image_was_tried_) {
      co_return;
    }
    image_was_tried_ = true;
    const auto gone = co_await ec2::deregister_image(tools_.ec2, *outcome_.image);
    if (gone) {
      outcome_.image.reset();
      co_return;
    }
    outcome_.left_behind.push_back(
        fmt::format("the image {}, whose snapshots cannot be deleted while "
                    "it is there: {}",
                    outcome_.image->str(), gone.error().message));
  }

  RestoreTools tools_;
  NewServerPlan plan_;
  NewServerOptions options_;
  std::optional<FastRestoreHold> fast_restore_;
  ec2::Instance seen_;
  Status first_failure_;
  bool image_was_tried_ = false;  ///< to deregister it
  RestoreOutcome outcome_;
};

}  // namespace

Task<RestoreOutcome> restore_new_server(RestoreTools tools, NewServerPlan plan,
                                        NewServerOptions options) {
  Restoring restoring(tools, std::move(plan), options);
  co_return co_await restoring.run();
}

}  // namespace pitstop
