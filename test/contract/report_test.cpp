// What a test says of the facts that were stated: neither a broken one nor one that is whole again
// goes by unseen.

#include <gtest/gtest-spi.h>

#include "contract/contract.hpp"
#include "sim/virtual_time.hpp"

namespace pitstop::test {
namespace {

class NoHttp final : public Http {
 public:
  Task<Result<HttpResponse>> send(HttpRequest) override {
    co_return fail(ErrorKind::transient, "there is no network");
  }
};

class ContractReport : public testing::Test {
 protected:
  static Task<void> check(Subject& subject) {
    subject.expect("this holds", true, "");
    subject.expect("this does not", false, "something else");
    co_return;
  }

  static Task<void> give_up(Subject& subject) { co_await subject.post("Action=X"); }

  NoHttp http_;
  VirtualTime time_;
  Subject subject_{http_, "http://nowhere", time_};
  const Item item_{"Item", check};
  const std::array<Deviation, 2> known_ = {Deviation{"Item", "this does not", "a reason"},
                                           Deviation{"Other", "this holds", "a reason"}};
};

TEST_F(ContractReport, AFactThatDoesNotHoldIsAFailure) {
  time_.run(hold(item_, subject_));
  EXPECT_NONFATAL_FAILURE(expect_kept(item_, subject_), "seen: something else");
}

TEST_F(ContractReport, AKnownOneIsNone) {
  time_.run(hold(item_, subject_));
  expect_kept(item_, subject_, known_);
}

TEST_F(ContractReport, AKnownOneThatHoldsAgainIsAFailure) {
  time_.run(hold(item_, subject_));
  const std::vector<Deviation> known = {known_[0], {"Item", "this holds", "a reason"}};
  EXPECT_NONFATAL_FAILURE(expect_kept(item_, subject_, known), "take it off the list");
}

TEST_F(ContractReport, AnItemThatCannotGoOnIsAFailure) {
  const Item item{"Item", give_up};
  time_.run(hold(item, subject_));
  EXPECT_NONFATAL_FAILURE(expect_kept(item, subject_), "an exchange works");
}

TEST_F(ContractReport, AnItemThatStatesNothingIsAFailure) {
  EXPECT_NONFATAL_FAILURE(expect_kept(item_, subject_), "states nothing");
}

}  // namespace
}  // namespace pitstop::test
