#pragma once

#include "sim/api/inquiry.hpp"

namespace pitstop::sim {

/// The image that every region has from the beginning: Linux, with a root volume of 8 GiB.
/// Amazon's, and so in no Region.
const Image& amazon_image();

/// An image as a describing call sees it.
struct SeenImage {
  const Region& region;
  const Image& image;
  Instant seen;

  const Tags& tags() const { return image.tags; }
  bool is_amazons() const { return &image == &amazon_image(); }
  std::string_view owner() const;
  std::string state() const;
};

std::span<const FilterRow<SeenImage>> image_filters();

/// <item> of <imagesSet>.
void write_image(xml::Element item, const SeenImage& seen);

/// The image, Amazon's among them, or EC2's refusal.
Answer<const Image*> find_any_image(Region& region, const ImageId& id);

}  // namespace pitstop::sim
