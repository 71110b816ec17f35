#include <gtest/gtest.h>

#include "http/http.hpp"

namespace pitstop {
namespace {

TEST(PercentEncoded, LeavesOnlyTheUnreservedAlone) {
  constexpr auto unreserved = "ABCXYZabcxyz0189-_.~";
  EXPECT_EQ(percent_encoded(unreserved), unreserved);
  EXPECT_EQ(percent_encoded(" +/=&%?#*"), "%20%2B%2F%3D%26%25%3F%23%2A");
  EXPECT_EQ(percent_encoded("ü🐎"), "%C3%BC%F0%9F%90%8E");
  EXPECT_EQ(percent_encoded(std::string("\0\x7f\xff", 3)), "%00%7F%FF");
  EXPECT_EQ(percent_encoded(""), "");
}

TEST(CanonicalQuery, IsSortedByKeyAndThenValueInTheirEncodedForms) {
  EXPECT_EQ(canonical_query({{"b", "2"}, {"a", "1"}}), "a=1&b=2");
  EXPECT_EQ(canonical_query({{"a", "2"}, {"a", "10"}, {"a", ""}}), "a=&a=10&a=2");
  EXPECT_EQ(canonical_query({{"a-b", "1"}, {"a", "2"}}), "a=2&a-b=1");
  EXPECT_EQ(canonical_query({{"a", "1"}, {"B", "2"}, {"ä", "3"}}), "%C3%A4=3&B=2&a=1");
}

TEST(CanonicalQuery, GivesEveryKeyItsEqualsSign) {
  EXPECT_EQ(canonical_query({{"acl", ""}}), "acl=");
  EXPECT_EQ(canonical_query({}), "");
}

TEST(HttpResponse, FindsItsFirstHeaderOfAName) {
  const HttpResponse response{200, {{"Date", "a"}, {"X-Twice", "b"}, {"x-twice", "c"}}, ""};
  EXPECT_EQ(response.header("date"), "a");
  EXPECT_EQ(response.header("X-TWICE"), "b");
  EXPECT_EQ(response.header(""), std::nullopt);
  EXPECT_EQ(response.header("Dat"), std::nullopt);
}

}  // namespace
}  // namespace pitstop
