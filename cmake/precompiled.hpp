// What nearly every file needs and what is slow to read: compiled once, reused by every target.
#pragma once

#include <fmt/core.h>

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
