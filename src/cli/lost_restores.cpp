#include "cli/lost_restores.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/id_texts.hpp"
#include "restore/lost_restore.hpp"

namespace pitstop {
namespace {

std::string rubbish_text(const LostRestore& lost) {
  std::vector<std::string> parts;
  if (!lost.images.empty()) {
    parts.push_back("deregister " + join(texts_of(lost.images), " "));
  }
  if (lost.fast_restore) {
    parts.emplace_back("disable fast snapshot restore");
  }
  return join(parts, ", ");
}

/// What it has made, and what to do if nobody needs it.
std::pair<std::string, std::string> made_text(const OpenRestore& restore, const LostRestore& lost) {
  if (!lost.servers.empty()) {
    const auto& server = lost.servers.front();
    return {fmt::format("{} was interrupted after it had launched {} ({}), which may not be all "
                        "that was planned",
                        restore.restore.str(), server.id.str(), to_string(server.state)),
            fmt::format("if nobody needs it: aws ec2 terminate-instances --instance-ids {}",
                        server.id.str())};
  }
  return {fmt::format("{} was interrupted after it had made {}", restore.restore.str(),
                      join(texts_of(lost.volumes), " ")),
          fmt::format("if nobody needs them: pitstop restore --finish {}", restore.restore.str())};
}

class Clearing {
 public:
  Clearing(LostRestoresWish wish, State& state, Surroundings& surroundings, BackupReport& report)
      : wish_(std::move(wish)), state_(state), surroundings_(surroundings), report_(report) {}

  /// Whether all is told and done; if not, it stays open.
  Task<Status> clear(ec2::Caller& ec2, OpenRestore restore) {
    CO_TRY(const auto lost, co_await look_for_lost(ec2, surroundings_.clock, restore));
    if (lost.has_rubbish()) {
      CO_TRY_STATUS(co_await put_away(ec2, restore, lost));
    }
    if (lost.has_made_something()) {
      auto [what, advice] = made_text(restore, lost);
      tell(restore, Step::warning, std::move(what), std::move(advice));
      has_left_some_ = true;
    }
    if (!wish_.dry_run) {
      CO_TRY_STATUS(co_await state_.logbook.close_restore(restore.restore));
    }
    co_return Status();
  }

  void tell(const OpenRestore& restore, Step step, std::string what, std::string hint = {}) {
    report_.saw(
        {restore.instance, step, surroundings_.clock.wall(), std::move(what), std::move(hint)});
  }

  bool has_left_some() const { return has_left_some_; }

 private:
  Task<Status> put_away(ec2::Caller& ec2, OpenRestore restore, LostRestore lost) {
    tell(restore, Step::recovering,
         fmt::format("{}{}; left by the interrupted restore {}", wish_.dry_run ? "would " : "",
                     rubbish_text(lost), restore.restore.str()));
    if (!wish_.dry_run) {
      co_return co_await clear_away(ec2, std::move(restore), std::move(lost));
    }
    co_return Status();
  }

  LostRestoresWish wish_;
  State& state_;
  Surroundings& surroundings_;
  BackupReport& report_;
  bool has_left_some_ = false;
};

}  // namespace

Result<std::vector<OpenRestore>> find_lost_restores(State& state, const LostRestoresWish& wish) {
  TRY(auto open, state.journal.open_restores());
  std::erase_if(open, [&](const OpenRestore& restore) {
    return (wish.only && restore.restore != *wish.only) ||
           !state.locks.lock(run_of(restore.restore));
  });
  return open;
}

Task<LostRestoresOutcome> clear_away_lost(const Ec2Sites& sites, std::vector<OpenRestore> restores,
                                          LostRestoresWish wish, State& state,
                                          Surroundings& surroundings, BackupReport& report) {
  LostRestoresOutcome outcome;
  for (const auto& restore : restores) {
    const auto site = std::ranges::find_if(sites.all(), [&](const Ec2Site& one) {
      return one.connection->region() == restore.region && one.connection->role() == restore.role;
    });
    if (site == sites.all().end()) {
      continue;
    }
    ++outcome.found;
    Clearing clearing(wish, state, surroundings, report);
    const auto cleared = co_await clearing.clear(site->connection->caller(), restore);
    if (!cleared) {
      clearing.tell(restore, Step::warning,
                    fmt::format("what {} has left is not cleared away: {}", restore.restore.str(),
                                cleared.error().message),
                    "run pitstop recover again");
    }
    outcome.left += !cleared || clearing.has_left_some() ? 1 : 0;
  }
  co_return outcome;
}

}  // namespace pitstop
