#include "base/error.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/result.hpp"

namespace pitstop {
namespace {

TEST(ErrorKind, HasANameOfItsOwn) {
  std::set<std::string_view> names;
  const auto last = static_cast<int>(ErrorKind::internal);
  for (int kind = 0; kind <= last; ++kind) {
    names.insert(to_string(static_cast<ErrorKind>(kind)));
    EXPECT_EQ(parse_error_kind(to_string(static_cast<ErrorKind>(kind))),
              static_cast<ErrorKind>(kind));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
  EXPECT_EQ(to_string(ErrorKind::unknown_fate), "unknown_fate");
  EXPECT_EQ(to_string(ErrorKind::no_capacity), "no_capacity");
  EXPECT_EQ(parse_error_kind("bad luck"), std::nullopt);
}

TEST(Error, GetsItsContextInFront) {
  const Error error =
      within("i-0abc", {ErrorKind::refused, "it is not yours", "ask for it", "NotYours"});
  EXPECT_EQ(error.kind, ErrorKind::refused);
  EXPECT_EQ(error.message, "i-0abc: it is not yours");
  EXPECT_EQ(error.hint, "ask for it");
  EXPECT_EQ(error.code, "NotYours");
}

Result<int> half(int number) {
  if (number % 2 != 0) {
    return fail(ErrorKind::refused, "odd");
  }
  return number / 2;
}

Result<int> quarter(int number) {
  TRY(const int first, half(number));
  TRY(const int second, half(first));
  return second;
}

Status can_be_quartered(int number) {
  TRY_STATUS(quarter(number));
  return {};
}

TEST(Try, HandsErrorsOn) {
  EXPECT_EQ(quarter(12), 3);
  EXPECT_EQ(quarter(6).error().message, "odd");
  EXPECT_TRUE(can_be_quartered(4));
  EXPECT_EQ(can_be_quartered(3).error().kind, ErrorKind::refused);
}

}  // namespace
}  // namespace pitstop
