#pragma once

#include <gtest/gtest.h>

#include <iosfwd>
#include <span>
#include <vector>

#include "contract/subject.hpp"

/// What pitstop relies on in EC2, and in EventBridge Scheduler, as one text for every
/// implementation of it: an item is a coroutine over a Subject that states facts. AWS's
/// documentation stands behind each of them; what it leaves open is not in the contract.
namespace pitstop::test {

struct Item {
  std::string_view name;
  Task<void> (*hold_against)(Subject&);
};

/// For messages of gtest.
std::ostream& operator<<(std::ostream& out, const Item& item);

/// All items, whatever file they are in.
const std::vector<Item>& contract();

/// Puts an item into the contract; CONTRACT does.
bool put_into_contract(Item item);

/// A fact that is known not to hold.
struct Deviation {
  std::string_view item;
  std::string_view fact;
  std::string_view reason;
};

/// Runs the item to the end, or to where it cannot go on.
Task<void> hold(Item item, Subject& subject);

/// Fails the test unless facts were stated, and exactly those did not hold that are known not to.
void expect_kept(const Item& item, const Subject& subject, std::span<const Deviation> known = {});

/// The item's name, for INSTANTIATE_TEST_SUITE_P.
std::string name_of(const testing::TestParamInfo<Item>& info);

}  // namespace pitstop::test

/// An item of the contract; its body is a coroutine over `subject`.
#define CONTRACT(name)                                                                             \
  static ::pitstop::Task<void> name(::pitstop::test::Subject& subject);                            \
  static const bool name##_is_in_the_contract = ::pitstop::test::put_into_contract({#name, name}); \
  static ::pitstop::Task<void> name(::pitstop::test::Subject& subject)
