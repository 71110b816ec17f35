#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace pitstop {

/// An identifier that cannot be taken for another kind of identifier.
template <class Kind>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  std::string text_;
};

using InstanceId = Id<struct InstanceKind>;
using VolumeId = Id<struct VolumeKind>;
using SnapshotId = Id<struct SnapshotKind>;
using ImageId = Id<struct ImageKind>;
using RunId = Id<struct RunKind>;
using BackupId = Id<struct BackupKind>;
using RestoreId = Id<struct RestoreIdKind>;

/// Reads what a user typed as "i-" and 8 or 17 hexadecimal digits; the error says what was
/// expected.
Result<InstanceId> parse_instance_id(std::string_view text);

/// The same for "vol-" ….
Result<VolumeId> parse_volume_id(std::string_view text);

}  // namespace pitstop
