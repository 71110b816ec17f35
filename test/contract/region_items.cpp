// Regions are worlds of their own; the signature says which one is meant.

#include <fmt/format.h>

#include "contract/cloud.hpp"

namespace pitstop::test {
namespace {

CONTRACT(KeepsRegionsApart) {
  const auto server = co_await launch(subject);
  subject.expect_refused("a server is not known in another region",
                         co_await ec2::describe_instances(subject.elsewhere, {server.id}, {}),
                         "InvalidInstanceID.NotFound");
  const auto all = needed(
      "DescribeInstances",
      co_await ec2::describe_instances(subject.elsewhere, {}, {{"instance-state-name", {"*"}}}));
  subject.expect("another region has none of this one's servers", all.empty(),
                 fmt::format("{} servers", all.size()));
}

CONTRACT(CopiesSnapshotsToOtherRegions) {
  const auto volume = co_await make_volume(subject);
  const auto source = needed("CreateSnapshot", co_await ec2::create_snapshot(
                                                   subject.caller, {volume, "", {}}, Seconds(20)));
  co_await until(subject, source.id, ec2::SnapshotState::completed);
  ec2::SnapshotCopyRequest request;
  request.source_region = region;
  request.destination_region = other_region;
  request.source = source.id;
  request.tags = {{"copy-of", source.id.str()}};
  const auto copy = needed("CopySnapshot", co_await ec2::copy_snapshot(subject.elsewhere, request));
  const auto there =
      needed("DescribeSnapshots", co_await ec2::describe_snapshots(subject.elsewhere, {copy}, {}));
  subject.expect("a copy is in the region that was asked for it",
                 there.size() == 1 && there[0].size == source.size && there[0].tags == request.tags,
                 fmt::format("{} snapshots", there.size()));
  subject.expect_refused("a copy is not in its source's region",
                         co_await ec2::describe_snapshots(subject.caller, {copy}, {}),
                         "InvalidSnapshot.NotFound");
  request.source = SnapshotId("snap-0123456789abcdef0");
  subject.expect_refused("an unknown snapshot is not copied",
                         co_await ec2::copy_snapshot(subject.elsewhere, request),
                         "InvalidSnapshot.NotFound");
}

CONTRACT(CopiesImagesToOtherRegions) {
  const auto server = co_await launch(subject);
  co_await stop(subject, server.id);
  const ec2::ImageRequest request{.instance = server.id,
                                  .name = "contract-near",
                                  .description = "",
                                  .image_tags = {},
                                  .snapshot_tags = {}};
  const auto source =
      needed("CreateImage", co_await ec2::create_image(subject.caller, request, Seconds(30)));
  co_await until(subject, source, "available");
  ec2::ImageCopyRequest copy{.source_region = region,
                             .source = source,
                             .name = "contract-far",
                             .description = "a copy",
                             .client_token = subject.new_token(),
                             .image_tags = {},
                             .snapshot_tags = {}};
  const auto id = needed("CopyImage", co_await ec2::copy_image(subject.elsewhere, copy));
  const auto there =
      needed("DescribeImages", co_await ec2::describe_images(subject.elsewhere, {id}, {}));
  subject.expect("a copied image is in the region that was asked for it",
                 there.size() == 1 && there[0].name == "contract-far",
                 fmt::format("{} images", there.size()));
  subject.expect_refused("a copied image is not in its source's region",
                         co_await ec2::describe_images(subject.caller, {id}, {}),
                         "InvalidAMIID.NotFound");
  copy.source = ImageId("ami-0123456789abcdef0");
  copy.client_token = subject.new_token();
  subject.expect_refused("an unknown image is not copied",
                         co_await ec2::copy_image(subject.elsewhere, copy),
                         "InvalidAMIID.NotFound");
}

}  // namespace
}  // namespace pitstop::test
