#pragma once

#include <boost/asio/awaitable.hpp>

namespace pitstop {

/// A coroutine that has not begun; `co_await` runs it. Parameters go in by value, doors by
/// reference.
template <class T>
using Task = boost::asio::awaitable<T>;

using Executor = boost::asio::any_io_executor;

}  // namespace pitstop
