#include "aws/fresh_credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "base/concurrently.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

using std::chrono::minutes;

/// Takes a second for an answer of its script, and counts.
class SlowSource final : public CredentialSource {
 public:
  SlowSource(VirtualTime& time, std::deque<Result<std::optional<Credentials>>>& script, int& asked)
      : time_(time), script_(script), asked_(asked) {}

  std::string_view name() const override { return "a script"; }

  Task<Result<std::optional<Credentials>>> load() override {
    ++asked_;
    co_await time_.sleep(Seconds(1));
    if (script_.empty()) {
      co_return fail(ErrorKind::unknown_fate, "the script has ended");
    }
    auto next = std::move(script_.front());
    script_.pop_front();
    co_return next;
  }

 private:
  VirtualTime& time_;
  std::deque<Result<std::optional<Credentials>>>& script_;
  int& asked_;
};

struct Bench {
  explicit Bench(VirtualTime& time_) : time(time_) {}

  void give(std::string id, std::optional<Duration> lasting) {
    Credentials given{std::move(id), Secret("s"), {}, {}};
    if (lasting) {
      given.expires = time.wall() + std::chrono::floor<Milliseconds>(*lasting);
    }
    script.push_back(std::move(given));
  }

  Task<std::string> id() {
    const auto found = co_await credentials.get();
    co_return found ? found->access_key_id : found.error().message;
  }

  VirtualTime& time;
  std::deque<Result<std::optional<Credentials>>> script;
  int asked = 0;
  FreshCredentials credentials{std::make_unique<SlowSource>(time, script, asked), time};
};

Task<void> note_id(Bench& bench, std::vector<std::string>& ids) {
  ids.push_back(co_await bench.id());
}

/// What so many get who ask at once.
Task<std::vector<std::string>> ids_of(Bench& bench, int askers) {
  std::vector<std::string> ids;
  std::vector<Task<void>> tasks;
  for (int i = 0; i < askers; ++i) {
    tasks.push_back(note_id(bench, ids));
  }
  co_await concurrently(std::move(tasks));
  co_return ids;
}

VIRTUAL_TEST(FreshCredentials, ThoseThatDoNotExpireAreFetchedOnce) {
  Bench bench(time);
  bench.give("ID", std::nullopt);
  for (int i = 0; i < 3; ++i) {
    const auto id = co_await bench.id();
    EXPECT_EQ(id, "ID");
    co_await time.sleep(std::chrono::hours(24));
  }
  EXPECT_EQ(bench.asked, 1);
}

VIRTUAL_TEST(FreshCredentials, AreFetchedAnewAQuarterOfAnHourBeforeTheyExpire) {
  Bench bench(time);
  bench.give("first", minutes(60));
  bench.give("second", minutes(200));
  auto id = co_await bench.id();
  EXPECT_EQ(id, "first");
  co_await time.sleep(minutes(44));
  id = co_await bench.id();
  EXPECT_EQ(id, "first");
  co_await time.sleep(minutes(1));
  id = co_await bench.id();
  EXPECT_EQ(id, "second");
}

VIRTUAL_TEST(FreshCredentials, AFailureKeepsTheOldOnesWhileTheyAreValid) {
  Bench bench(time);
  bench.give("first", minutes(60));
  auto id = co_await bench.id();
  co_await time.sleep(minutes(46));
  for (int i = 0; i < 13; ++i) {
    id = co_await bench.id();
    EXPECT_EQ(id, "first");
    id = co_await bench.id();
    EXPECT_EQ(id, "first");
    co_await time.sleep(minutes(1));
  }
  EXPECT_EQ(bench.asked, 1 + 13) << "once a minute";
  co_await time.sleep(minutes(1));
  const auto expired = co_await bench.credentials.get();
  CO_ASSERT_TRUE(!expired);
  EXPECT_EQ(expired.error().kind, ErrorKind::transient) << "nothing was asked of AWS with them";
  EXPECT_EQ(expired.error().message, "the script has ended");
  bench.give("second", minutes(60));
  id = co_await bench.id();
  EXPECT_EQ(id, "the script has ended") << "nobody asks a source without a pause";
  co_await time.sleep(Seconds(5));
  id = co_await bench.id();
  EXPECT_EQ(id, "second");
}

VIRTUAL_TEST(FreshCredentials, ThoseThatCannotBeRenewedSaySo) {
  Bench bench(time);
  bench.give("first", minutes(1));
  bench.give("first", -minutes(1));
  auto id = co_await bench.id();
  EXPECT_EQ(id, "first");
  co_await time.sleep(minutes(2));
  const auto expired = co_await bench.credentials.get();
  CO_ASSERT_TRUE(!expired);
  EXPECT_EQ(expired.error().kind, ErrorKind::forbidden);
  EXPECT_EQ(expired.error().message,
            "AWS credentials from a script have expired at 2025-12-31T23:59:00.000Z");
}

VIRTUAL_TEST(FreshCredentials, AllWhoAskAtOnceShareOneAttempt) {
  Bench bench(time);
  bench.give("first", minutes(60));
  bench.give("second", minutes(70));
  auto ids = co_await ids_of(bench, 5);
  EXPECT_EQ(ids, std::vector<std::string>(5, "first"));
  EXPECT_EQ(bench.asked, 1);
  co_await time.sleep(minutes(55));
  ids = co_await ids_of(bench, 5);
  EXPECT_EQ(ids, std::vector<std::string>(5, "second")) << "it is urgent: all wait";
  EXPECT_EQ(bench.asked, 2);
}

VIRTUAL_TEST(FreshCredentials, AFailureIsSharedToo) {
  Bench bench(time);
  const auto began = time.now();
  const auto ids = co_await ids_of(bench, 5);
  EXPECT_EQ(ids, std::vector<std::string>(5, "the script has ended"));
  EXPECT_EQ(bench.asked, 1);
  EXPECT_EQ(time.now() - began, Seconds(1));
}

VIRTUAL_TEST(FreshCredentials, WhileThereIsTimeOneFetchesAndTheOthersGoOn) {
  Bench bench(time);
  bench.give("first", minutes(60));
  bench.give("second", minutes(120));
  (void)co_await bench.id();
  co_await time.sleep(minutes(47));
  const auto ids = co_await ids_of(bench, 3);
  EXPECT_EQ(ids, (std::vector<std::string>{"first", "first", "second"}));
}

VIRTUAL_TEST(FreshCredentials, NoneIsForbidden) {
  Bench bench(time);
  bench.script.push_back(std::nullopt);
  const auto none = co_await bench.credentials.get();
  CO_ASSERT_TRUE(!none);
  EXPECT_EQ(none.error().kind, ErrorKind::forbidden);
  EXPECT_EQ(none.error().message, "no AWS credentials found");
}

VIRTUAL_TEST(FreshCredentials, OutliveWhatIsToBeDone) {
  Bench bench(time);
  bench.give("first", minutes(60));
  bench.give("second", minutes(120));
  auto until = co_await bench.credentials.outlive(minutes(30));
  CO_ASSERT_TRUE(until && until->expires);
  const auto first = *until->expires;
  co_await time.sleep(minutes(20));
  until = co_await bench.credentials.outlive(minutes(30));
  EXPECT_EQ(until->expires, first) << "long enough";
  EXPECT_EQ(bench.asked, 1);
  co_await time.sleep(minutes(20));
  until = co_await bench.credentials.outlive(minutes(30));
  EXPECT_EQ(until->expires, first + minutes(60));
  EXPECT_EQ(bench.asked, 2);
}

VIRTUAL_TEST(FreshCredentials, WhatCannotOutliveItSaysWhenItEnds) {
  Bench bench(time);
  bench.give("first", minutes(60));
  bench.give("second", minutes(90));
  const auto until = co_await bench.credentials.outlive(minutes(600));
  CO_ASSERT_TRUE(until && until->expires);
  for (int i = 0; i < 10; ++i) {
    const auto again = co_await bench.credentials.outlive(minutes(600));
    EXPECT_EQ(again->expires, until->expires);
  }
  EXPECT_EQ(bench.asked, 1) << "a thousand servers do not ask a thousand times";
  co_await time.sleep(minutes(2));
  const auto later = co_await bench.credentials.outlive(minutes(600));
  EXPECT_GT(later->expires.value(), until->expires.value());
}

VIRTUAL_TEST(FreshCredentials, OutliveEverythingIfTheyDoNotExpire) {
  Bench bench(time);
  bench.give("ID", std::nullopt);
  const auto until = co_await bench.credentials.outlive(std::chrono::hours(10000));
  CO_ASSERT_TRUE(until);
  EXPECT_FALSE(until->expires);
  EXPECT_FALSE(until->end_is_unknown);
}

VIRTUAL_TEST(FreshCredentials, ATokenEndsWhenNobodyHasToldIt) {
  Bench bench(time);
  for (int i = 0; i < 2; ++i) {
    bench.script.push_back(Credentials{"ID", Secret("s"), Secret("token"), {}});
  }
  auto until = co_await bench.credentials.outlive(minutes(1));
  CO_ASSERT_TRUE(until);
  EXPECT_FALSE(until->expires);
  EXPECT_TRUE(until->end_is_unknown);
  EXPECT_EQ(until->source, "a script");
  co_await time.sleep(minutes(2));
  until = co_await bench.credentials.outlive(minutes(1));
  EXPECT_EQ(bench.asked, 2) << "before a stop those are fetched that last longest";
}

/// What AWS's refusal of credentials leads to: the id of others, or "".
Task<std::string> instead_of(Bench& bench, std::string id) {
  const Credentials refused{std::move(id), Secret("s"), {}, {}};
  const auto others = co_await bench.credentials.instead_of(refused);
  co_return others ? others->access_key_id : "";
}

Task<void> note_instead_of(Bench& bench, std::string id, std::vector<std::string>& ids) {
  auto other = co_await instead_of(bench, std::move(id));
  ids.push_back(std::move(other));
}

VIRTUAL_TEST(RefusedCredentials, AreFetchedAnewThoughTheyDoNotExpire) {
  Bench bench(time);
  bench.give("old", std::nullopt);
  bench.give("old", std::nullopt);
  bench.give("new", std::nullopt);
  auto id = co_await bench.id();
  co_await time.sleep(minutes(90));
  id = co_await instead_of(bench, "old");
  EXPECT_EQ(id, "") << "the source has no others yet";
  EXPECT_EQ(bench.asked, 2);
  id = co_await instead_of(bench, "old");
  EXPECT_EQ(id, "");
  EXPECT_EQ(bench.asked, 2) << "it was asked a moment ago";
  co_await time.sleep(Seconds(5));
  id = co_await instead_of(bench, "old");
  EXPECT_EQ(id, "new");
  id = co_await instead_of(bench, "old");
  EXPECT_EQ(id, "new") << "a call that was under way";
  EXPECT_EQ(bench.asked, 3);
  id = co_await bench.id();
  EXPECT_EQ(id, "new");
}

VIRTUAL_TEST(RefusedCredentials, AreFetchedAnewOnceForAllWhoWereRefused) {
  Bench bench(time);
  bench.give("old", std::nullopt);
  (void)co_await bench.id();
  co_await time.sleep(minutes(1));
  bench.give("new", std::nullopt);
  std::vector<std::string> ids;
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 5; ++i) {
    tasks.push_back(note_instead_of(bench, "old", ids));
  }
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(ids, std::vector<std::string>(5, "new"));
  EXPECT_EQ(bench.asked, 2);
}

VIRTUAL_TEST(RefusedCredentials, ASourceThatFailsKeepsThoseAtHand) {
  Bench bench(time);
  bench.give("old", std::nullopt);
  (void)co_await bench.id();
  co_await time.sleep(minutes(1));
  auto id = co_await instead_of(bench, "old");
  EXPECT_EQ(id, "");
  EXPECT_EQ(bench.asked, 2);
  id = co_await bench.id();
  EXPECT_EQ(id, "old") << "AWS decides, and may take them again";
}

}  // namespace
}  // namespace pitstop
