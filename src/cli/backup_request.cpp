#include "cli/backup_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/role_arn.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "cli/on_down.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

constexpr auto guard_role_variable = "PITSTOP_GUARD_ROLE";

Result<ec2::Tags> parse_tags_to_set(const std::vector<std::string>& texts) {
  ec2::Tags tags;
  for (const auto& text : texts) {
    TRY(auto tag, parse_tag("--set-tag", text));
    if (tag.key.starts_with("aws:") || tag.key.starts_with("pitstop:")) {
      return fail(ErrorKind::usage, fmt::format("--set-tag {} has a reserved key", in_quotes(text)),
                  "keys that begin with aws: belong to AWS, those with pitstop: to pitstop");
    }
    if (contains(tags, tag.key, &ec2::Tag::key)) {
      return fail(ErrorKind::usage,
                  fmt::format("--set-tag {} sets a key for the second time", in_quotes(text)),
                  "a snapshot has one value for a key");
    }
    tags.push_back(std::move(tag));
  }
  return tags;
}

Result<Duration> parse_time(std::string_view option, const std::string& text, Duration most) {
  auto time = parse_duration(text);
  if (!time) {
    return fail(within(option, std::move(time).error()));
  }
  if (*time < Seconds(1)) {
    return fail(ErrorKind::usage, fmt::format("{} {} is no time at all", option, text),
                "it takes 1s and more; the usual outage is a few minutes");
  }
  if (*time > most) {
    return fail(ErrorKind::usage, fmt::format("{} {} is too long", option, text),
                fmt::format("it takes {}d at most", most / std::chrono::days(1)));
  }
  return time;
}

std::vector<std::string> acceptable_findings() {
  std::vector<std::string> names;
  for (const auto& kind : finding_kinds()) {
    if (kind.can_be_accepted) {
      names.emplace_back(kind.name);
    }
  }
  return names;
}

Status parse_outage(const BackupArguments& arguments, const Environment& environment,
                    BackupOptions& options) {
  TRY(options.start_when, parse_start_when(arguments.start_when));
  TRY(options.max_downtime,
      parse_time("--max-downtime", arguments.max_downtime, most_max_downtime));
  TRY(options.stop_timeout,
      parse_time("--stop-timeout", arguments.stop_timeout, most_stop_timeout));
  if (arguments.force_stop_after) {
    TRY(options.force_stop_after,
        parse_time("--force-stop-after", *arguments.force_stop_after, most_stop_timeout));
  }
  options.reserve_capacity = arguments.reserve_capacity;
  if (arguments.guard_role) {
    TRY(options.guard_role, parse_guard_role("--guard-role", *arguments.guard_role));
  } else if (const auto role = environment.get(guard_role_variable)) {
    TRY(options.guard_role, parse_guard_role(guard_role_variable, *role));
  }
  return {};
}

/// What is there for the stop makes no sense without one, and whoever gives it expects a stop.
Status check_approach(const BackupArguments& arguments, const std::string& approach) {
  const std::vector<std::pair<const char*, bool>> for_the_stop{
      {"--prime", arguments.prime},
      {"--standby", arguments.standby},
      {"--drain", arguments.drain},
      {"--reserve-capacity", arguments.reserve_capacity},
      {"--guard-role", arguments.guard_role.has_value()},
      {"--force-stop-after", arguments.force_stop_after.has_value()},
      {"--method image", arguments.method == "image"}};
  for (const auto& [option, given] : for_the_stop) {
    if (given) {
      return fail(ErrorKind::usage,
                  fmt::format("{} is for a stop, and {} is without", option, approach),
                  "leave one of them out");
    }
  }
  return {};
}

Result<std::vector<VolumeId>> parse_volume_ids(const std::vector<std::string>& texts) {
  std::vector<VolumeId> volumes;
  for (const auto& text : texts) {
    TRY(auto volume, parse_volume_id(text));
    if (!contains(volumes, volume)) {
      volumes.push_back(std::move(volume));
    }
  }
  return volumes;
}

Status parse_approach(const BackupArguments& arguments, BackupOptions& options) {
  if (arguments.online && arguments.data_volumes_unmounted) {
    return fail(ErrorKind::usage, "--online takes all volumes, --data-volumes-unmounted some",
                "use one of them");
  }
  if (arguments.freeze && !arguments.online) {
    return fail(ErrorKind::usage, "--freeze is for a server that goes on", "give --online, too");
  }
  if (!arguments.detached_volumes.empty() && !arguments.data_volumes_unmounted) {
    return fail(ErrorKind::usage, "--detached-volume is for a server that goes on",
                "give --data-volumes-unmounted, too: the volume is one of those");
  }
  TRY(options.detached_volumes, parse_volume_ids(arguments.detached_volumes));
  if (arguments.online) {
    options.approach = arguments.freeze ? Approach::frozen : Approach::online;
    return check_approach(arguments, "--online");
  }
  if (arguments.data_volumes_unmounted) {
    options.approach = Approach::unmounted;
    return check_approach(arguments, "--data-volumes-unmounted");
  }
  return {};
}

Status parse_prime(const BackupArguments& arguments, BackupOptions& options) {
  if (arguments.keep_prime && !arguments.prime) {
    return fail(ErrorKind::usage, "--keep-prime keeps what --prime takes",
                "give --prime, too, or leave it out");
  }
  if (arguments.prime && !arguments.keep_prime && arguments.no_wait) {
    return fail(ErrorKind::usage,
                "--prime removes its first set when the backup is complete, and --no-wait does not "
                "see that",
                "give --keep-prime, too, or leave out --no-wait");
  }
  options.prime = arguments.prime;
  options.keep_prime = arguments.keep_prime;
  return {};
}

Result<std::size_t> parse_count(std::string_view option, const std::string& text) {
  const auto count = whole_number<std::size_t>(text);
  if (!count || *count == 0) {
    return fail(ErrorKind::usage,
                fmt::format("{} {} is not a number of servers", option, in_quotes(text)),
                "give a whole number from 1 up");
  }
  return *count;
}

Result<FleetRules> parse_rules(const BackupArguments& arguments) {
  FleetRules rules;
  if (arguments.max_down) {
    auto share = parse_share(*arguments.max_down);
    if (!share) {
      return fail(within("--max-down", std::move(share).error()));
    }
    rules.max_down = *share;
  }
  if (arguments.max_down_per_group) {
    if (!arguments.group_by) {
      return fail(ErrorKind::usage, "--max-down-per-group is for groups",
                  "say by --group-by TAG what makes a group");
    }
    TRY(rules.max_down_per_group,
        parse_count("--max-down-per-group", *arguments.max_down_per_group));
  }
  if (arguments.stop_on_failure) {
    TRY(rules.stop_on_failure, parse_count("--stop-on-failure", *arguments.stop_on_failure));
  }
  rules.group_by = arguments.group_by;
  rules.order_by = arguments.order_by;
  return rules;
}

Result<std::vector<FindingCode>> parse_accepted(const std::vector<std::string>& texts) {
  std::vector<FindingCode> codes;
  for (const auto& text : texts) {
    const auto code = parse_finding_code(text);
    if (!code) {
      return fail(ErrorKind::usage, fmt::format("--accept {} is no finding", in_quotes(text)),
                  fmt::format("it takes {}", join(acceptable_findings(), ", ")));
    }
    if (!kind_of(*code).can_be_accepted) {
      return fail(ErrorKind::usage, fmt::format("--accept {} is not possible", text),
                  kind_of(*code).severity == Severity::refuse ? std::string(kind_of(*code).remedy)
                                                              : "it refuses nothing");
    }
    codes.push_back(*code);
  }
  return codes;
}

}  // namespace

Result<std::string> parse_guard_role(std::string_view option, const std::string& text) {
  if (!is_role_arn(text)) {
    return fail(ErrorKind::usage,
                fmt::format("{} {} is not the ARN of a role", option, in_quotes(text)),
                "such as arn:aws:iam::123456789012:role/pitstop-guard; pitstop guard template "
                "prints what makes one");
  }
  return text;
}

Result<BackupRequest> parse_request(const BackupArguments& arguments,
                                    const Environment& environment) {
  BackupRequest request;
  TRY(request.selection, parse_selection(arguments));
  TRY_STATUS(parse_outage(arguments, environment, request.options));
  TRY_STATUS(parse_approach(arguments, request.options));
  TRY_STATUS(parse_prime(arguments, request.options));
  TRY(request.options.method, parse_method(arguments.method));
  TRY(request.options.exclude_volumes, parse_volume_ids(arguments.exclude_volumes));
  TRY(request.options.set_tags, parse_tags_to_set(arguments.set_tags));
  TRY(request.rules, parse_rules(arguments));
  if (arguments.on_down) {
    TRY(request.on_down, parse_on_down(*arguments.on_down, environment));
  }
  TRY(request.options.accepted, parse_accepted(arguments.accepted));
  request.options.wait_pending = arguments.wait_pending;
  request.options.standby = arguments.standby;
  request.options.drain = arguments.drain;
  request.options.wait = !arguments.no_wait;
  request.dry_run = arguments.dry_run;
  request.confirmed = arguments.yes;
  return request;
}

namespace {

Status check_exclusions(const BackupOptions& options, const SelectedServers& selected) {
  if (!selected.silent_sites.empty()) {
    return {};  // they may be there
  }
  for (const auto& excluded : options.exclude_volumes) {
    const bool attached = std::ranges::any_of(selected.servers, [&](const SelectedServer& server) {
      return contains(server.instance.volumes, excluded, &ec2::AttachedVolume::volume);
    });
    if (!attached) {
      return fail(
          ErrorKind::usage,
          fmt::format("--exclude-volume {}: no selected server has this volume", excluded.str()),
          "check the id; only attached volumes can be left out");
    }
  }
  return {};
}

}  // namespace

Task<Result<SelectedServers>> select_for(std::vector<ec2::Caller*> sites, BackupRequest request) {
  CO_TRY(auto selected, co_await select_servers(sites, std::move(request.selection)));
  auto& servers = selected.servers;
  CO_TRY_STATUS(check_exclusions(request.options, selected));
  CO_TRY_STATUS(check_rules(servers, request.rules));
  if (request.options.detached_volumes.empty()) {
    co_return selected;
  }
  if (servers.size() > 1) {
    co_return fail(
        ErrorKind::usage,
        fmt::format("--detached-volume belongs to one server, and {} are selected", servers.size()),
        "name that server alone");
  }
  auto& server = servers.front();
  CO_TRY_STATUS(co_await add_volumes(*sites[server.site],
                                     std::move(request.options.detached_volumes), server));
  co_return selected;
}

}  // namespace pitstop
