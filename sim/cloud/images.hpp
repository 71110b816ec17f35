#pragma once

#include "sim/cloud/snapshots.hpp"

namespace pitstop::sim {

struct ImageCreation {
  InstanceId instance;
  std::string name = {};
  std::string description = {};
  bool no_reboot = false;
  std::vector<std::string> excluded = {};  ///< devices that are left out
  Tags image_tags = {};
  Tags snapshot_tags = {};
};

/// Or EC2's refusal: an image of that name is there.
Answer<void> name_is_free(const Region& region, const std::string& name);

/// CreateImage: snapshots of every volume, and an image that stands on them. A running instance is
/// rebooted unless told otherwise.
Answer<ImageId> create_image(Region& region, const ImageCreation& creation);

/// RegisterImage; the name must be free.
Answer<ImageId> register_image(Region& region, Image image);

/// DeregisterImage: its snapshots stay.
Answer<void> deregister_image(Region& region, const ImageId& id);

/// "pending" while one of its snapshots is, "failed" if one failed, else "available".
std::string image_state(const Region& region, const Image& image, Instant when);

Answer<Image*> find_image(Region& region, const ImageId& id);

}  // namespace pitstop::sim
