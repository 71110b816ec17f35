#pragma once

#include <memory>

#include "base/clock.hpp"
#include "ec2/tags.hpp"

namespace pitstop::ec2 {

/// Sets and removes tags for any number of waiting coroutines: those who want the same tags within
/// a moment go in one call. One bad resource fails a whole call; then each goes by itself.
class TagsTogether {
 public:
  /// How long others are waited for.
  struct Moments {
    Duration soon{};   ///< where somebody waits for the tag
    Duration later{};  ///< where nobody does
  };

  /// `caller` tries again by itself.
  TagsTogether(Caller& caller, Clock& clock, Moments moments);
  ~TagsTogether();
  TagsTogether(const TagsTogether&) = delete;
  TagsTogether& operator=(const TagsTogether&) = delete;

  Task<Status> create_soon(std::vector<std::string> resources, Tags tags);
  Task<Status> create_later(std::vector<std::string> resources, Tags tags);

  /// As delete_tags. It is tried again for minutes, for a tag that stays keeps others away.
  Task<Status> remove_later(std::vector<std::string> resources, Tags tags);

 private:
  struct Gatherings;
  std::unique_ptr<Gatherings> gatherings_;
};

}  // namespace pitstop::ec2
