#include "base/ids.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace pitstop {
namespace {

bool is_resource_id(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  const auto digits = text.substr(prefix.size());
  const auto hexadecimal = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return (digits.size() == 8 || digits.size() == 17) && std::ranges::all_of(digits, hexadecimal);
}

std::unexpected<Error> not_an_id(std::string_view text, std::string_view thing,
                                 std::string_view prefix) {
  return fail(ErrorKind::usage, fmt::format("{} is not {} id", in_quotes(text), thing),
              fmt::format("it looks like {}0abc1234def567890: \"{}\" and 8 or 17 digits 0-9 a-f",
                          prefix, prefix));
}

}  // namespace

Result<InstanceId> parse_instance_id(std::string_view text) {
  if (!is_resource_id(text, "i-")) {
    return not_an_id(text, "an instance", "i-");
  }
  return InstanceId(std::string(text));
}

Result<VolumeId> parse_volume_id(std::string_view text) {
  if (!is_resource_id(text, "vol-")) {
    return not_an_id(text, "a volume", "vol-");
  }
  return VolumeId(std::string(text));
}

}  // namespace pitstop
