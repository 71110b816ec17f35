#pragma once

#include <memory>

#include "aws/credentials.hpp"
#include "aws/profile.hpp"
#include "base/run_program.hpp"

namespace pitstop {

/// The program that credential_process of a profile names: split into words as a shell does it, run
/// without one, for a minute at most. It writes a document of JSON (Version 1) to its standard
/// output. No message shows its arguments, which may be secrets.
std::unique_ptr<CredentialSource> credential_process(const Profile& profile, RunProgram run);

}  // namespace pitstop
