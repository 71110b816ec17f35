#include "cli/policy_fleet.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "backup/fleet.hpp"
#include "backup/shared_options.hpp"
#include "base/concurrently.hpp"
#include "base/contains.hpp"
#include "cli/backup_command.hpp"
#include "cli/due.hpp"
#include "cli/give_up.hpp"
#include "cli/left_behind.hpp"

namespace pitstop {
namespace {

/// As often as a timer calls.
constexpr Duration between_policy_looks = std::chrono::minutes(15);

/// How soon it is noticed that something is over.
constexpr Duration between_glances = Seconds(1);
constexpr Duration shortest_glance = Milliseconds(50);

/// A policy that is under way is locked as a run is, by a name that no run has.
RunId lock_of(const Policy& policy) {
  return RunId("policy-" + policy.name);
}

}  // namespace

PolicyFleet::~PolicyFleet() {
  while (!observers_.empty()) {
    observers_.pop_back();  // each restores what the one before it had set
  }
}

ExitStatus PolicyFleet::status_of(const std::string& policy) const {
  const auto known = statuses_.find(policy);
  return known == statuses_.end() ? ExitStatus::done : known->second;
}

// The looks.

Task<void> PolicyFleet::run(std::vector<Policy> policies, bool now) {
  policies_ = std::move(policies);
  now_ = now;
  auto& surroundings = doors_.surroundings;
  down_list_ = std::make_unique<DownList>(doors_.report, surroundings.down);
  const auto subscription =
      surroundings.interruption.subscribe([this] { doors_.report.interrupted(); });
  std::vector<Task<void>> tasks;
  ++looks_under_way_;
  tasks.push_back(look(true));
  tasks.push_back(watch());
  co_await concurrently(std::move(tasks));
  drawing_.reset();
}

bool PolicyFleet::may_look_again() const {
  return !now_ && !doors_.surroundings.interruption.requested();
}

/// Beside what is under way: one look after the other begins what has become due.
Task<void> PolicyFleet::watch() {
  auto& clock = doors_.surroundings.clock;
  next_look_ = clock.now() + between_policy_looks;
  Duration glance = shortest_glance;
  while (looks_under_way_ > 0) {
    co_await clock.sleep(glance);
    glance = std::min(2 * glance, between_glances);
    if (looks_under_way_ > 0 && may_look_again() && clock.now() >= next_look_) {
      ++looks_under_way_;
      std::vector<Task<void>> tasks;
      tasks.push_back(look(false));
      tasks.push_back(watch());
      co_await concurrently(std::move(tasks));
    }
  }
}

Task<void> PolicyFleet::look(bool is_first) {
  PolicyRound round{.run = new_run_id(doors_.surroundings),
                    .begun = doors_.surroundings.clock.now(),
                    .calls_before = sites_.calls()};
  rounds_.push_back(&round);
  choose(round, is_first);
  open_sites(round);
  if (!round.turns.empty()) {
    const Executor executor = co_await boost::asio::this_coro::executor;
    begin_drawing(executor);
    std::vector<Task<void>> tasks;
    // Later the runs under way are our own, and their locks do not tell them from lost ones.
    std::vector<RecoveryPart> left;
    if (is_first) {
      left = co_await find_left(round);
    }
    tasks.push_back(recover_into(round, std::move(left)));
    tasks.push_back(back_up_then(round, is_first));
    co_await concurrently(std::move(tasks));
  }
  // What recovery has given up after a policy had ended counts all the same.
  if (contains(round.recovered, true, &BackupOutcome::left_down)) {
    for (const auto& turn : round.turns) {
      statuses_[turn.policy.name] = ExitStatus::left_down;
    }
  }
  rounds_.remove(&round);
  --looks_under_way_;
}

void PolicyFleet::begin_drawing(const Executor& executor) {
  if (!drawing_) {
    auto& surroundings = doors_.surroundings;
    drawing_ = std::make_unique<Drawing>(executor, doors_.report, surroundings.clock,
                                         surroundings.redraw_every,
                                         [this] { return sites_.congestion(); });
  }
}

bool PolicyFleet::is_begun(const std::string& policy) const {
  return std::ranges::any_of(rounds_, [&](const PolicyRound* round) {
    for (std::size_t i = 0; i < round->turns.size(); ++i) {
      if (round->turn(i).policy.name == policy && round->is_busy(i)) {
        return true;
      }
    }
    return false;
  });
}

void PolicyFleet::choose(PolicyRound& round, bool is_first) {
  const auto wall = doors_.surroundings.clock.wall();
  for (const auto& policy : policies_) {
    if (doors_.surroundings.interruption.requested()) {
      statuses_[policy.name] = worse(status_of(policy.name), ExitStatus::interrupted);
      continue;
    }
    const auto& schedule = policy.schedule;
    const auto opening = now_ ? std::nullopt : opening_at(schedule, wall);
    if (!now_ && !opening && !schedule.windows.empty()) {
      if (is_first) {
        const auto opens = opening_after(schedule, wall).opens;
        doors_.report.policy({.policy = policy.name,
                              .standing = Standing::closed,
                              .opens = opens,
                              .opens_text = schedule.zone.show(opens)});
      }
      continue;
    }
    if (is_begun(policy.name) || !lock(policy, is_first)) {
      continue;
    }
    auto& turn = round.turns.emplace_back(PolicyTurn{.policy = policy});
    if (!now_) {
      turn.policy.request.schedule = schedule;
      turn.policy.request.options.begin_before =
          opening ? std::optional(opening->closes) : std::nullopt;
    }
  }
}

bool PolicyFleet::lock(const Policy& policy, bool is_first) {
  const auto locked = doors_.state.locks.lock(lock_of(policy));
  if (locked) {
    ++locked_[policy.name];
    return true;
  }
  if (locked.error().kind != ErrorKind::held) {
    statuses_[policy.name] =
        worse(status_of(policy.name), pitstop::give_up(locked.error(), doors_.report));
  } else if (is_first) {
    doors_.report.policy({.policy = policy.name, .standing = Standing::under_way});
  }
  return false;
}

void PolicyFleet::open_sites(PolicyRound& round) {
  for (auto& turn : round.turns) {
    auto opened = sites_.open(turn.policy.options);
    if (!opened) {
      give_up(round, turn, opened.error());
      continue;
    }
    turn.sites = *std::move(opened);
    for (const auto site : turn.sites) {
      const auto guarded = check_guard(turn.policy.request.options, sites_.at(site));
      if (!guarded && !turn.is_over) {
        give_up(round, turn, guarded.error());
      }
    }
  }
}

// The ends.

Task<void> PolicyFleet::finish_all(PolicyRound& round) {
  const auto is_over = [](const PolicyTurn& turn) { return turn.is_over; };
  while (true) {
    for (auto& turn : round.turns) {
      if (!turn.is_over && turn.left == 0) {
        co_await finish(round, turn);
      }
    }
    if (std::ranges::all_of(round.turns, is_over)) {
      co_return;
    }
    co_await doors_.surroundings.clock.sleep(between_glances);
  }
}

Task<void> PolicyFleet::finish(PolicyRound& round, PolicyTurn& turn) {
  auto& surroundings = doors_.surroundings;
  auto summary = round.summary_of(turn, surroundings.clock.now());
  if (round.turns.size() == 1) {
    summary.api_calls = sites_.calls() - round.calls_before;
  }
  const auto all = round.outcomes_for_status(turn);
  const auto status =
      exit_status_of(all, surroundings.interruption.requested(), !turn.silent_sites.empty());
  summary.exit_status = number(status);
  // If nothing was due, that is said already.
  if (!all.empty() || !turn.silent_sites.empty()) {
    doors_.report.ended(summary);
  }
  const bool has_new = std::ranges::any_of(summary.backups, is_good);
  const auto goes_on = [](const PolicyTurn& other) { return other.left > 0; };
  const bool others = looks_under_way_ > 1 || std::ranges::any_of(round.turns, goes_on);
  auto afterwards = doors_.after.after(turn.policy, has_new, others);
  const auto after = co_await std::move(afterwards);
  ended(turn, worse(status, after));
}

void PolicyFleet::give_up(PolicyRound& round, PolicyTurn& turn, const Error& error) {
  const bool is_down = contains(round.recovered, true, &BackupOutcome::left_down);
  const auto status = is_down ? ExitStatus::left_down : exit_status_of(error);
  doors_.report.failed(within("policy " + turn.policy.name, error), number(status));
  ended(turn, status);
}

void PolicyFleet::ended(PolicyTurn& turn, ExitStatus status) {
  const auto& name = turn.policy.name;
  statuses_[name] = worse(status_of(name), status);
  turn.is_over = true;
  if (--locked_[name] == 0) {
    doors_.state.locks.unlock(lock_of(turn.policy));
  }
}

void PolicyFleet::went_silent(PolicyTurn& turn, std::size_t site, const Error& error) {
  const auto name = sites_.at(site).name();
  if (!contains(turn.silent_sites, name)) {
    turn.silent_sites.push_back(name);
    doors_.report.site_failed(name, error);
  }
}

}  // namespace pitstop
