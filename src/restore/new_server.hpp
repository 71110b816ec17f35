#pragma once

#include "restore/restore_outcome.hpp"
#include "restore/restore_tools.hpp"

namespace pitstop {

struct NewServerOptions {
  /// Wait until EC2's checks have found it well.
  bool wait = true;
  /// Leave the image that was registered for it.
  bool keep_image = false;
};

/// Makes the server of a plan: an image, unless the backup has one, an instance of it, and what an
/// instance is not launched with. Nothing of the old server is touched but the Elastic IPs that are
/// to go over. An image whose billing is not what the server had is given up before anything is
/// launched. What goes wrong after the launch leaves the new server there, and is told.
Task<RestoreOutcome> restore_new_server(RestoreTools tools, NewServerPlan plan,
                                        NewServerOptions options);

}  // namespace pitstop
