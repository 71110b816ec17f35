#include "sim/ec2sim/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <sstream>

#include "base/nearest.hpp"
#include "base/text.hpp"

namespace pitstop::sim {
namespace {

/// The command line as typed.
struct Arguments {
  std::string listen = "127.0.0.1:4599";
  std::string seed;
  std::string time_scale = "1";
  std::string scenario;
  std::string signer;
  std::string patience = "60s";
};

constexpr auto see_help = "see ec2sim --help";

void declare(CLI::App& app, Arguments& arguments) {
  constexpr std::size_t column = 36;
  app.get_formatter()->column_width(column);
  app.set_help_flag("-h,--help", "Show this help");
  const auto add = [&app](const char* name, const char* value, std::string& text,
                          const char* description) {
    app.add_option(name, text, description)->type_name(value);
  };
  add("--listen", "ADDRESS:PORT", arguments.listen,
      "Where to listen; port 0 takes a free one (default: 127.0.0.1:4599)");
  add("--scenario", "FILE.toml", arguments.scenario,
      "What there is in the beginning and what goes wrong (default: nothing)");
  add("--seed", "N", arguments.seed,
      "Decides everything that chance decides (default: the scenario's)");
  add("--time-scale", "K", arguments.time_scale,
      "How many times as fast as here time passes there, 0.1 to 100000 (default: 1)");
  add("--verify-signatures", "KEY:SECRET", arguments.signer,
      "Let in only requests that are signed with this key (default: all)");
  add("--patience", "DURATION", arguments.patience,
      "How long a client may be silent, or take for a request (default: 60s)");
  app.footer(
      "Examples:\n"
      "  ec2sim --scenario sim/scenarios/demo.toml --time-scale 60\n"
      "  aws --endpoint-url http://127.0.0.1:4599 ec2 describe-instances\n"
      "  curl http://127.0.0.1:4599/_sim/truth\n"
      "\n"
      "doc/ec2sim.md tells how scenarios are written, and what /_sim/state, /_sim/truth and\n"
      "/_sim/reset are.\n"
      "\n"
      "Exit status: 0 after SIGINT or SIGTERM, 1 if it cannot listen, 2 wrong usage");
}

/// A whole text as a number.
template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc{} && read.ptr == end ? std::optional(value) : std::nullopt;
}

std::unexpected<Error> wrong(std::string_view option, std::string_view what,
                             std::string_view text) {
  return fail(ErrorKind::usage,
              fmt::format("{}: expected {}, but got {}", option, what, in_quotes(text)), see_help);
}

Status read_listen(std::string_view text, Options& options) {
  const auto colon = text.rfind(':');
  const auto port = colon == std::string_view::npos ? std::nullopt
                                                    : number<std::uint16_t>(text.substr(colon + 1));
  auto address = text.substr(0, std::min(colon, text.size()));
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);  // [::1]:4599
  }
  if (!port || address.empty()) {
    return wrong("--listen", "an address and a port, such as 127.0.0.1:4599", text);
  }
  options.address = address == "localhost" ? "127.0.0.1" : address;
  options.port = *port;
  return {};
}

Status read_signer(std::string_view text, Options& options) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) {
    // What was typed may be a secret: it is not shown.
    return fail(ErrorKind::usage, "--verify-signatures: expected KEY:SECRET", see_help);
  }
  options.signer =
      AccessKey{std::string(text.substr(0, colon)), Secret(std::string(text.substr(colon + 1)))};
  return {};
}

Status read_time_scale(std::string_view text, Options& options) {
  constexpr double least = 0.1;
  constexpr double most = 100'000;
  const auto scale = number<double>(text);
  if (!scale || !(*scale >= least && *scale <= most)) {
    return wrong("--time-scale", "a number from 0.1 to 100000", text);
  }
  options.time_scale = *scale;
  return {};
}

Status read_seed(std::string_view text, Options& options) {
  options.seed = number<std::uint64_t>(text);
  return options.seed ? Status() : wrong("--seed", "a whole number", text);
}

Status read_patience(std::string_view text, Options& options) {
  const auto patience = parse_duration(text);
  if (!patience || *patience == Duration::zero()) {
    return wrong("--patience", "a duration, such as 60s", text);
  }
  options.patience = *patience;
  return {};
}

Result<Options> understood(const CLI::App& app, const Arguments& arguments) {
  Options options;
  TRY_STATUS(read_listen(arguments.listen, options));
  TRY_STATUS(read_time_scale(arguments.time_scale, options));
  TRY_STATUS(read_patience(arguments.patience, options));
  if (app.count("--seed") > 0) {
    TRY_STATUS(read_seed(arguments.seed, options));
  }
  if (app.count("--scenario") > 0) {
    options.scenario = arguments.scenario;
  }
  if (app.count("--verify-signatures") > 0) {
    TRY_STATUS(read_signer(arguments.signer, options));
  }
  return options;
}

Error unknown(const std::string& argument, const CLI::App& app) {
  if (!argument.starts_with('-')) {
    return {ErrorKind::usage, fmt::format("unknown argument {}", in_quotes(argument)),
            fmt::format("a scenario comes after --scenario; {}", see_help), ""};
  }
  std::vector<std::string> known;
  for (const auto* option : app.get_options()) {
    known.push_back("--" + option->get_lnames().front());
  }
  const auto name = argument.substr(0, argument.find('='));
  return {ErrorKind::usage, fmt::format("unknown option {}", in_quotes(name)),
          did_you_mean(name, known), ""};
}

/// What CLI11 threw, in the words of the house.
Error usage_error(const CLI::ParseError& thrown, const CLI::App& app) {
  const std::string text = thrown.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&thrown) != nullptr) {
    const auto option = text.substr(0, text.find_first_of(": "));
    const bool twice = text.find("At Most") != std::string::npos;
    return {ErrorKind::usage,
            fmt::format("{} {}", option, twice ? "is given more than once" : "needs a value"),
            see_help, ""};
  }
  const auto rest = app.remaining();
  return rest.empty() ? Error{ErrorKind::usage, printable(text), see_help, ""}
                      : unknown(rest.front(), app);
}

}  // namespace

Result<std::variant<Options, Information>> parse_options(std::vector<std::string> arguments) {
  CLI::App app{
      "An EC2 that lives in memory: speaks EC2's Query API to any client, and takes the time that "
      "EC2 takes.",
      "ec2sim"};
  Arguments typed;
  declare(app, typed);
  std::ranges::reverse(arguments);  // as CLI11 wants them
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::Success&) {
    return app.help();
  } catch (const CLI::ParseError& mistake) {
    return fail(usage_error(mistake, app));
  }
  TRY(auto options, understood(app, typed));
  return options;
}

}  // namespace pitstop::sim
