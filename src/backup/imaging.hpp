#pragma once

#include "backup/creating.hpp"
#include "backup/gate.hpp"
#include "backup/plan.hpp"
#include "backup/snapshotting.hpp"
#include "backup/tools.hpp"

/// Step 2 of the pit stop by the other method: one call that makes an image of the server, with
/// snapshots of its volumes that the image stands on.
namespace pitstop {

/// Makes the image with CreateImage, by the rule of backup/creating. An image's name is unique in
/// its account and region, so that it may be asked for again when nobody has answered: a second one
/// cannot be made.
///
/// It ends at `deadline`; there is time for one request and one look even when that is past.
Task<Created<ImageId>> take_image(Tools tools, const BackupPlan& plan, Consistency consistency,
                                  Instant deadline);

/// When the server is up: looks for an image that was requested and given up, and for
/// its snapshots. What appears becomes the backup's; as no one has seen it in time, it is labelled
/// `crash`.
Task<Status> settle_doubt_of_image(Tools tools, const BackupPlan& plan, Doubt doubt,
                                   Requested requested, std::optional<ImageId>& image,
                                   std::optional<SnapshotSet>& set);

/// The image's snapshots, which its making does not answer: found by the image or by their tags,
/// whichever shows them first. As many as there are if they are not all there by `deadline`.
Task<Result<std::vector<ec2::Snapshot>>> find_snapshots_of(Tools tools, const BackupPlan& plan,
                                                           ImageId image, Instant deadline);

/// "pitstop RUN INSTANCE", in the characters that EC2 takes.
std::string image_name(const RunId& run, const InstanceId& instance);

/// The request for it.
ec2::ImageRequest image_request(const BackupPlan& plan, Consistency consistency, WallTime now);

/// Looks for an image that may not be visible yet, until `end`; nothing if it is not there then.
Task<Result<std::optional<ec2::Image>>> find_image(Tools tools, std::string name, Instant end);

/// Waits until the image, all of whose snapshots are complete, can be used. An error says that it
/// never can.
Task<Status> await_image(Tools tools, ImageId image);

}  // namespace pitstop
