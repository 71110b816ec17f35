#include "backup/making_volumes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr Duration between_looks_at_new_volumes = Seconds(2);
/// How long one is looked for whose making was answered with an error.
constexpr Duration new_volumes_are_visible_after = Seconds(10);
/// A volume of a snapshot is there in seconds; a KMS key that cannot be used takes as long to be
/// noticed.
constexpr Duration longest_making = std::chrono::minutes(10);

class MakingVolumes {
 public:
  MakingVolumes(ec2::Caller& ec2, Clock& clock, std::vector<ec2::VolumeRequest> requests)
      : ec2_(ec2), clock_(clock), requests_(std::move(requests)) {}

  Task<Result<std::vector<VolumeId>>> run() {
    auto status = co_await create();
    if (status) {
      status = co_await await_all();
    }
    if (status) {
      co_return made_;
    }
    auto error = status.error();
    const auto gone = co_await delete_volumes(ec2_, made_);
    if (!gone) {
      error.message += "; " + gone.error().message;
    }
    co_return fail(std::move(error));
  }

 private:
  Task<Status> create() {
    for (const auto& request : requests_) {
      auto asked = request;
      auto made = co_await ec2::create_volume(ec2_, std::move(asked));
      if (!made) {
        // No error shows that nothing was made.
        if (auto found = co_await find_made(request)) {
          made = *std::move(found);
        }
      }
      CO_TRY(auto id, std::move(made));
      made_.push_back(std::move(id));
    }
    co_return Status();
  }

  /// By its tags: those of one restore have one volume of a snapshot.
  Task<std::optional<VolumeId>> find_made(ec2::VolumeRequest request) {
    std::vector<ec2::Filter> filters{{"snapshot-id", {request.from.str()}}};
    for (const auto& tag : request.tags) {
      if (tag.key.starts_with("pitstop:")) {
        filters.push_back({"tag:" + tag.key, {tag.value}});
      }
    }
    const Instant end = clock_.now() + new_volumes_are_visible_after;
    while (filters.size() > 1) {
      const auto seen = co_await ec2::describe_volumes(ec2_, {}, filters);
      if (seen && !seen->empty()) {
        co_return seen->front().id;
      }
      if (clock_.now() >= end) {
        break;
      }
      co_await clock_.sleep(between_looks_at_new_volumes);
    }
    co_return std::nullopt;
  }

  Task<Status> await_all() {
    const Instant end = clock_.now() + longest_making;
    while (true) {
      const auto ids = made_;
      const auto seen = co_await ec2::describe_volumes(ec2_, ids, {});
      // One that is not shown yet was made a moment ago.
      if (!seen && seen.error().kind != ErrorKind::not_found) {
        co_return fail(seen.error());
      }
      CO_TRY(const bool all, all_available(seen ? *seen : std::vector<ec2::Volume>()));
      if (all) {
        co_return Status();
      }
      if (clock_.now() > end) {
        co_return fail(ErrorKind::deadline, fmt::format("the volumes are not available after {}",
                                                        human(longest_making)));
      }
      co_await clock_.sleep(between_looks_at_new_volumes);
    }
  }

  Result<bool> all_available(const std::vector<ec2::Volume>& seen) const {
    bool all = true;
    for (std::size_t i = 0; i < made_.size(); ++i) {
      const auto volume = std::ranges::find(seen, made_[i], &ec2::Volume::id);
      if (volume != seen.end() && volume->state == "error") {
        return fail(
            ErrorKind::refused,
            fmt::format("{} of {} could not be made", made_[i].str(), requests_[i].from.str()),
            "is its KMS key disabled, or not to be used by these credentials?");
      }
      if (volume != seen.end()) {
        TRY_STATUS(is_as_asked(*volume, requests_[i]));
      }
      // Attached: the same request was made and used before.
      all = all && volume != seen.end() && volume->state != "creating";
    }
    return all;
  }

  static Status is_as_asked(const ec2::Volume& made, const ec2::VolumeRequest& request) {
    const bool has_room = !request.size || made.size >= *request.size;
    const bool is_of_type = request.type.empty() || made.type == request.type;
    if (has_room && is_of_type && made.made_from == request.from &&
        made.multi_attach == request.multi_attach) {
      return {};
    }
    return fail(
        ErrorKind::refused,
        fmt::format("{} is not what was asked for: {} GiB, {}, {}, {}", made.id.str(),
                    static_cast<std::int64_t>(made.size), printable(made.type),
                    made.multi_attach ? "Multi-Attach" : "no Multi-Attach",
                    made.made_from.empty() ? "from no snapshot" : "from " + made.made_from.str()));
  }

  ec2::Caller& ec2_;
  Clock& clock_;
  std::vector<ec2::VolumeRequest> requests_;
  std::vector<VolumeId> made_;
};

}  // namespace

Task<Result<std::vector<VolumeId>>> make_volumes(ec2::Caller& ec2, Clock& clock,
                                                 std::vector<ec2::VolumeRequest> requests) {
  MakingVolumes making(ec2, clock, std::move(requests));
  co_return co_await making.run();
}

Task<Status> delete_volumes(ec2::Caller& ec2, std::vector<VolumeId> volumes) {
  std::vector<std::string> left;
  std::string why;
  for (const auto& volume : volumes) {
    const auto deleted = co_await ec2::delete_volume(ec2, volume);
    if (!deleted && deleted.error().kind != ErrorKind::not_found) {
      left.push_back(volume.str());
      why = deleted.error().message;
    }
  }
  if (!left.empty()) {
    co_return fail(ErrorKind::refused,
                   fmt::format("{} cannot be deleted: {}", join(left, " "), why),
                   "delete what is left over: it costs");
  }
  co_return Status();
}

}  // namespace pitstop
