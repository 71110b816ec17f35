#include "http/curl_http.hpp"

#include <boost/asio/this_coro.hpp>
#include <set>

#include "base/one_shot.hpp"
#include "http/curl_multi.hpp"
#include "http/curl_transfer.hpp"

namespace pitstop {

/// The transfers under way, shared with the coroutines that wait for them: those may be destroyed
/// after the door.
class CurlHttp::Transfers {
 public:
  Transfers(Executor executor, CurlSettings settings)
      : settings_(std::move(settings)),
        multi_(std::in_place, std::move(executor), settings_.most_at_once) {}

  /// A transfer for as long as the coroutine that waits for it.
  struct Waiting {
    Waiting(std::shared_ptr<Transfers> owner, Executor executor, HttpRequest request)
        : transfers(std::move(owner)),
          transfer(std::move(request), transfers->settings_),
          ended(std::move(executor)) {
      if (!transfers->multi_) {
        ended.abandon();
        return;
      }
      transfers->waiting_.insert(this);
      transfers->multi_->add(transfer.handle(), [this](CURLcode code) { ended.deliver(code); });
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() {
      transfers->waiting_.erase(this);
      if (transfers->multi_) {
        transfers->multi_->remove(transfer.handle());
      }
    }

    std::shared_ptr<Transfers> transfers;
    CurlTransfer transfer;
    OneShot<CURLcode> ended;
  };

  void close() {
    multi_.reset();
    for (auto* waiting : waiting_) {
      waiting->ended.abandon();
    }
  }

 private:
  CurlSettings settings_;
  std::optional<CurlMulti> multi_;
  std::set<Waiting*> waiting_;
};

namespace {

void initialise_curl_once() {
  static const bool initialised = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  CHECK(initialised);
}

}  // namespace

CurlHttp::CurlHttp(Executor executor, CurlSettings settings) : turns_(settings.most_at_once) {
  initialise_curl_once();
  transfers_ = std::make_shared<Transfers>(std::move(executor), std::move(settings));
}

CurlHttp::~CurlHttp() {
  transfers_->close();
}

Task<Result<HttpResponse>> CurlHttp::send(HttpRequest request) {
  const auto transfers = transfers_;  // the door itself may be gone when the turn comes
  const auto turn = co_await turns_.acquire();
  const Executor executor = co_await boost::asio::this_coro::executor;
  Transfers::Waiting waiting(transfers, executor, std::move(request));
  auto cancel = [&waiting] { waiting.ended.deliver(CURLE_ABORTED_BY_CALLBACK); };
  const CURLcode ended = co_await waiting.ended.wait(cancel);
  co_return waiting.transfer.outcome(ended);
}

}  // namespace pitstop
