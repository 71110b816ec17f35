#include "copy/copy_backup.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/tools.hpp"
#include "base/check.hpp"
#include "base/concurrently.hpp"
#include "copy/copy_image.hpp"
#include "copy/copy_snapshot.hpp"
#include "copy/sharing.hpp"
#include "ec2/images.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

Task<void> copy_into(CopyTools tools, const CopyPlan& plan, SnapshotToCopy& snapshot,
                     CopyOptions options, std::vector<SnapshotOutcome>& seen,
                     Result<CopyProgress>& slot) {
  slot = co_await copy_one(tools, plan, snapshot, std::move(options), seen);
}

class CopyingBackup {
 public:
  CopyingBackup(CopyTools tools, CopyPlan plan, CopyOptions options)
      : tools_(tools), plan_(std::move(plan)), options_(std::move(options)) {}

  Task<CopyOutcome> run() {
    const Instant begun = tools_.clock.now();
    CopyOutcome outcome{.backup = plan_.set.backup,
                        .instance = plan_.set.instance,
                        .name = plan_.set.name,
                        .route = plan_.route};
    const auto result = co_await carry_out();
    outcome.result = result.value_or(CopyResult::failed);
    if (!result) {
      outcome.error = result.error();
      if (result.error().kind == ErrorKind::interrupted) {
        outcome.result = CopyResult::interrupted;
      }
    }
    outcome.snapshots = plan_.snapshots;
    if (plan_.image_there) {
      outcome.image = plan_.image_there->id;
    }
    outcome.took = tools_.clock.now() - begun;
    tell(outcome);
    co_return outcome;
  }

 private:
  Task<Result<CopyResult>> carry_out() {
    switch (plan_.state) {
      case CopyState::is_there:
        CO_TRY_STATUS(co_await remove_old());
        co_return CopyResult::was_there;
      case CopyState::not_yet:
        co_return CopyResult::not_yet;
      case CopyState::pass_over:
        co_return fail(ErrorKind::refused,
                       fmt::format("{}: {}", plan_.set.backup.str(), plan_.reason));
      case CopyState::to_copy:
      case CopyState::under_way:
        break;
    }
    CO_TRY_STATUS(co_await remove_old());
    co_return co_await open_and_copy();
  }

  Task<Status> remove_old() {
    if (plan_.failed_image) {
      CO_TRY_STATUS(co_await ec2::deregister_image(tools_.to, *plan_.failed_image));
    }
    for (const auto& old : plan_.to_remove) {
      const auto removed = co_await ec2::delete_snapshot(tools_.to, old);
      if (!removed && removed.error().kind != ErrorKind::not_found) {
        co_return fail(removed.error());
      }
    }
    co_return Status();
  }

  Task<Result<CopyResult>> open_and_copy() {
    const auto& account = plan_.route.to_account;
    if (!account.empty()) {
      auto set = plan_.set;
      CO_TRY_STATUS(co_await open_to(tools_, std::move(set), account));
    }
    auto result = co_await copy();
    const bool is_over = !result || result == CopyResult::copied;
    const bool was_interrupted = !result && result.error().kind == ErrorKind::interrupted;
    if (!account.empty() && is_over && !was_interrupted) {
      if (const auto closed = co_await close_to(tools_, plan_.set.backup, account); !closed) {
        tools_.report(plan_.set.instance, Step::warning,
                      fmt::format("{} is still open to the account {}: {}", plan_.set.backup.str(),
                                  account, closed.error().message),
                      "the next pitstop copy to there closes it");
      }
    }
    co_return result;
  }

  Task<Result<CopyResult>> copy() {
    if (plan_.by_image) {
      CO_TRY(const auto progress, co_await copy_image_of(tools_, plan_, options_));
      co_return progress == CopyProgress::complete ? CopyResult::copied : CopyResult::following;
    }
    std::vector<Result<CopyProgress>> each(plan_.snapshots.size());
    std::vector<Task<void>> tasks;
    for (std::size_t i = 0; i < each.size(); ++i) {
      tasks.push_back(copy_into(tools_, plan_, plan_.snapshots[i], options_, seen_, each[i]));
    }
    co_await concurrently(std::move(tasks));
    auto result = CopyResult::copied;
    for (const auto& progress : each) {
      CO_TRY(const auto reached, progress);
      if (reached == CopyProgress::no_room) {
        result = CopyResult::waits;
      } else if (reached == CopyProgress::begun && result == CopyResult::copied) {
        result = CopyResult::following;
      }
    }
    co_return result;
  }

  void tell(const CopyOutcome& outcome) const {
    if (outcome.result == CopyResult::copied) {
      tools_.report(plan_.set.instance, Step::copied,
                    fmt::format("{} to {}", outcome.backup.str(), plan_.route.to_region));
    }
    tools_.report(plan_.set.instance, Step::finished, std::string(to_string(outcome.result)));
  }

  CopyTools tools_;
  CopyPlan plan_;
  CopyOptions options_;
  std::vector<SnapshotOutcome> seen_;
};

}  // namespace

std::string_view to_string(CopyResult result) {
  switch (result) {
    case CopyResult::copied:
      return "copied";
    case CopyResult::was_there:
      return "was_there";
    case CopyResult::following:
      return "following";
    case CopyResult::waits:
      return "waits";
    case CopyResult::not_yet:
      return "not_yet";
    case CopyResult::interrupted:
      return "interrupted";
    case CopyResult::failed:
      return "failed";
  }
  unreachable();
}

Task<CopyOutcome> copy_backup(CopyTools tools, CopyPlan plan, CopyOptions options) {
  CopyingBackup copying(tools, std::move(plan), std::move(options));
  co_return co_await copying.run();
}

}  // namespace pitstop
