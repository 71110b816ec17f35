#include "base/packing.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace pitstop {

std::string deflated(std::string_view text) {
  auto size = compressBound(text.size());
  std::string bytes(size, '\0');
  const int ended =
      compress2(reinterpret_cast<Bytef*>(bytes.data()), &size,
                reinterpret_cast<const Bytef*>(text.data()), text.size(), Z_BEST_COMPRESSION);
  CHECK(ended == Z_OK);
  bytes.resize(size);
  return bytes;
}

std::optional<std::string> inflated(std::string_view bytes, std::size_t most) {
  // How long it becomes is not written anywhere: what is usual first, then twice as much.
  for (std::size_t room = std::min(most, std::size_t{1} << 12);; room = std::min(most, 2 * room)) {
    std::string text(room, '\0');
    uLongf size = room;
    uLong taken = bytes.size();
    const int ended = uncompress2(reinterpret_cast<Bytef*>(text.data()), &size,
                                  reinterpret_cast<const Bytef*>(bytes.data()), &taken);
    if (ended == Z_BUF_ERROR && room < most) {
      continue;
    }
    if (ended != Z_OK || taken != bytes.size()) {
      return std::nullopt;
    }
    text.resize(size);
    return text;
  }
}

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  std::string bytes(text.size() / 4 * 3 + 1, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) {
    return std::nullopt;
  }
  // OpenSSL counts the padding as bytes.
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(std::max(static_cast<std::size_t>(size), padding) - padding);
  // It also takes white space, and padding where none belongs.
  return base64(bytes) == text ? std::optional(std::move(bytes)) : std::nullopt;
}

std::string sha256_in_hexadecimal(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  std::string digits;
  for (unsigned int i = 0; i < size; ++i) {
    digits += fmt::format("{:02x}", digest.at(i));
  }
  return digits;
}

}  // namespace pitstop
