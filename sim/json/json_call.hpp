#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "http/http.hpp"
#include "sim/cloud/region.hpp"
#include "sim/request.hpp"

/// The protocol AWS JSON 1.1, as services other than EC2 speak it: the action is in the header
/// X-Amz-Target, an error has its code in `__type`.
namespace pitstop::sim {

/// "DescribeKey" of "TrentService.DescribeKey", where the service is "TrentService"; empty if the
/// header is not one of that service.
std::string json_action_of(std::string_view operation, std::string_view service);

/// The request, which has no members but these (ValidationException).
Answer<nlohmann::ordered_json> read_json_call(const std::string& body, std::string_view action,
                                              std::span<const std::string_view> members);

/// Refuses what the policy denies (AccessDeniedException): "kms:DescribeKey" on the ARN of a
/// resource.
Answer<void> permit(const ReceivedCall& received, const Region& region,
                    const std::string& permission, std::string_view resource = "*");

/// The answer, or the refusal.
HttpResponse json_answer(const Answer<nlohmann::ordered_json>& answer,
                         const std::string& request_id);

/// A refusal as these services write it; those that EC2 has other codes for get theirs.
HttpResponse json_refusal(ApiError error, const std::string& request_id);

}  // namespace pitstop::sim
