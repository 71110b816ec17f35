#include "backup/hold.hpp"

#include <fmt/format.h>

#include "backup/elsewhere.hpp"
#include "backup/evidence.hpp"
#include "backup/guard.hpp"
#include "backup/marking.hpp"
#include "backup/reservation.hpp"
#include "backup/rotating.hpp"
#include "base/text.hpp"
#include "ec2/adjusting_caller.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

/// How long another host may take from its look, which showed no tag, until its own tag is there,
/// and EC2 to show it.
constexpr Duration until_others_are_seen = Seconds(5);

/// Whoever takes longer than that from the look to the tag looks again: it is what the others rely
/// on.
constexpr Duration from_look_to_tag = Seconds(3);

/// A tag that is older than that when the server has its place says what is long past.
constexpr Duration tag_is_fresh_for = std::chrono::minutes(1);

/// A tag that is not visible after that time was not written.
constexpr Duration tag_visible_after = Seconds(60);

ec2::Tags as_tags(const Hold& hold) {
  ec2::Tags tags{{down_tag_key, hold.tag_text.empty() ? to_text(hold.tag) : hold.tag_text}};
  if (!hold.rotation_text.empty()) {
    tags.push_back({rotation_tag_key, hold.rotation_text});
  } else if (!hold.rotation.empty()) {
    tags.push_back({rotation_tag_key, to_text(hold.rotation, hold.instance)});
  }
  return tags;
}

constexpr Duration patience_of_release = std::chrono::minutes(10);

/// Calls that may be repeated for minutes: the server is up.
void make_patient(ec2::Call& call) {
  call.patience = patience_of_release;
}

class HoldTaker {
 public:
  HoldTaker(Tools tools, const BackupPlan& plan) : tools_(tools), plan_(plan) {
    hold_.instance = plan.instance.id;
    hold_.tag = {.run = plan.run,
                 .since = {},
                 .until = {},
                 .host = tools.here.host,
                 .found_stopped = plan.found_stopped()};
    if (plan.options.swap) {
      hold_.tag.swap = plan.options.swap->restore;
    }
    hold_.rotation = plan.rotation;
  }

  Task<Taking> run() {
    const auto laid = co_await lay();
    if (!laid) {
      co_await rejoin(tools_, hold_);
      auto left = co_await release(tools_, hold_);
      if (laid.error().kind == ErrorKind::refused) {
        co_await look_elsewhere();
      }
      co_return Taking{fail(laid.error()), polls_, std::move(left), elsewhere_};
    }
    co_return Taking{hold_, polls_};
  }

 private:
  /// The tag comes first: as long as it is there, others know that there may be more.
  Task<Status> lay() {
    const bool comes_back = !plan_.found_stopped();
    hold_.tag.guarded = comes_back && !plan_.options.guard_role.empty();
    hold_.tag.reserved = comes_back && plan_.options.reserve_capacity;
    CO_TRY_STATUS(co_await enter_with_a_tag());
    CO_TRY_STATUS(co_await see_our_tag());
    CO_TRY_STATUS(co_await see_that_it_is_not_done());
    if (!hold_.rotation.empty()) {
      hold_.away = Away::perhaps;
      CO_TRY_STATUS(co_await leave_rotation(tools_, plan_));
      hold_.away = Away::yes;
    }
    // The guard counts from when it is made.
    if (hold_.tag.guarded) {
      CO_TRY_STATUS(co_await set_mark(tools_, plan_, Mark::guard));
      hold_.guarded = true;
      CO_TRY_STATUS(co_await set_guard(tools_, plan_));
    }
    if (hold_.tag.reserved) {
      CO_TRY_STATUS(co_await set_mark(tools_, plan_, Mark::reserve));
      hold_.reserved = true;
      CO_TRY_STATUS(co_await reserve_capacity(tools_, plan_));
    }
    co_return Status();
  }

  /// Nobody else works on the server now: a backup that another run has made of it is there to be
  /// seen.
  Task<Status> see_that_it_is_not_done() {
    CO_TRY_STATUS(co_await look_elsewhere());
    if (elsewhere_) {
      co_return fail(ErrorKind::refused, fmt::format("{} was backed up by the run {} meanwhile",
                                                     hold_.instance.str(), elsewhere_->run.str()));
    }
    co_return Status();
  }

  Task<Status> look_elsewhere() {
    if (!elsewhere_ && may_be_done_elsewhere(plan_, seen_)) {
      CO_TRY(elsewhere_, co_await find_backup_elsewhere(tools_.ec2, plan_));
    }
    co_return Status();
  }

  /// Whoever waits for a place uses the time: that others have the time to be seen costs nothing
  /// then. Nearly always the wait is short, for whoever has the place was about to leave.
  Task<Status> enter_with_a_tag() {
    while (true) {
      write_the_time();
      CO_TRY_STATUS(co_await set_mark(tools_, plan_, Mark::tag, to_text(hold_.tag)));
      if (!hold_.rotation.empty()) {
        CO_TRY_STATUS(co_await set_mark(tools_, plan_, Mark::rotation,
                                        to_text(hold_.rotation, hold_.instance)));
      }
      CO_TRY_STATUS(co_await tag());
      CO_TRY_STATUS(co_await tools_.turn.enter());
      CO_TRY_STATUS(tools_.may_begin(plan_.options));
      if (tools_.clock.now() - tagged_at_ <= tag_is_fresh_for) {
        co_return Status();
      }
      CO_TRY_STATUS(co_await take_tag_away());
    }
  }

  Task<Status> take_tag_away() {
    co_await release(tools_, hold_);
    const auto untagged =
        co_await look_until([](const ec2::Instance& instance) { return !down_tag_of(instance); });
    if (!untagged) {
      co_return fail(within("its tag pitstop:down does not go", untagged.error()));
    }
    hold_.tagged = false;
    co_return Status();
  }

  /// In whole minutes, for servers with the same tag are tagged together.
  void write_the_time() {
    const auto now = tools_.clock.wall();
    hold_.tag.since = std::chrono::floor<std::chrono::minutes>(now);
    hold_.tag.until = std::chrono::ceil<std::chrono::minutes>(now + longest_outage(plan_.options));
  }

  /// Writes the tag so soon after a look that nobody who looks at it in time can miss it.
  Task<Status> tag() {
    while (true) {
      CO_TRY_STATUS(co_await look());
      const Instant looked = tools_.clock.now();
      hold_.tagged = true;
      std::vector<std::string> resources{plan_.instance.id.str()};
      auto tags = as_tags(hold_);
      CO_TRY_STATUS(co_await tools_.tags.create_soon(std::move(resources), std::move(tags)));
      tagged_at_ = tools_.clock.now();
      if (tagged_at_ - looked <= from_look_to_tag) {
        co_return Status();
      }
    }
  }

  Task<Status> see_our_tag() {
    co_await tools_.clock.sleep_until(tagged_at_ + until_others_are_seen);
    const auto is_tagged = [](const ec2::Instance& instance) {
      return down_tag_of(instance).has_value();
    };
    auto shown = co_await look_until(is_tagged);
    if (!shown) {
      co_return fail(within("its tag pitstop:down does not show", std::move(shown).error()));
    }
    co_return judge();
  }

  /// Whether the server is free, and as it was planned for.
  Task<Status> look() {
    CO_TRY_STATUS(co_await look_until([](const ec2::Instance&) { return true; }));
    co_return judge();
  }

  Task<Status> look_until(std::function<bool(const ec2::Instance&)> enough) {
    ec2::Wait<ec2::Instance> wait;
    wait.ids = {plan_.instance.id};
    wait.tempo = {Duration{}, Milliseconds(500), Seconds(2), 10};
    wait.deadline = tools_.clock.now() + tag_visible_after;
    wait.enough = [this, enough = std::move(enough)](const ec2::Instance& instance) {
      seen_ = instance;
      return enough(instance);
    };
    const auto waited = co_await tools_.instances.wait(std::move(wait));
    polls_ += waited.polls;
    co_return waited.status;
  }

  Status judge() const {
    const auto& id = plan_.instance.id.str();
    const auto tag = down_tag_of(seen_);
    if (tag && *tag != to_text(hold_.tag)) {
      if (auto held = held_by_tag(seen_, tools_.clock.wall())) {
        return fail(*std::move(held));
      }
    }
    if (seen_.state != plan_.instance.state) {
      return fail(ErrorKind::refused,
                  fmt::format("{} was {} when the backup was planned, and is {} now", id,
                              to_string(plan_.instance.state), to_string(seen_.state)),
                  "somebody else works on it; try again when it rests or runs");
    }
    return {};
  }

  Tools tools_;
  const BackupPlan& plan_;
  Hold hold_;
  ec2::Instance seen_;
  std::optional<ElsewhereBackup> elsewhere_;
  Instant tagged_at_;
  int polls_ = 0;
};

}  // namespace

Task<Taking> take_hold(Tools tools, const BackupPlan& plan) {
  HoldTaker taker(tools, plan);
  co_return co_await taker.run();
}

Task<Status> rejoin(Tools tools, Hold& hold) {
  if (hold.away == Away::no) {
    co_return Status();
  }
  const auto back = co_await rejoin_rotation(tools, hold.instance, hold.rotation, hold.away);
  if (!back) {
    tools.report(hold.instance, Step::alarm,
                 fmt::format("{} is up, and not in rotation again: {}", hold.instance.str(),
                             back.error().message),
                 "pitstop recover tries it again");
    co_return fail(within("it is not in rotation again", back.error()));
  }
  hold.away = Away::no;
  co_return Status();
}

Task<std::vector<std::string>> release(Tools tools, Hold hold) {
  std::vector<std::string> left;
  if (hold.away != Away::no) {
    left.emplace_back("it is not in rotation again");
  }
  const auto see = [&](const Status& done, const char* what) {
    if (!done) {
      left.emplace_back(what);
      tools.report(hold.instance, Step::warning,
                   fmt::format("{}: {}: {}", hold.instance.str(), what, done.error().message),
                   "pitstop recover takes it away");
    }
  };
  ec2::AdjustingCaller patient(tools.ec2, make_patient);
  if (hold.reserved) {
    const auto cancelled = co_await cancel_reservation(tools, patient, hold.tag.run, hold.instance);
    see(cancelled, "its capacity reservation may still be there");
  }
  if (hold.guarded) {
    const auto removed = co_await remove_guard(tools, hold.tag.run, hold.instance);
    see(removed, "its guard may still be there, and starts it until it ends");
  }
  if (hold.tagged && left.empty()) {
    std::vector<std::string> resources{hold.instance.str()};
    auto tags = as_tags(hold);
    const auto untagged = co_await tools.tags.remove_later(std::move(resources), std::move(tags));
    const bool gone = !untagged && untagged.error().kind == ErrorKind::not_found;
    see(gone ? Status() : untagged, "its tag pitstop:down is still there");
  }
  co_return left;
}

Task<Status> see_that_tag_is_gone(Tools tools, Hold hold) {
  ec2::Wait<ec2::Instance> wait;
  wait.ids = {hold.instance};
  wait.tempo = {Duration{}, Milliseconds(500), Seconds(2), 10};
  wait.deadline = tools.clock.now() + tag_visible_after;
  wait.enough = [&hold](const ec2::Instance& instance) {
    const auto text = down_tag_of(instance);
    const auto tag = text ? parse_down_tag(*text) : std::nullopt;
    return !text || (*text != hold.tag_text && (!tag || tag->run != hold.tag.run));
  };
  const auto waited = co_await tools.instances.wait(std::move(wait));
  const bool gone = !waited.status && waited.status.error().kind == ErrorKind::not_found;
  co_return gone ? Status() : waited.status;
}

}  // namespace pitstop
