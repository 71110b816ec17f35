// Requests that are cancelled, and doors and event loops that go while requests are under way. What
// leaks or is used after its end is found by the sanitizers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <list>

#include "base/clock.hpp"
#include "base/concurrently.hpp"
#include "client.hpp"
#include "support/fault_server.hpp"

namespace pitstop::test {
namespace {

/// How a request ended that was sent in a coroutine of its own.
struct Sending {
  boost::asio::cancellation_signal cancel;
  std::optional<Result<HttpResponse>> outcome;
  bool threw = false;
  bool gone = false;  ///< its coroutine is no more

  bool resumed() const { return outcome || threw; }
};

struct TellWhenGone {
  explicit TellWhenGone(Sending& watched) : sending(watched) {}
  TellWhenGone(const TellWhenGone&) = delete;
  TellWhenGone& operator=(const TellWhenGone&) = delete;
  ~TellWhenGone() { sending.gone = true; }
  Sending& sending;
};

class CurlLifetime : public testing::Test {
 protected:
  CurlLifetime() {
    server_.on("Hang").always().hang();
    server_.on_any().always().reply(200, "<ok/>");
  }

  /// A door that lets one request pass at a time.
  void open_door() { http_.emplace(loop_->get_executor(), CurlSettings{.most_at_once = 1}); }

  Sending& begin_sending(std::string action) {
    auto& sending = sendings_.emplace_back();
    auto task = send(*http_, post(server_.endpoint(), "Action=" + action), sending);
    auto note = [&sending](std::exception_ptr thrown) { sending.threw = thrown != nullptr; };
    boost::asio::co_spawn(*loop_, std::move(task),
                          boost::asio::bind_cancellation_slot(sending.cancel.slot(), note));
    return sending;
  }

  static Task<void> send(Http& http, HttpRequest request, Sending& sending) {
    const TellWhenGone tell(sending);
    sending.outcome = co_await http.send(std::move(request));
  }

  template <class Condition>
  void run_until(Condition reached) {
    const Instant limit = SystemClock().now() + Seconds(30);
    while (!reached() && SystemClock().now() < limit) {
      loop_->restart();
      loop_->run_one_for(Milliseconds(10));
    }
    EXPECT_TRUE(reached());
  }

  void run_a_little() {
    loop_->restart();
    loop_->run_for(Milliseconds(50));
  }

  EnvironmentGuard environment_{no_proxies()};
  FaultServer server_;
  std::list<Sending> sendings_;
  std::optional<boost::asio::io_context> loop_{std::in_place, 1};
  std::optional<CurlHttp> http_;
};

TEST_F(CurlLifetime, OfACancelledRequestEndsWithAnUnknownFate) {
  open_door();
  auto& hanging = begin_sending("Hang");
  run_until([&] { return server_.count("Hang") == 1; });

  hanging.cancel.emit(boost::asio::cancellation_type::terminal);
  run_until([&] { return hanging.resumed(); });

  ASSERT_TRUE(hanging.outcome);
  EXPECT_EQ(kind_of(*hanging.outcome), ErrorKind::unknown_fate) << described(*hanging.outcome);
  auto& next = begin_sending("Next");
  run_until([&] { return next.resumed(); });
  EXPECT_EQ(described(*next.outcome), "200 <ok/>");
}

TEST_F(CurlLifetime, OfARequestCancelledInTheQueueEndsWithoutIt) {
  open_door();
  auto& hanging = begin_sending("Hang");
  auto& cancelled = begin_sending("Cancelled");
  auto& next = begin_sending("Next");
  run_until([&] { return server_.count("Hang") == 1; });

  cancelled.cancel.emit(boost::asio::cancellation_type::terminal);
  run_until([&] { return cancelled.resumed(); });
  EXPECT_TRUE(cancelled.threw);
  EXPECT_FALSE(next.resumed());

  hanging.cancel.emit(boost::asio::cancellation_type::terminal);
  run_until([&] { return next.resumed(); });
  EXPECT_EQ(described(*next.outcome), "200 <ok/>");
  EXPECT_EQ(server_.count("Cancelled"), 0U);
}

TEST_F(CurlLifetime, MayBeEndedMoreThanOnce) {
  open_door();
  auto& hanging = begin_sending("Hang");
  run_until([&] { return server_.count("Hang") == 1; });
  for (int i = 0; i < 3; ++i) {
    hanging.cancel.emit(boost::asio::cancellation_type::terminal);
  }
  run_until([&] { return hanging.resumed(); });
  hanging.cancel.emit(boost::asio::cancellation_type::terminal);
  run_a_little();
  EXPECT_TRUE(hanging.gone);
}

TEST_F(CurlLifetime, OfRequestsEndsWithTheirDoor) {
  open_door();
  auto& in_flight = begin_sending("Hang");
  auto& queued = begin_sending("Queued");
  auto& behind = begin_sending("Behind");
  run_until([&] { return server_.count("Hang") == 1; });

  http_.reset();
  run_a_little();

  for (const auto* sending : {&in_flight, &queued, &behind}) {
    EXPECT_TRUE(sending->gone);
    EXPECT_FALSE(sending->resumed());
  }
  in_flight.cancel.emit(boost::asio::cancellation_type::terminal);
  queued.cancel.emit(boost::asio::cancellation_type::terminal);
  run_a_little();
  EXPECT_EQ(server_.requests().size(), 1U);
}

TEST_F(CurlLifetime, OfARequestWhoseTurnHasJustComeEndsWithItsDoor) {
  open_door();
  auto& first = begin_sending("First");
  auto& next = begin_sending("Next");
  while (!first.gone) {
    loop_->run_one();
  }

  http_.reset();
  run_a_little();

  EXPECT_TRUE(next.gone);
  EXPECT_FALSE(next.resumed());
  EXPECT_EQ(server_.count("Next"), 0U);
}

TEST_F(CurlLifetime, OfRequestsEndsWithTheEventLoop) {
  open_door();
  auto& in_flight = begin_sending("Hang");
  auto& queued = begin_sending("Queued");
  run_until([&] { return server_.count("Hang") == 1; });

  http_.reset();
  loop_.reset();

  EXPECT_TRUE(in_flight.gone && queued.gone);
  EXPECT_FALSE(in_flight.resumed() || queued.resumed());
}

TEST_F(CurlLifetime, OfRequestsThatNeverBeganEndsToo) {
  open_door();
  begin_sending("Hang");
  begin_sending("Queued");
  http_.reset();
  loop_.reset();
  EXPECT_FALSE(sendings_.front().resumed());
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(CurlLifetime, OfAGroupEndsWithItsRequests) {
  open_door();
  Sending group;
  auto send_both = [](CurlHttp& http, std::string url, Sending& all) -> Task<void> {
    const TellWhenGone tell(all);
    Sending first;
    Sending second;
    std::vector<Task<void>> tasks;
    tasks.push_back(send(http, post(url, "Action=Hang"), first));
    tasks.push_back(send(http, post(url, "Action=Queued"), second));
    co_await concurrently(std::move(tasks));
    all.threw = true;
  };
  begin(loop_->get_executor(), send_both(*http_, server_.endpoint(), group));
  run_until([&] { return server_.count("Hang") == 1; });

  http_.reset();
  loop_.reset();

  EXPECT_TRUE(group.gone);
  EXPECT_FALSE(group.threw);
}

}  // namespace
}  // namespace pitstop::test
