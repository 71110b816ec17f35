#include "cli/restore_request.hpp"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <sstream>

#include "base/packing.hpp"
#include "base/text.hpp"
#include "cli/option_values.hpp"
#include "cli/server_selection.hpp"

namespace pitstop {
namespace {

constexpr std::size_t longest_user_data = 16 << 10;

Result<RestoreKind> read_kind(const RestoreArguments& arguments) {
  const int ways =
      (arguments.as_new ? 1 : 0) + (arguments.volumes_only ? 1 : 0) + (arguments.in_place ? 1 : 0);
  if (ways != 1) {
    return fail(ErrorKind::usage,
                ways == 0 ? "it is not said what is to be made of the backup"
                          : "--new, --in-place and --volumes-only are different ways",
                "--new makes a server, --in-place gives a server its volumes, --volumes-only makes "
                "volumes");
  }
  return arguments.as_new     ? RestoreKind::new_server
         : arguments.in_place ? RestoreKind::in_place
                              : RestoreKind::volumes;
}

Result<int> read_rate(const std::optional<std::string>& text) {
  if (!text) {
    return 0;
  }
  int rate = 0;
  const auto* end = text->data() + text->size();
  const auto [rest, status] = std::from_chars(text->data(), end, rate);
  constexpr int slowest = 100;
  constexpr int fastest = 300;
  if (status != std::errc() || rest != end || rate < slowest || rate > fastest) {
    return fail(ErrorKind::usage, fmt::format("--initialize-rate {} is no rate", in_quotes(*text)),
                "EC2 takes 100 to 300 MiB/s");
  }
  return rate;
}

/// EC2 does the one where both are asked for.
Status check_filling(const RestoreArguments& arguments) {
  if (arguments.fast_snapshot_restore && arguments.initialize_rate) {
    return fail(ErrorKind::usage,
                "--fast-snapshot-restore and --initialize-rate are two ways to fill the volumes",
                "give one of them: the first fills them before they are made, and takes 60 minutes "
                "a TiB; the second begins when they are made");
  }
  return {};
}

Result<std::string> read_user_data(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!(text << file.rdbuf())) {
    return fail(ErrorKind::usage, fmt::format("--user-data: {} cannot be read", in_quotes(path)));
  }
  if (text.view().size() > longest_user_data) {
    return fail(ErrorKind::usage,
                fmt::format("--user-data: {} has {} bytes", in_quotes(path), text.view().size()),
                fmt::format("EC2 takes {} at most", longest_user_data));
  }
  return base64(text.view());
}

Result<NewServerWishes> read_wishes(const RestoreArguments& arguments) {
  NewServerWishes wishes{.type = arguments.type,
                         .subnet = arguments.subnet,
                         .zone = arguments.zone,
                         .security_groups = arguments.security_groups,
                         .key_name = arguments.key_name,
                         .instance_profile_arn = arguments.instance_profile,
                         .private_ip = arguments.private_ip,
                         .user_data = {},
                         .name = arguments.name,
                         .set_tags = {},
                         .keep_private_ip = arguments.keep_private_ip,
                         .move_elastic_ip = arguments.move_elastic_ip,
                         .adopt = arguments.adopt};
  if (wishes.keep_private_ip && !wishes.private_ip.empty()) {
    return fail(ErrorKind::usage, "--keep-private-ip and --private-ip are two addresses",
                "give one of them");
  }
  if (!wishes.subnet.empty() && !wishes.zone.empty()) {
    return fail(ErrorKind::usage, "--subnet and --zone are two places",
                "give one of them: a subnet is in a zone");
  }
  for (const auto& text : arguments.set_tags) {
    TRY(auto tag, parse_tag("--set-tag", text));
    wishes.set_tags.push_back(std::move(tag));
  }
  if (arguments.user_data) {
    TRY(wishes.user_data, read_user_data(*arguments.user_data));
  }
  return wishes;
}

Status check_volume_options(const RestoreArguments& arguments, RestoreKind kind) {
  const bool has_some = arguments.attach_to || arguments.incomplete;
  if (kind != RestoreKind::volumes && has_some) {
    return fail(ErrorKind::usage, "--attach-to and --incomplete are for --volumes-only");
  }
  if (kind != RestoreKind::new_server && arguments.adopt) {
    return fail(ErrorKind::usage, "--adopt is for --new",
                "policies pass over a new server only; the volumes of others are part of them");
  }
  if (arguments.attach_to && !arguments.zone.empty()) {
    return fail(ErrorKind::usage, "--attach-to and --zone are two places",
                "volumes that are attached are in the zone of their server");
  }
  return {};
}

}  // namespace

Result<RestoreRequest> parse_restore(const RestoreArguments& arguments) {
  TRY(auto backup, parse_backup_id(arguments.backup));
  RestoreRequest request{.backup = std::move(backup)};
  TRY(request.kind, read_kind(arguments));
  request.dry_run = arguments.dry_run;
  request.confirmed = arguments.exchange.outage.yes;
  TRY_STATUS(check_volume_options(arguments, request.kind));
  TRY_STATUS(check_filling(arguments));
  request.fast_restore = arguments.fast_snapshot_restore;
  TRY(const int rate, read_rate(arguments.initialize_rate));
  TRY(request.server, read_wishes(arguments));
  request.server.initialization_rate = rate;
  request.options = {.wait = !arguments.no_wait, .keep_image = arguments.keep_image};
  request.volumes.zone = arguments.zone;
  request.volumes.incomplete = arguments.incomplete;
  request.volumes.initialization_rate = rate;
  request.volumes.fast_restore = request.fast_restore;
  request.in_place = {.safety_backup = !arguments.exchange.no_safety_backup,
                      .drops_old = arguments.exchange.drop_old,
                      .initialization_rate = rate,
                      .fast_restore = request.fast_restore};
  if (arguments.in_place) {
    TRY(request.attach_to, parse_instance_id(*arguments.in_place));
  }
  if (arguments.attach_to) {
    TRY(request.attach_to, parse_instance_id(*arguments.attach_to));
  }
  return request;
}

}  // namespace pitstop
