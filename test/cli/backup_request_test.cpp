#include "cli/backup_request.hpp"
#include "cli/some_id.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace pitstop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

BackupArguments arguments_for(const std::string& instance = test::some_id) {
  BackupArguments arguments;
  arguments.instances = {instance};
  return arguments;
}

TEST(BackupRequest, IsSimpleForASimpleCommand) {
  const auto request = parse_request(arguments_for(), Environment());
  ASSERT_TRUE(request);
  EXPECT_THAT(request->selection.ids, ElementsAre(InstanceId(test::some_id)));
  EXPECT_EQ(request->options.start_when, StartWhen::progress);
  EXPECT_EQ(request->options.max_downtime, std::chrono::minutes(30));
  EXPECT_TRUE(request->options.wait);
  EXPECT_FALSE(request->dry_run);
  EXPECT_EQ(request->rules.max_down, (Share{.number = 10, .is_percent = true}));
}

TEST(BackupRequest, HasEverythingThatWasTyped) {
  BackupArguments arguments;
  arguments.tags = {"backup=weekly", "Name=web-*", "empty="};
  arguments.start_when = "accepted";
  arguments.max_downtime = "1h30m";
  arguments.max_down = "2%";
  arguments.group_by = "cluster";
  arguments.max_down_per_group = "3";
  arguments.order_by = "wave";
  arguments.stop_on_failure = "4";
  arguments.exclude = {"i-0abc1234"};
  arguments.exclude_volumes = {"vol-0abc1234"};
  arguments.set_tags = {"kept-for=90d", "formula=a=b"};
  arguments.prime = arguments.keep_prime = true;
  arguments.no_wait = true;
  arguments.dry_run = true;
  const auto request = parse_request(arguments, Environment());
  ASSERT_TRUE(request);
  EXPECT_THAT(
      request->selection.tags,
      ElementsAre(ec2::Tag{"backup", "weekly"}, ec2::Tag{"Name", "web-*"}, ec2::Tag{"empty", ""}));
  EXPECT_EQ(request->options.start_when, StartWhen::accepted);
  EXPECT_EQ(request->options.max_downtime, std::chrono::minutes(90));
  EXPECT_EQ(request->rules.max_down, (Share{.number = 2, .is_percent = true}));
  EXPECT_EQ(request->rules.group_by, "cluster");
  EXPECT_EQ(request->rules.max_down_per_group, 3U);
  EXPECT_EQ(request->rules.order_by, "wave");
  EXPECT_EQ(request->rules.stop_on_failure, 4U);
  EXPECT_THAT(request->selection.excluded, ElementsAre(InstanceId("i-0abc1234")));
  EXPECT_THAT(request->options.exclude_volumes, ElementsAre(VolumeId("vol-0abc1234")));
  EXPECT_THAT(request->options.set_tags,
              ElementsAre(ec2::Tag{"kept-for", "90d"}, ec2::Tag{"formula", "a=b"}));
  EXPECT_TRUE(request->options.prime);
  EXPECT_TRUE(request->options.keep_prime);
  EXPECT_FALSE(request->options.wait);
  EXPECT_TRUE(request->dry_run);
}

TEST(BackupRequest, LetsATenthBeDownUnlessMoreIsAskedFor) {
  BackupArguments arguments;
  arguments.all = true;
  const auto rules = parse_request(arguments, Environment())->rules;
  for (const auto& [servers, down] : std::vector<std::pair<std::size_t, std::size_t>>{
           {1, 1}, {4, 1}, {19, 1}, {20, 2}, {1000, 100}, {10000, 1000}}) {
    EXPECT_EQ(rules.for_lane(servers).max_down, down) << servers;
  }
}

TEST(BackupRequest, TakesAllServersOnlyWhenAsked) {
  BackupArguments arguments;
  arguments.all = true;
  const auto request = parse_request(arguments, Environment());
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->selection.all);
}

struct RequestMistake {
  std::function<void(BackupArguments&)> make;
  const char* message;
  const char* hint;
};

TEST(BackupRequest, SaysWhatIsWrongAndWhatIsRight) {
  const std::string long_key(128, 'k');
  const std::vector<RequestMistake> mistakes{
      {[](auto& a) { a.instances.clear(); }, "no server is named", "--tag KEY=VALUE or --all"},
      {[](auto& a) { a.all = true; }, "three ways to name servers", "one of them"},
      {[](auto& a) { a.tags = {"a=b"}; }, "three ways to name servers", "one of them"},
      {[](auto& a) { a.instances = {"web-1"}; }, "\"web-1\" is not an instance id", "i-0abc"},
      {[](auto& a) { a.instances = {"i-0123456789ABCDEF0"}; }, "is not an instance id", "a-f"},
      {[](auto& a) { a.tags = {"weekly"}; }, "--tag \"weekly\" is not KEY=VALUE", "--tag team=web"},
      {[](auto& a) { a.tags = {"=x"}; }, "--tag \"=x\" is not KEY=VALUE", "for example"},
      {[](auto& a) { a.start_when = "soon"; }, "\"soon\" is not a gate", "accepted or completed"},
      {[](auto& a) { a.max_downtime = "30"; }, "--max-downtime: \"30\" is not a duration", "90s"},
      {[](auto& a) { a.max_downtime = ""; }, "--max-downtime: \"\" is not a duration", "90s"},
      {[](auto& a) { a.max_downtime = "0s"; }, "--max-downtime 0s is no time at all", "1s"},
      {[](auto& a) { a.max_down = "0"; }, "--max-down: \"0\" is not a number", "from 1 up"},
      {[](auto& a) { a.max_down = "101%"; }, "--max-down: \"101%\" is not a number", "to 100%"},
      {[](auto& a) { a.max_down = "%"; }, "--max-down: \"%\" is not a number", "to 100%"},
      {[](auto& a) { a.max_down_per_group = "2"; }, "is for groups", "--group-by"},
      {[](auto& a) { a.stop_on_failure = "0"; }, "--stop-on-failure \"0\"", "from 1 up"},
      {[](auto& a) { a.exclude = {"web-1"}; }, "\"web-1\" is not an instance", "i-"},
      {[](auto& a) { a.max_down = "two"; }, "--max-down: \"two\" is not a number", "from 1 up"},
      {[](auto& a) { a.max_down = "2x"; }, "--max-down: \"2x\" is not a number", "from 1 up"},
      {[](auto& a) { a.max_down = "-1"; }, "--max-down: \"-1\" is not a number", "from 1 up"},
      {[](auto& a) { a.method = "tape"; }, "\"tape\" is not a method", "--method takes"},
      {[](auto& a) { a.online = a.data_volumes_unmounted = true; }, "takes all volumes", "one of"},
      {[](auto& a) { a.freeze = true; }, "--freeze is for a server that goes on", "--online"},
      {[](auto& a) { a.online = a.prime = true; }, "--prime is for a stop", "leave one of them"},
      {[](auto& a) { a.online = true, a.method = "image"; }, "--method image is for a stop", "one"},
      {[](auto& a) { a.data_volumes_unmounted = a.standby = true; },
       "--standby is for a stop, and --data-volumes-unmounted is without", "leave one of them"},
      {[](auto& a) { a.detached_volumes = {"vol-0abc1234"}; },
       "--detached-volume is for a server that goes on", "--data-volumes-unmounted"},
      {[](auto& a) { a.data_volumes_unmounted = true, a.detached_volumes = {"disk"}; },
       "\"disk\" is not a volume id", "vol-0abc"},
      {[](auto& a) { a.keep_prime = true; }, "keeps what --prime takes", "give --prime"},
      {[](auto& a) { a.prime = a.no_wait = true; }, "--no-wait does not see that", "--keep-prime"},
      {[](auto& a) { a.exclude_volumes = {"sdf"}; }, "\"sdf\" is not a volume id", "vol-0abc"},
      {[](auto& a) { a.set_tags = {"aws:x=1"}; }, "has a reserved key", "belong to AWS"},
      {[](auto& a) { a.set_tags = {"pitstop:x=1"}; }, "has a reserved key", "belong to AWS"},
      {[](auto& a) { a.set_tags = {"a=1", "a=2"}; }, "--set-tag \"a=2\" sets a key for the second",
       "one value"},
      {[&](auto& a) { a.set_tags = {long_key + "=1"}; }, "is too long", "127 characters of key"},
      {[](auto& a) { a.set_tags = {"k=" + std::string(257, 'v')}; }, "is too long", "256 of value"},
  };
  for (const auto& mistake : mistakes) {
    auto arguments = arguments_for();
    mistake.make(arguments);
    const auto request = parse_request(arguments, Environment());
    ASSERT_FALSE(request) << mistake.message;
    EXPECT_EQ(request.error().kind, ErrorKind::usage);
    EXPECT_THAT(request.error().message, HasSubstr(mistake.message));
    EXPECT_THAT(request.error().hint, HasSubstr(mistake.hint)) << mistake.message;
  }
}

TEST(BackupRequest, CountsTheCharactersOfATagNotItsBytes) {
  std::string umlauts;
  for (int i = 0; i < 127; ++i) {
    umlauts += "ü";
  }
  auto arguments = arguments_for();
  arguments.set_tags = {umlauts + "=" + umlauts + umlauts};
  EXPECT_TRUE(parse_request(arguments, Environment()));
  arguments.set_tags = {umlauts + "ü=1"};
  EXPECT_FALSE(parse_request(arguments, Environment()));
}

}  // namespace
}  // namespace pitstop
