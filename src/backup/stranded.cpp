// Which servers interrupted runs have left.
//
// Invariants, each with tests that try to break it:
//   1. Where the journal of this host has an entry, it says what may have been done, and to which
//   volumes; but a server that does not run now, and was not found stopped, is started whatever the
//   marks say.
//   2. Without an entry nothing is done by a tag but a start: only of a server that EC2 shows as
//   stopped by a call between the times of the tag, or as fallen back from a start between them.
//   3. A tag with times that no run of pitstop writes is reported, and nothing is done by it.
//   4. More is done where a person has named the server; volumes are exchanged or deleted only
//   where a person has named the restore, and EC2's facts support what the tags say.
//   5. What is left as it is, is reported, with the command that settles it.

#include "backup/stranded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "aws/role_arn.hpp"
#include "backup/evidence.hpp"
#include "backup/server_tools.hpp"
#include "backup/stranded_server.hpp"
#include "backup/swapping.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/instances.hpp"
#include "ec2/snapshots.hpp"
#include "ec2/stop_reason.hpp"

namespace pitstop {
namespace {

Task<Result<std::vector<ec2::Instance>>> describe_tagged(ec2::Caller& caller) {
  std::vector<ec2::Filter> filters{{"tag-key", {down_tag_key}}};
  return ec2::describe_instances(caller, {}, std::move(filters));
}

std::string shown(const DownTag& tag) {
  return fmt::format("the run {} on {}", printable(tag.run.str()), printable(tag.host));
}

class Search {
 public:
  Search(FleetTools tools, RecoveryOptions options)
      : tools_(tools), options_(std::move(options)), own_(tools) {}

  Task<Result<StrandedServers>> run() {
    CO_TRY_STATUS(adopt_runs());
    CO_TRY_STATUS(co_await take_from_journal());
    CO_TRY_STATUS(co_await take_by_tag());
    co_return std::move(found_);
  }

 private:
  bool is_wanted(const InstanceId& instance) const {
    return options_.only.empty() || contains(options_.only, instance);
  }

  /// Of a restore that a person has named nothing else is wanted.
  bool is_wanted(const OpenBackup& open) const {
    const auto* volumes = open.find(Mark::volumes);
    const bool is_of_restore = options_.restore && volumes != nullptr &&
                               (volumes->detail + ";").starts_with(options_.restore->str() + ";");
    return options_.restore ? is_of_restore : is_wanted(open.instance);
  }

  bool is_here(const OpenBackup& backup) const {
    return backup.region == tools_.here.region &&
           account_of_role(backup.role) == account_of_role(tools_.here.role);
  }

  /// Sorts the open backups into those whose process is gone and those that somebody works on. What
  /// counts is what is open once the locks are ours: another recovery may have just closed it.
  Status adopt_runs() {
    TRY(const auto seen, tools_.logbook.open_backups());
    std::set<RunId> adopted;
    for (const auto& backup : seen) {
      if (is_here(backup) && is_wanted(backup) && tools_.logbook.adopt(backup.run)) {
        adopted.insert(backup.run);
      }
    }
    TRY(const auto open, tools_.logbook.open_backups());
    for (const auto& backup : open) {
      if (adopted.contains(backup.run) && is_here(backup) && is_wanted(backup)) {
        left_behind_.push_back(backup);
      } else if (is_here(backup)) {
        in_good_hands_.insert(backup.instance);
      }
    }
    for (const auto& run : adopted) {
      if (!contains(open, run, &OpenBackup::run)) {
        tools_.logbook.let_go(run);
      }
    }
    return {};
  }

  Task<Status> take_from_journal() {
    std::vector<InstanceId> ids;
    for (const auto& open : left_behind_) {
      ids.push_back(open.instance);
    }
    CO_TRY(const auto known, co_await ec2::find_instances(own_.retrying, std::move(ids)));
    for (const auto& open : left_behind_) {
      in_good_hands_.insert(open.instance);
      const auto instance = std::ranges::find(known, open.instance, &ec2::Instance::id);
      if (instance != known.end()) {
        found_.servers.push_back(stranded_by(open, *instance));
      } else {
        ec2::Instance unseen;
        unseen.id = open.instance;
        pass_over(
            unseen, ErrorKind::not_found,
            fmt::format("{} was left behind by the run {}, and is not to be seen",
                        open.instance.str(), open.run.str()),
            fmt::format("with the credentials of its account: pitstop recover; if it is gone: "
                        "pitstop recover --forget {}",
                        open.instance.str()));
      }
    }
    co_return Status();
  }

  Task<Status> take_by_tag() {
    CO_TRY(const auto tagged, co_await describe_tagged(own_.retrying));
    for (const auto& instance : tagged) {
      const auto text = down_tag_of(instance);
      if (text && is_wanted(instance.id) && !in_good_hands_.contains(instance.id)) {
        CO_TRY_STATUS(co_await take_tagged(instance, *text));
      }
    }
    co_return Status();
  }

  Task<Status> take_tagged(ec2::Instance instance, std::string text) {
    const auto tag = parse_down_tag(text);
    const auto claim = tag ? claim_of(*tag, tools_.clock.wall()) : Claim::unbelievable;
    if (claim == Claim::unbelievable) {
      if (!options_.restore) {
        pass_over_unbelievable(instance, text);
      }
      co_return Status();
    }
    if (options_.restore && tag->swap != options_.restore) {
      co_return Status();
    }
    if (claim == Claim::holds && !options_.take_over) {
      pass_over_held(instance, *tag);
      co_return Status();
    }
    if (options_.restore) {
      co_return co_await take_named_restore(std::move(instance), *tag);
    }
    if (tag->swap) {
      co_return co_await take_with_restore(std::move(instance), *tag);
    }
    take_to_start(instance, *tag, false);
    co_return Status();
  }

  bool is_named(const InstanceId& instance) const { return contains(options_.only, instance); }

  /// Started, at most.
  void take_to_start(const ec2::Instance& instance, const DownTag& tag, bool leaves_a_restore) {
    const bool would_start = ec2::is_at_rest(instance) && !tag.found_stopped;
    if (would_start && !is_named(instance.id) && !shows_stop_of(tag, instance)) {
      pass_over_unproven(instance, tag);
      return;
    }
    auto stranded = stranded_by(tag, instance, is_named(instance.id));
    if (leaves_a_restore) {
      stranded.unnamed_restore = tag.swap;
    }
    found_.servers.push_back(std::move(stranded));
  }

  /// Nobody has named the restore: a server that is half exchanged is not started.
  Task<Status> take_with_restore(ec2::Instance instance, DownTag tag) {
    CO_TRY(const auto swap,
           co_await find_swap(own_.retrying, *tag.swap, instance.root_device_name));
    if (swap) {
      CO_TRY(const auto progress, co_await progress_of(own_.retrying, instance.id, *swap));
      if (progress == SwapProgress::begun) {
        pass_over_half_exchanged(instance, tag);
        co_return Status();
      }
    }
    take_to_start(instance, tag, swap.has_value());
    co_return Status();
  }

  Task<Status> take_named_restore(ec2::Instance instance, DownTag tag) {
    CO_TRY(auto swap, co_await find_swap(own_.retrying, *tag.swap, instance.root_device_name));
    auto stranded = stranded_by(tag, instance, true);
    if (swap) {
      CO_TRY(const auto facts, co_await facts_of(instance, tag, *swap));
      const auto supported = supports(facts, *swap);
      if (!supported) {
        pass_over_unsupported(instance, tag, supported.error());
        co_return Status();
      }
    }
    stranded.swap = std::move(swap);
    found_.servers.push_back(std::move(stranded));
    co_return Status();
  }

  Task<Result<RestoreFacts>> facts_of(ec2::Instance instance, DownTag tag, Swap swap) {
    RestoreFacts facts{
        .server = std::move(instance), .tag = std::move(tag), .volumes = {}, .snapshots = {}};
    CO_TRY(facts.volumes, co_await volumes_of(own_.retrying, swap));
    ec2::Filter sources{.name = "snapshot-id", .values = {}};
    for (const auto& volume : facts.volumes) {
      if (!volume.made_from.empty()) {
        sources.values.push_back(volume.made_from.str());
      }
    }
    if (!sources.values.empty()) {
      std::vector<ec2::Filter> filters{std::move(sources)};
      CO_TRY(facts.snapshots,
             co_await ec2::describe_snapshots(own_.retrying, {}, std::move(filters)));
    }
    co_return facts;
  }

  void pass_over_unbelievable(const ec2::Instance& instance, const std::string& text) {
    pass_over(
        instance, ErrorKind::refused,
        fmt::format("{} has the tag {} = {}, which no run of pitstop writes: nothing is done "
                    "by it, and the server is left {}",
                    instance.id.str(), down_tag_key, in_quotes(text), to_string(instance.state)),
        fmt::format("start the server if it is to run; then {}", untagging_by_hand(instance.id)));
  }

  void pass_over_held(const ec2::Instance& instance, const DownTag& tag) {
    const bool is_down = ec2::is_at_rest(instance) && !tag.found_stopped;
    pass_over(instance, ErrorKind::held,
              fmt::format("{} is {}held by {}, until {} at the latest", instance.id.str(),
                          is_down ? "DOWN: it is " : "", shown(tag), rfc3339(tag.until)),
              fmt::format("if that host is gone: pitstop recover --now {}", instance.id.str()),
              is_down);
  }

  void pass_over_unproven(const ec2::Instance& instance, const DownTag& tag) {
    const auto& id = instance.id;
    const auto stopped = ec2::stopped_by_call_at(instance);
    pass_over(
        instance, ErrorKind::refused,
        fmt::format(
            "{} is {}, and EC2 does not say that {} stopped it between {} and {} "
            "({}): it is left as it is",
            id.str(), to_string(instance.state), shown(tag), rfc3339(tag.since), rfc3339(tag.until),
            stopped ? "it was stopped at " + rfc3339(*stopped)
                    : printable(instance.state_reason_code.empty() ? "no reason"
                                                                   : instance.state_reason_code)),
        fmt::format("to start it: pitstop recover {}; if it is to stay stopped: {}", id.str(),
                    untagging_by_hand(id)));
  }

  void pass_over_half_exchanged(const ec2::Instance& instance, const DownTag& tag) {
    const bool is_down = ec2::is_at_rest(instance) && !tag.found_stopped;
    const auto restore = printable(tag.swap->str());
    pass_over(instance, ErrorKind::refused,
              fmt::format("{} is {}: its volumes are replaced in part by the restore {} of {}",
                          instance.id.str(), is_down ? "DOWN" : to_string(instance.state), restore,
                          shown(tag)),
              fmt::format("pitstop recover{} --restore {} finishes it",
                          options_.take_over ? " --now" : "", restore),
              is_down);
  }

  void pass_over_unsupported(const ec2::Instance& instance, const DownTag& tag, const Error& why) {
    const bool is_down = ec2::is_at_rest(instance) && !tag.found_stopped;
    pass_over(instance, ErrorKind::refused,
              fmt::format("{} is left {}: EC2 does not support what the tags of {} say: {}",
                          instance.id.str(), to_string(instance.state), printable(tag.swap->str()),
                          why.message),
              why.hint, is_down);
  }

  void pass_over(const ec2::Instance& instance, ErrorKind kind, std::string why, std::string hint,
                 bool is_down = false) {
    found_.passed_over.push_back(
        {instance, Error{kind, std::move(why), std::move(hint), {}}, is_down});
  }

  FleetTools tools_;
  RecoveryOptions options_;
  OwnCaller own_;
  std::vector<OpenBackup> left_behind_;
  std::set<InstanceId> in_good_hands_;
  StrandedServers found_;
};

}  // namespace

Task<Result<StrandedServers>> find_stranded(FleetTools tools, RecoveryOptions options) {
  Search search(tools, std::move(options));
  co_return co_await search.run();
}

}  // namespace pitstop
