#include "report/event_json.hpp"

#include <nlohmann/json.hpp>
#include "report/json_lines.hpp"

namespace pitstop {

std::string event_json(const Event& event) {
  const Json message{{"message_type", "event"},
                     {"time", rfc3339(event.time)},
                     {"instance_id", event.instance.str()},
                     {"step", std::string(to_string(event.step))},
                     {"detail", text_or_null(event.detail)},
                     {"hint", text_or_null(event.hint)}};
  return line_of(message);
}

}  // namespace pitstop
