#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "base/task.hpp"
#include "base/time.hpp"
#include "sim/front/front.hpp"

namespace pitstop::sim {

/// Answers request after request, until the client leaves, sends what is no HTTP, or is silent for
/// `patience`.
Task<void> serve_connection(boost::asio::ip::tcp::socket socket, Front& front, Duration patience);

}  // namespace pitstop::sim
