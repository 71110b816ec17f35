// Whatever comes over the wire, ec2sim goes on.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <list>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "ec2sim_process.hpp"
#include "support/loopback.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view call =
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 43\r\n\r\n"
    "Action=DescribeInstances&Version=2016-11-15";

class Ec2simGarbage : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_TRUE(ec2sim.process().running());
    EXPECT_EQ(ec2sim.call("DescribeInstances").status, 200) << ec2sim.process().errors();
    EXPECT_EQ(ec2sim.process().errors(), "");
  }

  Socket connect() const {
    auto socket = Socket::connect(ec2sim.port());
    socket.set_limit(Seconds(30));
    return socket;
  }

  /// All that comes until the other side hangs up. A reset is an end, too.
  static std::string rest_of(Socket& socket) {
    std::string heard;
    std::array<char, 4096> part;
    try {
      while (const auto size = socket.read(part)) {
        heard.append(part.data(), size);
      }
    } catch (const ConnectionLost& lost) {
      EXPECT_THAT(lost.what(), HasSubstr("reset"));
    }
    return heard;
  }

  std::string answer_to(std::string_view bytes) const {
    auto socket = connect();
    socket.write(bytes);
    return rest_of(socket);
  }

  Ec2sim ec2sim{{"--patience", "1s"}};
};

TEST_F(Ec2simGarbage, RandomBytes) {
  SeededRandom random(1);
  for (int connection = 0; connection < 200; ++connection) {
    std::string bytes;
    const auto size = random.next() % 3000;
    for (std::size_t i = 0; i < size; ++i) {
      bytes += static_cast<char>(random.next());
    }
    auto socket = connect();
    socket.write(bytes);  // and hangs up
  }
  EXPECT_THAT(answer_to("\x01\x02\r\n\r\n"), StartsWith("HTTP/1.1 400 Bad Request\r\n"));
}

TEST_F(Ec2simGarbage, MutilatedRequests) {
  SeededRandom random(2);
  for (int connection = 0; connection < 200; ++connection) {
    std::string bytes(call);
    for (int change = 0; change < 3; ++change) {
      bytes[random.next() % bytes.size()] = static_cast<char>(random.next());
    }
    auto socket = connect();
    socket.write(bytes.substr(0, random.next() % (bytes.size() + 1)));
  }
}

TEST_F(Ec2simGarbage, NoHttp) {
  constexpr std::string_view hello = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
  EXPECT_THAT(answer_to(hello), StartsWith("HTTP/1.1 400 Bad Request\r\n")) << "TLS";
  EXPECT_THAT(answer_to("GET / HTTP/9.9\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer_to("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer_to("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
              StartsWith("HTTP/1.1 400 "));
}

TEST_F(Ec2simGarbage, TooMuch) {
  const std::string header(100'000, 'a');
  EXPECT_THAT(answer_to("GET / HTTP/1.1\r\nX: " + header + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(answer_to("GET /?" + header), StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(answer_to("POST / HTTP/1.1\r\nContent-Length: 10000000000\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  std::string chunks = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 100; ++i) {
    chunks += "10000\r\n" + std::string(0x10000, 'a') + "\r\n";
  }
  EXPECT_THAT(answer_to(chunks), StartsWith("HTTP/1.1 413 "));
}

TEST_F(Ec2simGarbage, HalfRequests) {
  for (std::size_t size = 0; size < call.size(); size += 7) {
    auto socket = connect();
    socket.write(call.substr(0, size));
    if (size % 2 == 0) {
      socket.reset_when_closed();
    }
  }
}

TEST_F(Ec2simGarbage, WhoIsTooSlowIsHungUpOn) {
  const auto begun = SystemClock().now();
  auto loris = connect();
  const Interrupt never;
  bool hung_up = false;
  for (std::size_t i = 0; i < call.size() && !hung_up; ++i) {
    try {
      loris.write(call.substr(i, 1));
    } catch (const ConnectionLost&) {
      hung_up = true;
    }
    never.wait(Milliseconds(100));
  }
  EXPECT_TRUE(hung_up) << "104 bytes, one in 100 ms";
  EXPECT_LT(SystemClock().now() - begun, Seconds(9));
  auto silent = connect();
  EXPECT_EQ(rest_of(silent), "");
}

TEST_F(Ec2simGarbage, ManyWhoSayNothing) {
  std::list<Socket> silent;
  for (int i = 0; i < 300; ++i) {
    silent.push_back(connect());
  }
  EXPECT_EQ(ec2sim.call("DescribeInstances").status, 200);
}

TEST_F(Ec2simGarbage, OneConnectionManyCalls) {
  auto socket = connect();
  socket.write(fmt::format("{}{}", call, call));
  socket.write("POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  const auto heard = rest_of(socket);
  EXPECT_THAT(heard, StartsWith("HTTP/1.1 200 OK\r\n"));
  std::size_t answers = 0;
  for (auto at = heard.find("HTTP/1.1 "); at != std::string::npos;
       at = heard.find("HTTP/1.1 ", at + 1)) {
    ++answers;
  }
  EXPECT_EQ(answers, 3U);
}

TEST_F(Ec2simGarbage, NothingAfterTheHeadOfAHead) {
  const auto heard = answer_to("HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(heard, StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(heard, testing::EndsWith("\r\n\r\n"));
}

TEST_F(Ec2simGarbage, OldAndCautiousClients) {
  EXPECT_THAT(answer_to("GET /?Action=DescribeInstances&Version=2016-11-15 HTTP/1.0\r\n\r\n"),
              StartsWith("HTTP/1.0 200 OK\r\n"));
  auto cautious = connect();
  cautious.write(
      "POST / HTTP/1.1\r\nExpect: 100-continue\r\nConnection: close\r\n"
      "Content-Length: 43\r\n\r\n");
  std::array<char, 25> go_on{};
  EXPECT_EQ(cautious.read(go_on), 25U);
  EXPECT_EQ(std::string_view(go_on.data(), go_on.size()), "HTTP/1.1 100 Continue\r\n\r\n");
  cautious.write("Action=DescribeInstances&Version=2016-11-15");
  EXPECT_THAT(rest_of(cautious), StartsWith("HTTP/1.1 200 OK\r\n"));
}

}  // namespace
}  // namespace pitstop::test
