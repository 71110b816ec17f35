#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pitstop {

/// The text made smaller (zlib format, which carries a checksum).
std::string deflated(std::string_view text);

/// The text again; nothing if the bytes are cut, altered, or would become longer than `most`.
std::optional<std::string> inflated(std::string_view bytes,
                                    std::size_t most = std::size_t{1} << 20);

/// Base64 with the standard alphabet and padding.
std::string base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

/// SHA-256 in 64 lowercase hexadecimal digits.
std::string sha256_in_hexadecimal(std::string_view text);

}  // namespace pitstop
