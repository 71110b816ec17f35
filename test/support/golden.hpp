#pragma once

#include <string>
#include <string_view>

namespace pitstop::test {

/// Expects `text` to be what the file holds, a path below test/ such as "cli/golden/help.txt". With
/// PITSTOP_UPDATE_GOLDEN=1 in the environment it writes the file instead; look at the difference
/// before you keep it.
void expect_golden(std::string_view file, const std::string& text);

}  // namespace pitstop::test
