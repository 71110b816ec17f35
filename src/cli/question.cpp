#include "cli/question.hpp"

#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr std::size_t longest_answer = 1024;

}  // namespace

bool somebody_can_be_asked() {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
}

Task<bool> ask_at_terminal(std::string question, std::ostream& terminal,
                           Interruption& interruption) {
  terminal << question << std::flush;
  const Executor executor = co_await boost::asio::this_coro::executor;
  const int file = ::dup(STDIN_FILENO);
  if (file < 0) {
    co_return false;
  }
  boost::asio::posix::stream_descriptor input(executor, file);
  const auto subscription = interruption.subscribe([&input] { input.cancel(); });
  if (interruption.requested()) {
    co_return false;
  }
  std::string answer;
  auto buffer = boost::asio::dynamic_buffer(answer, longest_answer);
  const auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
  const auto read = co_await boost::asio::async_read_until(input, buffer, '\n', token);
  if (std::get<0>(read).failed()) {
    terminal << '\n' << std::flush;
    co_return false;
  }
  const auto said = lower_case(answer.substr(0, answer.find('\n')));
  co_return said == "y" || said == "yes";
}

}  // namespace pitstop
