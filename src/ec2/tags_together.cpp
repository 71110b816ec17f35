#include "ec2/tags_together.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/chunks.hpp"
#include "base/together.hpp"
#include "ec2/adjusting_caller.hpp"

namespace pitstop::ec2 {
namespace {

/// In one call; EC2 takes 1,000.
constexpr std::size_t most_resources = 200;

constexpr Duration patience_of_removal = std::chrono::minutes(10);

void make_patient(Call& call) {
  call.patience = patience_of_removal;
}

struct Change {
  std::vector<std::string> resources;
  Tags tags;
};

using MakeChange = Task<Status> (*)(Caller&, std::vector<std::string>, Tags);
using Wanted = std::vector<std::size_t>;

/// Those who want the same tags, by their numbers; as many as go into one call.
std::vector<Wanted> groups_of(const std::vector<Change>& changes) {
  std::map<std::vector<std::pair<std::string, std::string>>, Wanted> by_tags;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    std::vector<std::pair<std::string, std::string>> tags;
    for (const auto& tag : changes[i].tags) {
      tags.emplace_back(tag.key, tag.value);
    }
    by_tags[std::move(tags)].push_back(i);
  }
  std::vector<Wanted> groups;
  for (const auto& [tags, wanted] : by_tags) {
    std::ranges::move(chunks(wanted, most_resources), std::back_inserter(groups));
  }
  return groups;
}

Task<Status> without_surprises(Task<Status> call) {
  try {
    co_return co_await std::move(call);
  } catch (const std::exception& surprise) {
    co_return fail(ErrorKind::internal, fmt::format("unexpected: {}", surprise.what()));
  }
}

Task<std::vector<Status>> make_all(Caller& caller, MakeChange make, std::vector<Change> changes) {
  std::vector<Status> made(changes.size());
  for (const auto& wanted : groups_of(changes)) {
    std::vector<std::string> resources;
    for (const auto i : wanted) {
      std::ranges::copy(changes[i].resources, std::back_inserter(resources));
    }
    auto tags = changes[wanted.front()].tags;
    const auto all = co_await without_surprises(make(caller, std::move(resources), tags));
    for (const auto i : wanted) {
      made[i] = all;
      if (!all && wanted.size() > 1) {
        made[i] = co_await without_surprises(make(caller, changes[i].resources, tags));
      }
    }
  }
  co_return made;
}

}  // namespace

struct TagsTogether::Gatherings {
  using Gathering = Together<Change, Status>;

  Gatherings(Caller& caller, Clock& clock, Moments moments)
      : patient(caller, make_patient),
        soon(clock, moments.soon, with(caller, create_tags)),
        later(clock, moments.later, with(caller, create_tags)),
        removals(clock, moments.later, with(patient, delete_tags)) {}

  static Gathering::AnswerAll with(Caller& caller, MakeChange make) {
    return [&caller, make](std::vector<Change> changes) {
      return make_all(caller, make, std::move(changes));
    };
  }

  AdjustingCaller patient;
  Gathering soon;
  Gathering later;
  Gathering removals;
};

TagsTogether::TagsTogether(Caller& caller, Clock& clock, Moments moments)
    : gatherings_(std::make_unique<Gatherings>(caller, clock, moments)) {}

TagsTogether::~TagsTogether() = default;

Task<Status> TagsTogether::create_soon(std::vector<std::string> resources, Tags tags) {
  return gatherings_->soon.ask({std::move(resources), std::move(tags)});
}

Task<Status> TagsTogether::create_later(std::vector<std::string> resources, Tags tags) {
  return gatherings_->later.ask({std::move(resources), std::move(tags)});
}

Task<Status> TagsTogether::remove_later(std::vector<std::string> resources, Tags tags) {
  return gatherings_->removals.ask({std::move(resources), std::move(tags)});
}

}  // namespace pitstop::ec2
