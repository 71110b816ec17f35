#include "cli/on_down.hpp"

#include <fmt/format.h>

#include "aws/shell_words.hpp"
#include "base/launch.hpp"
#include "base/text.hpp"
#include "report/event_json.hpp"

namespace pitstop {

Result<std::vector<std::string>> parse_on_down(const std::string& text,
                                               const Environment& environment) {
  auto words = shell_words(text);
  if (!words || words->empty()) {
    return fail(ErrorKind::usage, fmt::format("--on-down {} is no command", in_quotes(text)),
                "give a program and its arguments; it is run without a shell");
  }
  if (!can_be_launched(words->front(), environment.get("PATH"))) {
    return fail(ErrorKind::usage,
                fmt::format("--on-down {}: there is no program {}", in_quotes(text),
                            in_quotes(words->front())),
                "it is run without a shell: name an executable file");
  }
  return std::move(*words);
}

OnDown::OnDown(Observer& next, std::vector<std::string> command, Surroundings& surroundings)
    : PassingObserver(next),
      command_(std::move(command)),
      surroundings_(surroundings),
      previous_(std::move(surroundings.before_early_end)) {
  surroundings_.before_early_end = [this] {
    say_who_is_left_down();
    if (previous_) {
      previous_();
    }
  };
}

OnDown::~OnDown() {
  surroundings_.before_early_end = std::move(previous_);
}

void OnDown::saw(const Event& event) {
  PassingObserver::saw(event);
  seen_.insert(event.instance);
  if (event.step == Step::alarm) {
    alarmed_.insert(event.instance);
    call(event);
  } else if (event.step == Step::running && alarmed_.erase(event.instance) > 0) {
    call(event);
  }
}

void OnDown::say_who_is_left_down() {
  for (const auto& instance : surroundings_.down) {
    if (!seen_.contains(instance)) {
      continue;
    }
    call({instance, Step::alarm, surroundings_.clock.wall(),
          fmt::format("{} is DOWN: pitstop was told to end before it was running again",
                      instance.str()),
          "pitstop recover brings it back"});
  }
}

void OnDown::call(const Event& event) {
  if (command_.empty()) {
    return;
  }
  const auto launched = surroundings_.launch(command_, event_json(event) + '\n');
  if (!launched) {
    PassingObserver::saw({event.instance,
                          Step::warning,
                          surroundings_.clock.wall(),
                          fmt::format("nobody could be called: {}", launched.error().message),
                          {}});
  }
}

}  // namespace pitstop
