#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ec2/model.hpp"

/// The tag `pitstop:down` that a server carries from before its stop until it is up again, so that
/// any host with the rights can find it and finish what another one began.
namespace pitstop {

inline constexpr auto down_tag_key = "pitstop:down";

/// Whether a tag is there only while the server is down, or out of rotation.
bool is_passing_tag(std::string_view key);

/// What the tag says: "RUN SINCE UNTIL HOST", and words of what else there is to be cleared away.
struct DownTag {
  RunId run;
  WallTime since;
  /// By then its run has started the server, or is not there any more.
  WallTime until;
  std::string host;
  /// The server was stopped before, and is not to be started.
  bool found_stopped = false;
  bool guarded = false;   ///< there is a schedule that starts it in the end
  bool reserved = false;  ///< there is a capacity reservation for it
  /// Its volumes are being exchanged, by that restore.
  std::optional<RestoreId> swap = {};

  bool operator==(const DownTag&) const = default;
};

/// As the tag's value: characters that EC2 takes in tags, 256 at most.
std::string to_text(const DownTag& tag);

/// Nothing if it is not one of ours.
std::optional<DownTag> parse_down_tag(std::string_view text);

/// The value of an instance's tag, or nothing.
std::optional<std::string> down_tag_of(const ec2::Instance& instance);

}  // namespace pitstop
