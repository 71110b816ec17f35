#include "backup/configuration_tags.hpp"

#include <fmt/format.h>

#include "base/packing.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

constexpr std::string_view tag_prefix = "pitstop:config.";
constexpr std::string_view format_mark = "z1:";

}  // namespace

ec2::Tags pack_configuration(const std::string& json) {
  const std::string packed = std::string(format_mark) + base64(deflated(json));
  ec2::Tags tags;
  for (std::size_t begun = 0; begun < packed.size(); begun += ec2::longest_tag_value) {
    tags.push_back({fmt::format("{}{}", tag_prefix, tags.size() + 1),
                    packed.substr(begun, ec2::longest_tag_value)});
  }
  return tags;
}

Result<std::string> unpack_configuration(const ec2::Tags& tags) {
  std::string packed;
  for (int part = 1;; ++part) {
    const auto value = ec2::find_tag(tags, fmt::format("{}{}", tag_prefix, part));
    if (!value) {
      break;
    }
    packed += *value;
  }
  const auto damaged = [](std::string what) {
    return fail(ErrorKind::refused, "the configuration in the tags cannot be read: " + what,
                "were the pitstop:config tags changed or removed by hand?");
  };
  if (!packed.starts_with(format_mark)) {
    return damaged(packed.empty() ? "there is none" : "it has an unknown form");
  }
  const auto bytes = from_base64(packed.substr(format_mark.size()));
  if (!bytes) {
    return damaged("it is not base64");
  }
  const auto json = inflated(*bytes, configuration_limits.bytes);
  if (!json) {
    return damaged("a part is missing or altered");
  }
  if (!is_bounded_json(*json, configuration_limits)) {
    return damaged("it nests deeper than any that pitstop writes");
  }
  return *json;
}

}  // namespace pitstop
