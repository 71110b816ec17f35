#include "ec2/paging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What comes of DescribeThings by such pages.
struct Paged {
  Status status;
  std::vector<std::string> items;
  std::vector<std::string> tokens;  ///< that were sent
};

Task<Paged> read_pages(VirtualTime& time, std::vector<std::string> pages) {
  test::ScriptedCaller caller(time);
  for (const auto& page : pages) {
    caller.on("DescribeThings").reply(page);
  }
  Call call{.action = "DescribeThings"};
  call.parameters.add("Owner.1", "self");
  Paged paged;
  const auto read = [&](const pugi::xml_node& item) { paged.items.push_back(item.child_value()); };
  paged.status = co_await for_each_item(caller, std::move(call), "thingSet", read);
  for (const auto& made : caller.calls()) {
    EXPECT_EQ(made.parameter("Owner.1"), "self");
    paged.tokens.push_back(made.parameter("NextToken"));
  }
  EXPECT_THAT(caller.unused(), IsEmpty());
  co_return paged;
}

/// The first call that comes of one that lists things of an action.
Task<test::RecordedCall> first_call(VirtualTime& time, Call call) {
  test::ScriptedCaller caller(time);
  caller.on(call.action).always().reply();
  const auto ignore = [](const pugi::xml_node&) {};
  const auto status = co_await for_each_item(caller, std::move(call), "set", ignore);
  EXPECT_TRUE(status);
  co_return caller.calls().front();
}

VIRTUAL_TEST(Paging, AsksForPagesWhereNoIdsAreNamed) {
  for (const auto& list : paged_lists()) {
    Call all{.action = std::string(list.action)};
    all.parameters.add("Filter.1.Name", "tag:x");
    const auto page = co_await first_call(time, all);
    EXPECT_EQ(page.parameter("MaxResults"), std::to_string(list.most)) << list.action;
    EXPECT_EQ(page.call.longest_answer, longest_list) << list.action;
    if (list.ids.empty()) {
      continue;
    }
    Call one = all;
    one.parameters.add(std::string(list.ids) + ".1", "x");
    const auto by_id = co_await first_call(time, one);
    EXPECT_EQ(by_id.parameter("MaxResults"), "") << list.action;
    EXPECT_LT(by_id.call.longest_answer, longest_list / 8) << list.action;
  }
}

VIRTUAL_TEST(Paging, AListThatHasNoPagesIsNotAskedForOne) {
  Call addresses{.action = "DescribeAddresses"};
  const auto made = co_await first_call(time, addresses);
  EXPECT_EQ(made.parameter("MaxResults"), "");
}

VIRTUAL_TEST(Paging, AThousandIdsHaveRoomForTheirAnswer) {
  Call call{.action = "DescribeInstances"};
  for (int i = 1; i <= 1000; ++i) {
    call.parameters.add("InstanceId." + std::to_string(i), "i-1");
  }
  const auto made = co_await first_call(time, call);
  EXPECT_EQ(made.call.longest_answer, longest_list);
}

VIRTUAL_TEST(Paging, EndsWithoutAToken) {
  const auto paged =
      co_await read_pages(time, {"<thingSet><item>a</item><item>b</item></thingSet>"});
  EXPECT_TRUE(paged.status);
  EXPECT_THAT(paged.items, ElementsAre("a", "b"));
  EXPECT_THAT(paged.tokens, ElementsAre(""));
}

VIRTUAL_TEST(Paging, EndsWithAnEmptyToken) {
  for (const auto* token :
       {"<nextToken/>", "<nextToken></nextToken>", "<nextToken> \n</nextToken>"}) {
    const std::string page = std::string("<thingSet><item>a</item></thingSet>") + token;
    const auto paged = co_await read_pages(time, {page});
    EXPECT_TRUE(paged.status);
    EXPECT_THAT(paged.items, ElementsAre("a"));
  }
}

VIRTUAL_TEST(Paging, AnEmptyListHasNoItems) {
  const auto paged = co_await read_pages(time, {"<thingSet/>"});
  EXPECT_TRUE(paged.status);
  EXPECT_THAT(paged.items, IsEmpty());
}

VIRTUAL_TEST(Paging, GoesOnThroughPagesWithoutItems) {
  const auto paged = co_await read_pages(
      time, {"<thingSet/><nextToken>1/a+b==</nextToken>", "<nextToken> 2 </nextToken>",
             "<thingSet><item>a</item></thingSet><nextToken>3</nextToken>",
             "<thingSet><item>b</item></thingSet>"});
  EXPECT_TRUE(paged.status);
  EXPECT_THAT(paged.items, ElementsAre("a", "b"));
  EXPECT_THAT(paged.tokens, ElementsAre("", "1/a+b==", "2", "3"));
}

VIRTUAL_TEST(Paging, ATokenThatComesTwiceIsAnErrorAndNoLoop) {
  const auto paged = co_await read_pages(
      time, {"<nextToken>1</nextToken>", "<nextToken>2</nextToken>", "<nextToken>1</nextToken>"});
  CO_ASSERT_TRUE(!paged.status);
  EXPECT_EQ(paged.status.error().kind, ErrorKind::refused);
}

VIRTUAL_TEST(Paging, AnErrorOnALaterPageIsTheErrorOfTheWhole) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeThings").reply("<thingSet/><nextToken>1</nextToken>");
  caller.on("DescribeThings").fail(ErrorKind::throttled);
  Call call{.action = "DescribeThings"};
  const auto ignore = [](const pugi::xml_node&) {};
  const auto status = co_await for_each_item(caller, std::move(call), "thingSet", ignore);
  CO_ASSERT_TRUE(!status);
  EXPECT_EQ(status.error().kind, ErrorKind::throttled);
}

}  // namespace
}  // namespace pitstop::ec2
