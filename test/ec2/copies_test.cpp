#include "ec2/copies.hpp"

#include <gtest/gtest.h>

#include "ec2/sharing.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

SnapshotCopyRequest some_copy() {
  return {.source_region = "eu-west-1",
          .source = SnapshotId("snap-1"),
          .destination_region = "us-east-1",
          .presigned_url = "https://ec2",
          .description = "copy",
          .tags = {{"a", "b"}},
          .encryption = {.encrypted = true, .key = "key"}};
}

VIRTUAL_TEST(CopySnapshot, SaysWhereFromAndWithWhichKey) {
  test::ScriptedCaller caller(time);
  caller.on("CopySnapshot").reply("<snapshotId>snap-2</snapshotId>");
  EXPECT_EQ(co_await copy_snapshot(caller, some_copy()), SnapshotId("snap-2"));
  EXPECT_EQ(caller.last_form(),
            "SourceRegion=eu-west-1&SourceSnapshotId=snap-1&DestinationRegion=us-east-1"
            "&PresignedUrl=https%3A%2F%2Fec2&Description=copy&Encrypted=true&KmsKeyId=key"
            "&TagSpecification.1.ResourceType=snapshot&TagSpecification.1.Tag.1.Key=a"
            "&TagSpecification.1.Tag.1.Value=b");
  EXPECT_EQ(caller.calls().back().call.effect, Effect::creates);
}

TEST(CopySnapshotSigned, IsTheWholeCall) {
  EXPECT_EQ(presigned_parameters(some_copy()).form_encoded(),
            "Action=CopySnapshot&Version=2016-11-15&SourceRegion=eu-west-1&SourceSnapshotId=snap-1"
            "&DestinationRegion=us-east-1");
}

VIRTUAL_TEST(CopySnapshot, NeverSaysThatACopyIsNotToBeEncrypted) {
  test::ScriptedCaller caller(time);
  caller.on("CopySnapshot").reply("<snapshotId>snap-2</snapshotId>");
  auto copy = some_copy();
  copy.encryption = {};
  EXPECT_TRUE(co_await copy_snapshot(caller, std::move(copy)));
  EXPECT_EQ(caller.last_form().find("Encrypted"), std::string::npos) << "EC2 takes no false";
}

VIRTUAL_TEST(CopySnapshot, AnAnswerWithoutAnIdIsNone) {
  test::ScriptedCaller caller(time);
  caller.on("CopySnapshot").reply("");
  EXPECT_EQ((co_await copy_snapshot(caller, some_copy())).error().kind, ErrorKind::unknown_fate);
}

VIRTUAL_TEST(CopyImage, CanBeRepeatedWithItsToken) {
  test::ScriptedCaller caller(time);
  caller.on("CopyImage").reply("<imageId>ami-2</imageId>");
  ImageCopyRequest request{.source_region = "eu-west-1",
                           .source = ImageId("ami-1"),
                           .name = "pitstop r-1 i-1",
                           .description = "copy",
                           .client_token = "token",
                           .image_tags = {{"a", "b"}},
                           .snapshot_tags = {{"c", "d"}}};
  EXPECT_EQ(co_await copy_image(caller, std::move(request)), ImageId("ami-2"));
  EXPECT_EQ(caller.last_form(),
            "SourceRegion=eu-west-1&SourceImageId=ami-1&Name=pitstop+r-1+i-1&Description=copy"
            "&ClientToken=token&TagSpecification.1.ResourceType=image"
            "&TagSpecification.1.Tag.1.Key=a&TagSpecification.1.Tag.1.Value=b"
            "&TagSpecification.2.ResourceType=snapshot&TagSpecification.2.Tag.1.Key=c"
            "&TagSpecification.2.Tag.1.Value=d");
  EXPECT_EQ(caller.calls().back().call.effect, Effect::settles);
}

VIRTUAL_TEST(Sharing, TellsWhoHasAccess) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeSnapshotAttribute")
      .reply(
          "<createVolumePermission><item><userId>222222222222</userId></item>"
          "<item><group>all</group></item></createVolumePermission>");
  const auto accounts = co_await accounts_with_access(caller, SnapshotId("snap-1"));
  EXPECT_EQ(accounts, std::vector<std::string>{"222222222222"});
  EXPECT_EQ(caller.last_form(), "SnapshotId=snap-1&Attribute=createVolumePermission");
}

VIRTUAL_TEST(Sharing, GivesAndTakes) {
  test::ScriptedCaller caller(time);
  caller.on("ModifySnapshotAttribute").reply();
  EXPECT_TRUE(co_await share_snapshot(caller, SnapshotId("snap-1"), "222222222222"));
  EXPECT_EQ(caller.last_form(),
            "SnapshotId=snap-1&Attribute=createVolumePermission&OperationType=add"
            "&UserId.1=222222222222");
  caller.on("ModifySnapshotAttribute").reply();
  EXPECT_TRUE(co_await unshare_snapshot(caller, SnapshotId("snap-1"), "222222222222"));
  EXPECT_NE(caller.last_form().find("OperationType=remove"), std::string::npos);
  EXPECT_EQ(caller.calls().back().call.effect, Effect::settles);
}

}  // namespace
}  // namespace pitstop::ec2
