#pragma once

/// The tags of snapshots that say what of a backup they are, and of what restores make.
namespace pitstop {

/// The tag that says what a snapshot is worth.
inline constexpr auto consistency_tag_key = "pitstop:consistency";

/// The tags of a copy's snapshot: the volume that it was taken of, which EC2 does not tell of a
/// copy, and the snapshot that it was made of.
inline constexpr auto volume_tag_key = "pitstop:volume";
inline constexpr auto copied_from_tag_key = "pitstop:copied-from";

/// The tag of snapshots that an image stands on.
inline constexpr auto method_tag_key = "pitstop:method";

/// The tag that says why there is a backup that nobody asked for, and its one value: a restore in
/// place took it of what it was about to replace.
inline constexpr auto reason_tag_key = "pitstop:reason";
inline constexpr auto reason_before_restore = "before-restore";

/// The tag of whatever a restore makes: which restore.
inline constexpr auto restore_tag_key = "pitstop:restore";

/// The tag of volumes that a restore has made to be looked at: no part of the server that they are
/// attached to. Its value is the restore.
inline constexpr auto restored_volume_tag_key = "pitstop:restored-volume";

}  // namespace pitstop
