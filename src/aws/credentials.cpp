#include "aws/credentials.hpp"

#include <algorithm>

namespace pitstop {

bool Credentials::operator==(const Credentials& other) const {
  return access_key_id == other.access_key_id &&
         secret_access_key.reveal() == other.secret_access_key.reveal() &&
         session_token.reveal() == other.session_token.reveal();
}

bool fits_into_header(std::string_view value) {
  return std::ranges::all_of(value, [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace pitstop
