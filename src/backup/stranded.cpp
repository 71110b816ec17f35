#include "backup/stranded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "aws/role_arn.hpp"
#include "backup/server_tools.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/instances.hpp"

namespace pitstop {
namespace {

/// What two hosts' clocks may be apart.
constexpr Duration clock_skew = std::chrono::minutes(2);

Task<Result<std::vector<ec2::Instance>>> describe_tagged(ec2::Caller& caller) {
  std::vector<ec2::Filter> filters{{"tag-key", {down_tag_key}}};
  return ec2::describe_instances(caller, {}, std::move(filters));
}

Stranded stranded_by(const OpenBackup& open, const ec2::Instance& instance) {
  Stranded stranded;
  stranded.instance = instance;
  stranded.run = open.run;
  stranded.backup = open.backup;
  stranded.name = open.name;
  stranded.start_when = parse_start_when(open.start_when).value_or(StartWhen::progress);
  stranded.policy = open.policy;
  const auto* stop = open.find(Mark::stop);
  stranded.begun = stop != nullptr ? stop->at : open.opened;
  stranded.may_be_down =
      stop != nullptr && open.find(Mark::running) == nullptr && !open.found_stopped;
  stranded.was_priming = open.find(Mark::prime) != nullptr && open.find(Mark::tag) == nullptr;
  stranded.may_have_snapshots = open.find(Mark::snapshots) != nullptr;
  if (const auto* fast = open.find(Mark::fast_restore)) {
    stranded.fast_restore = RestoreId(fast->detail);
  }
  if (const auto* start = open.find(Mark::start)) {
    stranded.started = start->at;
    stranded.gate = parse_gate_opening(start->detail);
  }
  stranded.left_by = open.holder;
  stranded.in_journal = true;
  stranded.hold.instance = open.instance;
  if (const auto* tagged = open.find_last(Mark::tag)) {
    stranded.hold.tag = parse_down_tag(tagged->detail).value_or(DownTag());
    stranded.hold.tagged = true;
  }
  stranded.hold.tag.run = open.run;
  if (const auto* left = open.find(Mark::rotation)) {
    stranded.hold.rotation = parse_rotation(left->detail, open.instance).value_or(Rotation());
  }
  stranded.hold.away = stranded.hold.rotation.empty() ? Away::no : Away::perhaps;
  stranded.last_sign = open.marks.empty() ? open.opened : open.marks.back().at;
  stranded.hold.guarded = open.find(Mark::guard) != nullptr;
  stranded.hold.reserved = open.find(Mark::reserve) != nullptr;
  return stranded;
}

Stranded stranded_by(const DownTag& tag, const ec2::Instance& instance) {
  Stranded stranded;
  stranded.instance = instance;
  stranded.run = tag.run;
  stranded.name = instance.name().value_or("");
  stranded.begun = tag.since;
  stranded.may_be_down = !tag.found_stopped;
  stranded.may_have_snapshots = true;
  stranded.fast_restore = tag.swap;
  stranded.left_by = fmt::format("a process on {}", tag.host);
  stranded.hold = {.instance = instance.id,
                   .tag = tag,
                   .tagged = true,
                   .guarded = tag.guarded,
                   .reserved = tag.reserved,
                   .rotation = rotation_in_tag(instance)};
  stranded.hold.away = stranded.hold.rotation.empty() ? Away::no : Away::perhaps;
  return stranded;
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
      if (is_here(backup) && is_wanted(backup.instance) && tools_.logbook.adopt(backup.run)) {
        adopted.insert(backup.run);
      }
    }
    TRY(const auto open, tools_.logbook.open_backups());
    for (const auto& backup : open) {
      if (adopted.contains(backup.run) && is_here(backup) && is_wanted(backup.instance)) {
        left_behind_.push_back(backup);
      } else {
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
        pass_over(
            open.instance, ErrorKind::not_found,
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
        take_tagged(instance, *text);
      }
    }
    co_return Status();
  }

  void take_tagged(const ec2::Instance& instance, const std::string& text) {
    const auto& id = instance.id.str();
    const auto tag = parse_down_tag(text);
    if (!tag) {
      pass_over(instance.id, ErrorKind::refused,
                fmt::format("{} has the tag {} = {}, which is not pitstop's", id, down_tag_key,
                            in_quotes(text)),
                "if nobody knows of it, start the server and remove the tag");
      return;
    }
    const bool is_over =
        tools_.clock.wall() > tag->until + std::chrono::round<Milliseconds>(clock_skew);
    if (is_over || options_.take_over) {
      found_.servers.push_back(stranded_by(*tag, instance));
      return;
    }
    pass_over(instance.id, ErrorKind::held,
              fmt::format("{} is held by the run {} on {}, until {} at the latest", id,
                          tag->run.str(), tag->host, rfc3339(tag->until)),
              "if that host is gone: pitstop recover --now");
  }

  void pass_over(const InstanceId& instance, ErrorKind kind, std::string why, std::string hint) {
    found_.passed_over.emplace_back(instance, Error{kind, std::move(why), std::move(hint), {}});
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
