// Any bytes on ec2sim's port: what Beast makes a request of is answered as the program would.

#include <boost/asio/buffer.hpp>

#include "sim/ec2sim/message.hpp"
#include "sim/front/front.hpp"
#include "sim/virtual_time.hpp"

namespace pitstop::sim {
namespace {

Scenario two_servers() {
  Scenario scenario;
  ServerPlan server;
  server.name = "web";
  server.count = 2;
  scenario.servers = {server};
  scenario.throttling.on = false;
  return scenario;
}

/// The requests of one connection, as far as they can be read.
std::vector<HttpRequest> requests_in(boost::asio::const_buffer bytes) {
  std::vector<HttpRequest> requests;
  while (bytes.size() > 0) {
    RequestParser parser;
    parser.eager(true);
    set_limits(parser);
    boost::system::error_code error;
    bytes += parser.put(bytes, error);
    if (error || !parser.is_done()) {
      break;
    }
    requests.push_back(to_request(parser.get()));
  }
  return requests;
}

}  // namespace
}  // namespace pitstop::sim

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace pitstop;
  VirtualTime time;
  sim::Front front(time, time, sim::two_servers(), std::nullopt);
  for (const auto& request : sim::requests_in(boost::asio::buffer(bytes, size))) {
    front.answer(request);
    time.run(time.sleep(Seconds(20)));
  }
  return 0;
}
