// What nearly every test needs and what is slow to read: compiled once, reused by every test
// program.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "../cmake/precompiled.hpp"
