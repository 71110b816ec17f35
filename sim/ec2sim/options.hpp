#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/front/signature.hpp"

namespace pitstop::sim {

/// What the command line says.
struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 4599;  ///< 0: any that is free
  std::optional<std::uint64_t> seed;
  double time_scale = 1;
  std::optional<std::filesystem::path> scenario;
  std::optional<AccessKey> signer;
  /// How long a client may take for a request, or keep a connection without one.
  Duration patience = Seconds(60);
};

/// Help or version: text to print and be done.
using Information = std::string;

/// Reads the arguments that follow the program's name.
Result<std::variant<Options, Information>> parse_options(std::vector<std::string> arguments);

}  // namespace pitstop::sim
