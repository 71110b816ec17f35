#include "backup/tag_protection.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "backup/down_tag.hpp"
#include "backup/swap.hpp"
#include "backup/tag_keys.hpp"

namespace pitstop {
namespace {

using Json = nlohmann::ordered_json;

Json deny(const char* sid, std::vector<std::string> actions, Json condition,
          const std::vector<std::string>& principals) {
  condition["ArnNotLike"] = {{"aws:PrincipalArn", principals}};
  return {{"Sid", sid},
          {"Effect", "Deny"},
          {"Action", std::move(actions)},
          {"Resource", "*"},
          {"Condition", std::move(condition)}};
}

}  // namespace

std::string tag_protection(const std::vector<std::string>& principals) {
  Json statements = Json::array();
  statements.push_back(deny("TagsOfPitstopAreItsOwn", {"ec2:CreateTags", "ec2:DeleteTags"},
                            {{"ForAnyValue:StringLike", {{"aws:TagKeys", "pitstop:*"}}}},
                            principals));
  // DeleteTags without keys removes all of them, and then there are no keys to compare.
  constexpr std::array kinds{std::pair("KeepTagsOfSnapshots", "pitstop:run"),
                             std::pair("KeepTagsOfServers", down_tag_key),
                             std::pair("KeepTagsOfRestores", restore_tag_key),
                             std::pair("KeepTagsOfReplacedVolumes", replaced_by_tag_key)};
  for (const auto& [sid, key] : kinds) {
    statements.push_back(deny(
        sid, {"ec2:DeleteTags"},
        {{"Null", {{"aws:TagKeys", "true"}, {std::string("aws:ResourceTag/") + key, "false"}}}},
        principals));
  }
  return Json{{"Version", "2012-10-17"}, {"Statement", statements}}.dump(2) + '\n';
}

}  // namespace pitstop
