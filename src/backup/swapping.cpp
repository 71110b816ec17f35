#include "backup/swapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "backup/alarm.hpp"
#include "backup/making_volumes.hpp"
#include "backup/marking.hpp"
#include "base/text.hpp"
#include "ec2/instances.hpp"
#include "ec2/tags.hpp"
#include "ec2/volumes.hpp"

namespace pitstop {
namespace {

constexpr Duration between_looks_at_swap = Milliseconds(500);
/// What has not worked by then is undone.
constexpr Duration longest_swap = std::chrono::minutes(5);
constexpr Duration swap_is_late = std::chrono::minutes(1);

/// Has one side of a swap attached, and the other not.
class Arranging {
 public:
  Arranging(Tools tools, InstanceId instance, const Swap& swap, SwapState wanted)
      : tools_(tools), instance_(std::move(instance)), swap_(swap), wanted_(wanted) {}

  /// `most`: how long it may take; nothing: as long as there is a server.
  Task<Status> run(std::optional<Duration> most) {
    const Instant begun = tools_.clock.now();
    Alarm alarm(swap_is_late);
    while (!co_await step()) {
      const auto lasted = tools_.clock.now() - begun;
      if (most && (lasted > *most || is_denied() || is_hopeless())) {
        co_return fail(
            within(fmt::format("the volumes of {} cannot be exchanged", instance_.str()),
                   last_error_.value_or(Error{ErrorKind::deadline, "EC2 does not do it", "", ""})));
      }
      if (!most && co_await is_gone()) {
        co_return fail(ErrorKind::refused, fmt::format("{} was terminated", instance_.str()),
                       "its volumes are there, and tell by their tags where they were");
      }
      if (alarm.rings(lasted)) {
        tools_.report(
            instance_, Step::alarm,
            fmt::format("the volumes of {} are not where they belong after {}: {}", instance_.str(),
                        human(lasted), last_error_ ? last_error_->message : "EC2 takes its time"),
            "it is tried on until it works");
      }
      co_await tools_.clock.sleep(between_looks_at_swap);
    }
    co_await set_fates();
    co_return Status();
  }

 private:
  const VolumeId& leaving(const SwappedVolume& volume) const {
    return wanted_ == SwapState::now ? volume.out : volume.in;
  }
  const VolumeId& coming(const SwappedVolume& volume) const {
    return wanted_ == SwapState::now ? volume.in : volume.out;
  }

  /// Whether everything is where it belongs; if not, asks for what can be asked for now.
  Task<bool> step() {
    const auto seen = co_await volumes_of(tools_.ec2, swap_);
    if (!seen) {
      last_error_ = seen.error();
      co_return false;
    }
    if (!co_await take_out(*seen)) {
      co_return false;
    }
    co_return co_await bring_in(*seen);
  }

  Task<bool> take_out(const std::vector<ec2::Volume>& seen) {
    bool all = true;
    for (const auto& volume : swap_.volumes) {
      const auto* attached = attachment_to(instance_, seen, leaving(volume));
      if (attached == nullptr) {
        continue;
      }
      all = false;
      if (attached->state != "detaching") {
        const auto detached = co_await ec2::detach_volume(tools_.ec2, leaving(volume), instance_);
        note(detached);
        has_changed_ = has_changed_ || detached;
      } else {
        has_changed_ = true;
      }
    }
    co_return all;
  }

  /// From the last to the first, which is the root: that only when all others are there.
  Task<bool> bring_in(const std::vector<ec2::Volume>& seen) {
    bool all = true;
    for (auto volume = swap_.volumes.rbegin(); volume != swap_.volumes.rend(); ++volume) {
      const auto& id = coming(*volume);
      const bool is_first = std::next(volume) == swap_.volumes.rend();
      if (id.empty() || (is_first && !all)) {
        continue;
      }
      const auto* attached = attachment_to(instance_, seen, id);
      if (attached == nullptr) {
        const auto asked = co_await ec2::attach_volume(tools_.ec2, id, instance_, volume->device);
        note(asked);
        has_changed_ = has_changed_ || asked;
        if (!asked && ec2::is_never_attached(asked.error())) {
          ++refusals_[id];
        }
      }
      all = all && attached != nullptr && attached->state == "attached";
    }
    co_return all;
  }

  // An attached volume stays when its server is terminated, unless somebody says otherwise. It
  // costs nobody anything if that cannot be said.
  Task<void> set_fates() {
    for (const auto& volume : swap_.volumes) {
      const bool goes = wanted_ == SwapState::now ? volume.delete_on_termination
                                                  : volume.out_deletes_on_termination;
      if (!goes || coming(volume).empty()) {
        continue;
      }
      const auto set =
          co_await ec2::set_delete_on_termination(tools_.ec2, instance_, volume.device, true);
      if (!set) {
        tools_.report(instance_, Step::warning,
                      fmt::format("{} of {} will stay when the server is terminated: {}",
                                  coming(volume).str(), instance_.str(), set.error().message),
                      "");
      }
    }
  }

  // An error is believed when EC2 has shown afterwards that the volume is not attached: it was
  // asked again for that reason alone.
  bool is_hopeless() const {
    return std::ranges::any_of(refusals_, [](const auto& refused) { return refused.second > 1; });
  }

  Task<bool> is_gone() {
    const std::vector<InstanceId> ids{instance_};
    const auto found = co_await ec2::find_instances(tools_.ec2, ids);
    co_return found && !found->empty() && ec2::is_gone(found->front());
  }

  void note(const Status& status) {
    if (!status) {
      last_error_ = status.error();
    }
  }

  /// Nothing has happened yet, and nothing may: a server that is down does not wait for that.
  bool is_denied() const {
    return !has_changed_ && last_error_ && last_error_->kind == ErrorKind::forbidden;
  }

  Tools tools_;
  InstanceId instance_;
  const Swap& swap_;
  SwapState wanted_;
  std::optional<Error> last_error_;
  /// How often EC2 has refused to attach a volume for good.
  std::map<VolumeId, int> refusals_;
  bool has_changed_ = false;
};

/// What was made for a swap that did not come about, and all tags of it.
Task<Status> give_up_swap(Tools tools, const InstanceId& instance, const Swap& swap) {
  Status first;
  const auto keep = [&](Status status) {
    if (!status && status.error().kind != ErrorKind::not_found && first) {
      first = std::move(status);
    }
  };
  std::vector<VolumeId> made;
  for (const auto& volume : swap.volumes) {
    if (!volume.out.empty()) {
      std::vector<std::string> resource{volume.out.str()};
      keep(co_await ec2::delete_tags(tools.ec2, std::move(resource),
                                     replaced_tags(swap.restore, instance, volume)));
    }
    if (volume.in.empty()) {
      continue;
    }
    if (volume.request) {
      made.push_back(volume.in);
    } else {
      std::vector<std::string> resource{volume.in.str()};
      keep(co_await ec2::delete_tags(tools.ec2, std::move(resource),
                                     swapped_in_tags(swap.restore, instance, volume)));
    }
  }
  keep(co_await delete_volumes(tools.ec2, std::move(made)));
  co_return first;
}

/// Between the plan and this moment a person may have thought for an hour.
Task<Status> is_as_planned(Tools tools, const InstanceId& instance, const Swap& swap) {
  std::vector<ec2::Filter> filters{{"attachment.instance-id", {instance.str()}}};
  CO_TRY(const auto volumes, co_await ec2::describe_volumes(tools.ec2, {}, std::move(filters)));
  for (const auto& planned : swap.volumes) {
    VolumeId present;
    for (const auto& volume : volumes) {
      const auto* attached = attachment_to(instance, volumes, volume.id);
      if (attached != nullptr && attached->device == planned.device) {
        present = volume.id;
      }
    }
    if (present != planned.out) {
      co_return fail(
          ErrorKind::refused,
          fmt::format("{} has {} at {} now, and had {} when this was planned", instance.str(),
                      present.empty() ? "nothing" : present.str(), planned.device,
                      planned.out.empty() ? "nothing" : planned.out.str()),
          "has somebody else restored it? plan it anew");
    }
  }
  co_return Status();
}

Task<Status> tag_both_sides(Tools tools, const InstanceId& instance, const Swap& swap) {
  for (const auto& volume : swap.volumes) {
    if (!volume.request) {
      std::vector<std::string> in{volume.in.str()};
      CO_TRY_STATUS(co_await ec2::create_tags(tools.ec2, std::move(in),
                                              swapped_in_tags(swap.restore, instance, volume)));
    }
    if (!volume.out.empty()) {
      std::vector<std::string> out{volume.out.str()};
      CO_TRY_STATUS(co_await ec2::create_tags(tools.ec2, std::move(out),
                                              replaced_tags(swap.restore, instance, volume)));
    }
  }
  co_return Status();
}

Task<Status> make_what_comes_in(Tools tools, const InstanceId& instance, Swap& swap) {
  std::vector<ec2::VolumeRequest> requests;
  for (const auto& volume : swap.volumes) {
    if (volume.request) {
      requests.push_back(*volume.request);
      std::ranges::move(swapped_in_tags(swap.restore, instance, volume),
                        std::back_inserter(requests.back().tags));
    }
  }
  if (requests.empty()) {
    co_return Status();
  }
  CO_TRY(const auto made, co_await make_volumes(tools.ec2, tools.clock, std::move(requests)));
  std::vector<std::string> names;
  std::size_t i = 0;
  for (auto& volume : swap.volumes) {
    if (volume.request) {
      volume.in = made[i++];
      names.push_back(fmt::format("{} ({})", volume.in.str(), volume.device));
    }
  }
  tools.report(instance, Step::volumes_created, join(names, ", "));
  co_return Status();
}

}  // namespace

Task<Status> prepare_swap(Tools tools, const BackupPlan& plan, Swap& swap) {
  root_first(swap, plan.instance.root_device_name);
  for (auto& volume : swap.volumes) {
    if (volume.request) {
      volume.request->outpost = plan.instance.outpost;  // a server there can use no others
    }
  }
  CO_TRY_STATUS(co_await is_as_planned(tools, plan.instance.id, swap));
  CO_TRY_STATUS(co_await set_mark(tools, plan, Mark::volumes, to_text(swap)));
  auto prepared = co_await make_what_comes_in(tools, plan.instance.id, swap);
  if (prepared) {
    prepared = co_await set_mark(tools, plan, Mark::volumes, to_text(swap));
  }
  if (prepared) {
    prepared = co_await tag_both_sides(tools, plan.instance.id, swap);
  }
  if (!prepared) {
    const auto gone = co_await give_up_swap(tools, plan.instance.id, swap);
    if (!gone) {
      tools.report(plan.instance.id, Step::warning, gone.error().message, gone.error().hint);
    }
    co_return fail(within("the volumes that are to come in", prepared.error()));
  }
  co_return Status();
}

Task<Swapping> swap_volumes(Tools tools, InstanceId instance, Swap swap) {
  Swapping swapping;
  Arranging forward(tools, instance, swap, SwapState::now);
  swapping.status = co_await forward.run(longest_swap);
  if (swapping.status) {
    swapping.state = SwapState::now;
    tools.report(instance, Step::volumes_swapped);
    co_return swapping;
  }
  tools.report(instance, Step::warning, swapping.status.error().message,
               "everything is put back as it was");
  Arranging back(tools, instance, swap, SwapState::old);
  const auto undone = co_await back.run(std::nullopt);
  if (!undone) {
    swapping.status = undone;
  }
  co_return swapping;
}

Task<Status> conclude_swap(Tools tools, InstanceId instance, Swap swap, SwapState state) {
  tools.report(
      instance, Step::changed,
      fmt::format("its volumes are {} (restore {})",
                  state == SwapState::old ? "what they were" : "exchanged", swap.restore.str()));
  Status status;
  if (state == SwapState::old) {
    status = co_await give_up_swap(tools, instance, swap);
  } else {
    std::vector<VolumeId> old;
    for (const auto& volume : swap.volumes) {
      std::vector<std::string> in{volume.in.str()};
      auto stale = swapped_in_tags(swap.restore, instance, volume);
      std::ranges::copy(volume.stale_tags, std::back_inserter(stale));
      auto untagged = co_await ec2::delete_tags(tools.ec2, std::move(in), std::move(stale));
      const bool is_gone = !untagged && untagged.error().kind == ErrorKind::not_found;
      status = status && !is_gone ? std::move(untagged) : std::move(status);
      if (!volume.out.empty()) {
        old.push_back(volume.out);
      }
    }
    if (swap.drops_old) {
      auto gone = co_await delete_volumes(tools.ec2, std::move(old));
      status = status ? std::move(gone) : std::move(status);
    }
  }
  if (!status) {
    tools.report(instance, Step::warning, status.error().message, status.error().hint);
  }
  co_return status;
}

}  // namespace pitstop
