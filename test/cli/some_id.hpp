#pragma once

namespace pitstop::test {

/// The server that the tests of commands name.
inline constexpr auto some_id = "i-0123456789abcdef0";

}  // namespace pitstop::test
