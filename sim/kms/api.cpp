#include "sim/kms/api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "sim/json/json_call.hpp"
#include "sim/kms/actions.hpp"

namespace pitstop::sim {
namespace {

using Json = nlohmann::ordered_json;
using std::string_view_literals::operator""sv;

double epoch(const Region& region, Instant when) {
  return std::chrono::duration<double>(region.schedule.wall(when).time_since_epoch()).count();
}

std::unexpected<ApiError> not_found(const Region& region, std::string_view name) {
  const bool is_alias = name.contains("alias/");
  const auto arn = key_arn(region, std::string(name));
  return refuse("NotFoundException", is_alias
                                         ? fmt::format("Alias {} is not found.", printable(arn))
                                         : fmt::format("Key '{}' does not exist", printable(arn)));
}

Answer<Key> find(const Region& region, const std::string& name) {
  if (name.starts_with("arn:") && std::ranges::count(name, ':') != 5) {
    return refuse("InvalidArnException", fmt::format("Invalid arn {}", printable(name)));
  }
  if (auto key = find_any_key(region, name)) {
    return *std::move(key);
  }
  return not_found(region, name);
}

Json metadata_of(const Region& region, const Key& key) {
  Json metadata = {{"AWSAccountId", region.account},
                   {"Arn", arn_of(region, key)},
                   {"CreationDate", epoch(region, key.created)},
                   {"CustomerMasterKeySpec", "SYMMETRIC_DEFAULT"},
                   {"Description", ""},
                   {"Enabled", key.enabled()},
                   {"EncryptionAlgorithms", {"SYMMETRIC_DEFAULT"}},
                   {"KeyId", key.id},
                   {"KeyManager", key.alias == alias_of_ebs ? "AWS" : "CUSTOMER"},
                   {"KeySpec", "SYMMETRIC_DEFAULT"},
                   {"KeyState", key.state},
                   {"KeyUsage", "ENCRYPT_DECRYPT"},
                   {"MultiRegion", false},
                   {"Origin", "AWS_KMS"}};
  if (key.deletion) {
    metadata["DeletionDate"] = epoch(region, *key.deletion);
  }
  return metadata;
}

Answer<std::string> key_id_in(const Json& read) {
  const auto id = read.find("KeyId");
  if (id == read.end() || !id->is_string() || id->get<std::string>().empty()) {
    return refuse("ValidationException",
                  "1 validation error detected: Value at 'keyId' failed to satisfy constraint: "
                  "Member must have length greater than or equal to 1");
  }
  return id->get<std::string>();
}

Answer<void> permit_on_key(const ReceivedCall& received, const Region& region,
                           const std::string& permission, const std::string& key) {
  return permit(received, region, permission, printable(key_arn(region, key)));
}

Answer<Json> describe_key(const ReceivedCall& received, const Region& region) {
  constexpr std::array members{"KeyId"sv, "GrantTokens"sv};
  TRY(const auto read, read_json_call(received.request.body, "DescribeKey", members));
  TRY(const auto name, key_id_in(read));
  TRY_STATUS(permit_on_key(received, region, "kms:DescribeKey", name));
  TRY(const auto key, find(region, name));
  return Json{{"KeyMetadata", metadata_of(region, key)}};
}

/// Grants are never made: a dry run is all that there is.
Answer<Json> create_grant(const ReceivedCall& received, const Region& region) {
  constexpr std::array members{"KeyId"sv, "GranteePrincipal"sv, "Operations"sv, "DryRun"sv};
  TRY(const auto read, read_json_call(received.request.body, "CreateGrant", members));
  TRY(const auto name, key_id_in(read));
  for (const auto required : members) {
    if (!read.contains(required)) {
      return refuse("ValidationException", fmt::format("{} is missing", required));
    }
  }
  if (read["DryRun"] != true) {
    return refuse("ValidationException", "ec2sim makes no grants: it knows the dry run of it only");
  }
  TRY_STATUS(permit_on_key(received, region, "kms:CreateGrant", name));
  TRY(const auto key, find(region, name));
  if (!key.enabled()) {
    return refuse("DisabledException", fmt::format("{} is disabled.", arn_of(region, key)));
  }
  return refuse("DryRunOperationException",
                "The request would have succeeded, but the DryRun option is set.");
}

Answer<Json> carry_out_kms_call(const ReceivedCall& received, const Region& region) {
  const auto action = json_action_of(received.request.operation, kms_target);
  if (action == "DescribeKey") {
    return describe_key(received, region);
  }
  if (action == "CreateGrant") {
    return create_grant(received, region);
  }
  return refuse("UnknownOperationException",
                "of KMS ec2sim knows DescribeKey and the dry run of CreateGrant only");
}

}  // namespace

HttpResponse answer_kms_call(const ReceivedCall& received, const Region& region) {
  return json_answer(carry_out_kms_call(received, region), received.request_id);
}

}  // namespace pitstop::sim
