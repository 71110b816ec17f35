#include "aws/redacted.hpp"

#include <gtest/gtest.h>

namespace pitstop {
namespace {

TEST(Redacted, LeavesEverySecretOutWhereverItStands) {
  EXPECT_EQ(redacted("abc and abc, no xyz", {Secret("abc"), Secret("xyz")}), "*** and ***, no ***");
  EXPECT_EQ(redacted("aaaa", {Secret("aa")}), "******");
}

TEST(Redacted, AnEmptySecretStandsNowhere) {
  EXPECT_EQ(redacted("text", {Secret()}), "text");
  EXPECT_EQ(redacted("", {Secret("abc")}), "");
}

TEST(Redacted, WhatHidesASecretIsNoSecret) {
  EXPECT_EQ(redacted("*", {Secret("*")}), "***");
}

}  // namespace
}  // namespace pitstop
