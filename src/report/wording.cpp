#include "report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"
#include "base/text.hpp"
#include "report/columns.hpp"

namespace pitstop {
namespace {

constexpr std::size_t widest_name = 40;

/// Foreign texts are long at times, and a line that never ends helps nobody.
constexpr std::size_t longest_message = 1000;

std::string hint_line(std::string_view hint) {
  return hint.empty() ? "" : fmt::format("HINT: {}\n", printable(hint, longest_message));
}

std::string_view phrase(Step step) {
  switch (step) {
    case Step::recovering:
      return "recovering";
    case Step::waiting:
      return "waiting for";
    case Step::priming:
      return "copying it while it runs";
    case Step::primed:
      return "copied while it ran";
    case Step::fast_restore_requested:
      return "enabling fast snapshot restore";
    case Step::fast_restore_enabled:
      return "fast snapshot restore enabled";
    case Step::fast_restore_disabled:
      return "fast snapshot restore disabled";
    case Step::draining:
      return "leaving";
    case Step::drained:
      return "out of rotation";
    case Step::frozen:
      return "frozen";
    case Step::thawed:
      return "thawed";
    case Step::stop_requested:
      return "stopping";
    case Step::stopped:
      return "stopped";
    case Step::snapshots_requested:
      return "asking for the snapshots";
    case Step::snapshots_created:
      return "snapshots begun";
    case Step::gate_opened:
      return "gate open";
    case Step::start_requested:
      return "starting";
    case Step::running:
      return "running";
    case Step::in_rotation:
      return "back in";
    case Step::changed:
      return "changed";
    case Step::snapshot_completed:
      return "snapshot complete";
    case Step::volumes_created:
      return "volumes made";
    case Step::volumes_swapped:
      return "volumes exchanged";
    case Step::image_registered:
      return "image registered";
    case Step::launched:
      return "launched";
    case Step::checks_passed:
      return "checks passed";
    case Step::copy_begun:
      return "copy begun";
    case Step::copy_completed:
      return "copy complete";
    case Step::copied:
      return "copied";
    case Step::removed:
      return "removed";
    case Step::warning:
      return "warning";
    case Step::alarm:
      return "ALARM";
    case Step::finished:
      return "finished";
  }
  unreachable();
}

}  // namespace

std::string title_of(const std::string& name, const InstanceId& instance) {
  return name.empty()
             ? instance.str()
             : fmt::format("{} ({})", cut_to(printable(name, longest_message), widest_name),
                           instance.str());
}

std::string title_of(const ec2::Instance& instance) {
  return title_of(instance.name().value_or(""), instance.id);
}

void Titles::add(const ec2::Instance& instance) {
  add(instance.id, instance.name().value_or(""));
}

void Titles::add(const InstanceId& instance, const std::string& name) {
  auto title = title_of(name, instance);
  width_ = std::max(width_, columns_of(title));
  titles_[instance] = std::move(title);
}

std::string Titles::of(const InstanceId& instance) const {
  const auto found = titles_.find(instance);
  return found == titles_.end() ? instance.str() : found->second;
}

std::string minute(WallTime time) {
  auto text = rfc3339(time).substr(0, 16);
  text[10] = ' ';
  return text;
}

std::string long_time(Duration duration) {
  constexpr Duration day = std::chrono::days(1);
  if (duration < 2 * day) {
    return human(duration);
  }
  const auto tenths = (duration + day / 20) / (day / 10);
  return tenths % 10 == 0 ? fmt::format("{} days", tenths / 10)
                          : fmt::format("{}.{} days", tenths / 10, tenths % 10);
}

std::string amount(std::int64_t bytes) {
  constexpr double mebibyte = 1 << 20;
  const double mebibytes = static_cast<double>(bytes) / mebibyte;
  return mebibytes < 1024 ? fmt::format("{:.0f} MiB", mebibytes)
                          : fmt::format("{:.1f} GiB", mebibytes / 1024);
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string how_many_are_down(std::size_t count) {
  return count == 0
             ? "no server is down"
             : fmt::format("{} {} down", counted(count, "server"), count == 1 ? "is" : "are");
}

std::string error_lines(const Error& error) {
  return fmt::format("error: {}\n", printable(error.message, longest_message)) +
         hint_line(error.hint);
}

std::string error_lines(const Error& error, const InstanceId& instance, const std::string& title) {
  const std::string& id = instance.str();
  auto named = error;
  if (error.message.starts_with(id + ' ') || error.message.starts_with(id + ':')) {
    named.message.replace(0, id.size(), title);
  } else {
    named.message = fmt::format("{}: {}", title, error.message);
  }
  return error_lines(named);
}

std::string_view without_subject(std::string_view message, const InstanceId& instance) {
  const std::string& id = instance.str();
  for (const auto& subject : {id + ": ", id + ' '}) {
    if (message.starts_with(subject)) {
      return message.substr(subject.size());
    }
  }
  return message;
}

std::string event_text(const Event& event) {
  const bool late =
      event.step == Step::gate_opened && event.detail == to_string(GateOpening::deadline);
  if (late) {
    return "deadline reached before the gate opened\n";
  }
  std::string text(phrase(event.step));
  if (!event.detail.empty()) {
    text += ": " + printable(without_subject(event.detail, event.instance), longest_message);
  }
  return text + '\n' + hint_line(event.hint);
}

std::string event_lines(const Event& event, const std::string& title, std::size_t width) {
  return fmt::format("{}  {}  {}", rfc3339(event.time),
                     padded(title, std::max(width, columns_of(title))), event_text(event));
}

std::string down_lines(const std::vector<InstanceId>& down, const Titles& titles) {
  if (down.empty()) {
    return "";
  }
  std::vector<std::string> names;
  std::vector<std::string> ids;
  for (const auto& instance : down) {
    names.push_back(titles.of(instance));
    ids.push_back(instance.str());
  }
  return fmt::format("error: DOWN, stopped by pitstop and not running: {}\n", join(names, ", ")) +
         fmt::format(
             "HINT: pitstop recover brings them back; or aws ec2 start-instances --instance-ids "
             "{}\n",
             join(ids, " "));
}

std::string interruption_line() {
  return "interrupted: no further server is stopped, and those that are down are started; a second "
         "Ctrl-C ends pitstop at once\n";
}

}  // namespace pitstop
