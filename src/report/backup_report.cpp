#include "report/backup_report.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace pitstop {

std::string error_lines(const Error& error) {
  auto lines = fmt::format("error: {}\n", printable(error.message, 1000));
  if (!error.hint.empty()) {
    lines += fmt::format("HINT: {}\n", printable(error.hint, 1000));
  }
  return lines;
}

std::string title_of(const ec2::Instance& instance) {
  const auto name = instance.name();
  return name ? fmt::format("{} ({})", printable(*name, 60), instance.id.str()) : instance.id.str();
}

}  // namespace pitstop
