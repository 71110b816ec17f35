#pragma once

#include "backup/plan.hpp"
#include "backup/tools.hpp"

/// Step 2 of the pit stop by the other method: one call that makes an image of the server, with
/// snapshots of its volumes that the image stands on.
namespace pitstop {

/// Makes the image with CreateImage. An image's name is unique in its account and region, so that
/// after a lost reply the image is looked for by its name, and asked for again if it is not there:
/// a second one cannot be made.
///
/// Retries end at `deadline`; there is time for one call and one look even when that is past.
Task<Result<ImageId>> take_image(Tools tools, const BackupPlan& plan, Consistency consistency,
                                 Instant deadline);

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
