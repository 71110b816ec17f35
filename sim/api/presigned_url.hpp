#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/api/form.hpp"

/// URLs that are requests, signed in their query: "https://host/?Action=…&X-Amz-Signature=…"
/// ("Create a signed AWS API request", IAM User Guide). By such a one a service asks another one in
/// its client's name.
namespace pitstop::sim {

struct PresignedUrl {
  std::string host;
  std::string target;  ///< "/?Action=…"
  Form parameters;

  /// Empty if there is none of that name.
  std::string parameter(std::string_view name) const;
};

/// Nothing if it is no URL of http or https.
std::optional<PresignedUrl> parse_presigned_url(std::string_view url);

/// The copy that is asked for.
struct CopyAtSource {
  std::string source_region;
  std::string snapshot;
  std::string destination_region;
};

/// What CopySnapshot wants of its PresignedUrl: the same call, signed for the region of the source.
/// At AWS one that is wrong lets the copy fail later; here it is refused. The signature itself is
/// verified by whoever knows the key.
Answer<void> check_presigned_copy(std::string_view url, const CopyAtSource& copy);

}  // namespace pitstop::sim
