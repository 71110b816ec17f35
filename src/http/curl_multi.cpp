#include "http/curl_multi.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <optional>

#include "base/check.hpp"

namespace pitstop {
namespace {

using boost::asio::posix::stream_descriptor;
using boost::system::error_code;
using SteadyTime = std::chrono::steady_clock::time_point;

}  // namespace

/// Kept alive by the handlers that Asio holds; after close() they find nothing to do.
class CurlMulti::Loop : public std::enable_shared_from_this<Loop> {
 public:
  Loop(Executor executor, std::size_t most_kept)
      : executor_(std::move(executor)), timer_(executor_), multi_(curl_multi_init()) {
    CHECK(multi_ != nullptr);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Loop::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Loop::on_timeout);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    // By itself curl keeps four times as many as there are transfers just now: between two bursts
    // it would close most of them.
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(most_kept));
  }

  void add(CURL* transfer, std::function<void(CURLcode)> done) {
    transfers_.emplace(transfer, std::move(done));
    CHECK(curl_multi_add_handle(multi_, transfer) == CURLM_OK);
  }

  void remove(CURL* transfer) {
    if (transfers_.erase(transfer) > 0) {
      curl_multi_remove_handle(multi_, transfer);
    }
  }

  void close() {
    timer_.cancel();
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, nullptr);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, nullptr);
    for (const auto& [transfer, done] : transfers_) {
      curl_multi_remove_handle(multi_, transfer);
    }
    transfers_.clear();
    while (!sockets_.empty()) {
      forget(sockets_.begin()->first);
    }
    curl_multi_cleanup(multi_);
    multi_ = nullptr;
  }

 private:
  /// A socket of curl's, which Asio watches but does not own.
  struct Socket {
    explicit Socket(const Executor& executor, curl_socket_t fd) : descriptor(executor, fd) {}
    stream_descriptor descriptor;
    int wanted = 0;
    bool reading = false;
    bool writing = false;
    bool forgotten = false;
  };

  static int on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
    auto& loop = *static_cast<Loop*>(self);
    if (what == CURL_POLL_REMOVE) {
      loop.forget(fd);
    } else {
      loop.want(fd, what);
    }
    return 0;
  }

  static int on_timeout(CURLM*, long milliseconds, void* self) {
    static_cast<Loop*>(self)->set_timeout(milliseconds);
    return 0;
  }

  void want(curl_socket_t fd, int what) {
    auto& socket = sockets_[fd];
    if (!socket) {
      socket = std::make_shared<Socket>(executor_, fd);
    }
    socket->wanted = what;
    watch(socket, fd);
  }

  void forget(curl_socket_t fd) {
    const auto found = sockets_.find(fd);
    if (found == sockets_.end()) {
      return;
    }
    found->second->forgotten = true;
    found->second->descriptor.release();  // curl closes it
    sockets_.erase(found);
  }

  void watch(const std::shared_ptr<Socket>& socket, curl_socket_t fd) {
    if ((socket->wanted & CURL_POLL_IN) != 0 && !socket->reading) {
      socket->reading = true;
      socket->descriptor.async_wait(
          stream_descriptor::wait_read,
          [self = shared_from_this(), socket, fd](const error_code& error) {
            socket->reading = false;
            self->ready(socket, fd, error ? CURL_CSELECT_ERR : CURL_CSELECT_IN);
          });
    }
    if ((socket->wanted & CURL_POLL_OUT) != 0 && !socket->writing) {
      socket->writing = true;
      socket->descriptor.async_wait(
          stream_descriptor::wait_write,
          [self = shared_from_this(), socket, fd](const error_code& error) {
            socket->writing = false;
            self->ready(socket, fd, error ? CURL_CSELECT_ERR : CURL_CSELECT_OUT);
          });
    }
  }

  void ready(const std::shared_ptr<Socket>& socket, curl_socket_t fd, int how) {
    if (socket->forgotten) {
      return;
    }
    const int wanted_bit = how == CURL_CSELECT_OUT ? CURL_POLL_OUT : CURL_POLL_IN;
    if (how != CURL_CSELECT_ERR && (socket->wanted & wanted_bit) == 0) {
      return;  // curl has changed its mind since
    }
    act(fd, how);
    if (!socket->forgotten) {
      watch(socket, fd);
    }
  }

  // The timer is moved only when curl wants to be woken earlier than it is set for: curl changes
  // its mind at nearly every step, and each change would cost a system call.
  void set_timeout(long milliseconds) {
    if (milliseconds < 0) {
      wanted_wake_.reset();
      return;
    }
    wanted_wake_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    if (!armed_for_ || *wanted_wake_ < *armed_for_) {
      arm(*wanted_wake_);
    }
  }

  void arm(SteadyTime when) {
    armed_for_ = when;
    timer_.expires_at(when);
    timer_.async_wait([self = shared_from_this()](const error_code& error) {
      if (!error && self->multi_ != nullptr) {
        self->wake();
      }
    });
  }

  void wake() {
    armed_for_.reset();
    if (!wanted_wake_) {
      return;
    }
    if (std::chrono::steady_clock::now() < *wanted_wake_) {
      arm(*wanted_wake_);
      return;
    }
    wanted_wake_.reset();
    act(CURL_SOCKET_TIMEOUT, 0);
  }

  void act(curl_socket_t fd, int how) {
    int running = 0;
    curl_multi_socket_action(multi_, fd, how, &running);
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &queued)) {
      if (message->msg != CURLMSG_DONE) {
        continue;
      }
      const auto found = transfers_.find(message->easy_handle);
      CHECK(found != transfers_.end());
      found->second(message->data.result);
    }
  }

  Executor executor_;
  boost::asio::steady_timer timer_;
  CURLM* multi_;
  std::map<curl_socket_t, std::shared_ptr<Socket>> sockets_;
  std::map<CURL*, std::function<void(CURLcode)>> transfers_;
  std::optional<SteadyTime> wanted_wake_;
  std::optional<SteadyTime> armed_for_;
};

CurlMulti::CurlMulti(Executor executor, std::size_t most_kept)
    : loop_(std::make_shared<Loop>(std::move(executor), most_kept)) {}
CurlMulti::~CurlMulti() {
  loop_->close();
}

void CurlMulti::add(CURL* transfer, std::function<void(CURLcode)> done) {
  loop_->add(transfer, std::move(done));
}

void CurlMulti::remove(CURL* transfer) {
  loop_->remove(transfer);
}

}  // namespace pitstop
