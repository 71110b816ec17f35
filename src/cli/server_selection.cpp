#include "cli/server_selection.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

/// EC2 counts the characters of a tag, not its bytes.
std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

void declare_servers(CLI::App& command, ServerArguments& arguments, bool must_be_named) {
  const auto* group = must_be_named ? "Servers, named in one of three ways"
                                    : "Servers, named in one of three ways, or not at all";
  auto* instances =
      command
          .add_option("instances", arguments.instances, "Instance ids, such as i-0abc1234def567890")
          ->type_name("INSTANCE")
          ->group(group);
  if (!must_be_named) {
    instances->expected(0, CLI::detail::expected_max_vector_size);
  }
  command
      .add_option("--tag", arguments.tags,
                  "Every server with this tag, with * and ? in VALUE; may be repeated:\n"
                  "then a server must have all of the tags")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all()
      ->group(group);
  command.add_flag("--all", arguments.all, "Every running or stopped server of the region")
      ->group(group);
  command
      .add_option("--exclude", arguments.exclude,
                  "Leave out this server, which is one of those named; may be repeated")
      ->type_name("INSTANCE")
      ->expected(1)
      ->take_all()
      ->group(group);
}

Result<Selection> parse_selection(const ServerArguments& arguments) {
  Selection selection;
  selection.all = arguments.all;
  for (const auto& text : arguments.instances) {
    TRY(auto id, parse_instance_id(text));
    selection.ids.push_back(std::move(id));
  }
  for (const auto& text : arguments.exclude) {
    TRY(auto id, parse_instance_id(text));
    selection.excluded.push_back(std::move(id));
  }
  for (const auto& text : arguments.tags) {
    TRY(auto tag, parse_tag("--tag", text));
    selection.tags.push_back(std::move(tag));
  }
  const int ways =
      (selection.ids.empty() ? 0 : 1) + (selection.tags.empty() ? 0 : 1) + (selection.all ? 1 : 0);
  if (ways == 0) {
    return fail(ErrorKind::usage, "no server is named",
                "name instances, or use --tag KEY=VALUE or --all");
  }
  if (ways > 1) {
    return fail(ErrorKind::usage,
                "instance ids, --tag and --all are three ways to name servers, and do not mix",
                "use one of them");
  }
  return selection;
}

Result<std::optional<Selection>> parse_selection_if_any(const ServerArguments& arguments) {
  if (!arguments.instances.empty() || !arguments.tags.empty() || arguments.all) {
    return parse_selection(arguments);
  }
  if (!arguments.exclude.empty()) {
    return fail(ErrorKind::usage, "--exclude leaves out servers that are named, and none is",
                "name servers by --all or --tag KEY=VALUE");
  }
  return std::nullopt;
}

Result<ec2::Tag> parse_tag(std::string_view option, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return fail(ErrorKind::usage, fmt::format("{} {} is not KEY=VALUE", option, in_quotes(text)),
                fmt::format("for example {} team=web", option));
  }
  ec2::Tag tag{text.substr(0, equals), text.substr(equals + 1)};
  if (characters(tag.key) > ec2::longest_tag_key ||
      characters(tag.value) > ec2::longest_tag_value) {
    return fail(ErrorKind::usage, fmt::format("{} {} is too long", option, in_quotes(text)),
                fmt::format("EC2 takes {} characters of key and {} of value", ec2::longest_tag_key,
                            ec2::longest_tag_value));
  }
  return tag;
}

}  // namespace pitstop
