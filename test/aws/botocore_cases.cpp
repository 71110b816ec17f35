#include "botocore_cases.hpp"

#include <nlohmann/json.hpp>

namespace pitstop::test {

using nlohmann::json;

bool refused(const json& answer) {
  return answer.is_object() && answer.contains("refused");
}

json refusal(std::string_view reason) {
  return {{"refused", reason}};
}

}  // namespace pitstop::test
