#include "contract/contract.hpp"

#include <map>
#include <ostream>

namespace pitstop::test {
namespace {

/// Filled while the program's files initialise, so it cannot be a variable of this one.
std::vector<Item>& items() {
  static std::vector<Item> all;
  return all;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Item& item) {
  return out << item.name;
}

const std::vector<Item>& contract() {
  return items();
}

bool put_into_contract(Item item) {
  items().push_back(item);
  return true;
}

Task<void> hold(Item item, Subject& subject) {
  try {
    co_await item.hold_against(subject);
  } catch (const CannotGoOn& end) {
    subject.expect(end.broken.fact, false, end.broken.seen);
  }
}

void expect_kept(const Item& item, const Subject& subject, std::span<const Deviation> known) {
  EXPECT_GT(subject.stated(), 0) << item << " states nothing";
  std::map<std::string_view, std::string_view> seen;
  for (const auto& broken : subject.broken()) {
    seen.emplace(broken.fact, broken.seen);
  }
  for (const auto& deviation : known) {
    if (deviation.item == item.name && seen.erase(deviation.fact) == 0) {
      ADD_FAILURE() << item << ": \"" << deviation.fact << "\" holds now, or was not asked any more"
                    << "\n  it was not known to: " << deviation.reason
                    << "\n  take it off the list of deviations";
    }
  }
  for (const auto& [fact, what] : seen) {
    ADD_FAILURE() << item << ": \"" << fact << "\" does not hold\n  seen: " << what;
  }
}

std::string name_of(const testing::TestParamInfo<Item>& info) {
  return std::string(info.param.name);
}

}  // namespace pitstop::test
