#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "api_bench.hpp"

namespace pitstop::test {
namespace {

/// All pages of an action, and how many there were.
std::pair<std::set<std::string>, int> all_pages(ApiBench& bench, const std::string& action,
                                                const std::string& item, ApiParameters parameters) {
  std::set<std::string> ids;
  int pages = 0;
  std::string token;
  do {
    auto page = parameters;
    if (!token.empty()) {
      page.emplace_back("NextToken", token);
    }
    const auto reply = bench.call(action, page);
    EXPECT_TRUE(reply.succeeded()) << reply;
    for (auto& id : reply.texts(item)) {
      EXPECT_TRUE(ids.insert(std::move(id)).second) << "came twice";
    }
    token = reply.text("nextToken");
    ++pages;
  } while (!token.empty() && pages < 100);
  return {ids, pages};
}

TEST(ApiPaging, PagesTogetherAreTheWhole) {
  ApiBench bench(api_scenario(12));
  const auto [instances, pages] = all_pages(
      bench, "DescribeInstances", "//instancesSet/item/instanceId", {{"MaxResults", "5"}});
  EXPECT_EQ(instances.size(), 12U);
  EXPECT_EQ(pages, 3);
  const auto [volumes, volume_pages] =
      all_pages(bench, "DescribeVolumes", "volumeSet/item/volumeId", {{"MaxResults", "12"}});
  EXPECT_EQ(volumes.size(), 24U);
  EXPECT_EQ(volume_pages, 2);
  const auto [tags, tag_pages] =
      all_pages(bench, "DescribeTags", "tagSet/item[key='team']/resourceId", {{"MaxResults", "7"}});
  EXPECT_EQ(tags.size(), 12U);
  EXPECT_EQ(tag_pages, 6);
}

TEST(ApiPaging, OnlyWhatPassesTheFiltersCounts) {
  ApiBench bench(api_scenario(12));
  const auto [found, pages] = all_pages(
      bench, "DescribeInstances", "//instanceId",
      {{"MaxResults", "5"}, {"Filter.1.Name", "tag:Name"}, {"Filter.1.Value.1", "db-1*"}});
  EXPECT_EQ(found.size(), 4U);
  EXPECT_EQ(pages, 1);
}

TEST(ApiPaging, WithoutAMaximumAllComesAtOnceAndWithoutAToken) {
  ApiBench bench(api_scenario(12));
  const auto reply = bench.call("DescribeInstances");
  EXPECT_EQ(reply.count("//instanceId"), 12U);
  EXPECT_EQ(reply.count("nextToken"), 0U);
}

TEST(ApiPaging, ThePageThatEndsTheListHasAnEmptyToken) {
  ApiBench bench;
  const auto reply = bench.call("DescribeInstances", {{"MaxResults", "5"}});
  EXPECT_EQ(reply.count("nextToken"), 1U);
  EXPECT_EQ(reply.text("nextToken"), "");
}

TEST(ApiPaging, WhatGoesAwayBetweenTwoPagesDoesNotDisturbThem) {
  ApiBench bench(api_scenario(12));
  const auto first = bench.call("DescribeVolumes", {{"MaxResults", "5"}});
  const auto last = first.texts("volumeSet/item/volumeId").back();
  bench.region().volumes.at(VolumeId(last)).deleted = bench.time.now();
  const auto next =
      bench.call("DescribeVolumes", {{"MaxResults", "5"}, {"NextToken", first.text("nextToken")}});
  EXPECT_EQ(next.count("volumeSet/item"), 5U);
}

TEST(ApiPaging, ATokenOfAnotherActionOrOfNobodyIsInvalid) {
  ApiBench bench(api_scenario(12));
  const auto token = bench.call("DescribeVolumes", {{"MaxResults", "5"}}).text("nextToken");
  EXPECT_NE(token, "");
  for (const auto& wrong : {token, std::string("abc"), std::string("****"), token + "A"}) {
    EXPECT_EQ(bench.call("DescribeInstances", {{"NextToken", wrong}}).code(), "InvalidNextToken");
  }
}

TEST(ApiPaging, AMaximumHasItsBounds) {
  ApiBench bench;
  for (const auto* wrong : {"4", "0", "-1", "1001", "many", ""}) {
    EXPECT_EQ(bench.call("DescribeInstances", {{"MaxResults", wrong}}).code(),
              "InvalidParameterValue")
        << wrong;
  }
  EXPECT_TRUE(bench.call("DescribeInstances", {{"MaxResults", "1000"}}).succeeded());
  EXPECT_EQ(bench.call("DescribeInstanceTypes", {{"MaxResults", "101"}}).code(),
            "InvalidParameterValue");
}

TEST(ApiPaging, IdsAndAMaximumDoNotGoTogether) {
  ApiBench bench;
  EXPECT_EQ(
      bench.call("DescribeInstances", {{"InstanceId.1", bench.id()}, {"MaxResults", "5"}}).code(),
      "InvalidParameterCombination");
}

TEST(ApiPaging, AddressesHaveNoPages) {
  ApiBench bench;
  EXPECT_EQ(bench.call("DescribeAddresses", {{"MaxResults", "5"}}).code(), "UnknownParameter");
}

}  // namespace
}  // namespace pitstop::test
