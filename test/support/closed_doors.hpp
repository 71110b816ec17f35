#pragma once

#include "aws/credential_doors.hpp"

namespace pitstop::test {

/// For identities that have their credentials in the environment or in a file: it is a failure of
/// the test if the network or a program is asked for them. The time is that of a virtual clock that
/// stands still.
const CredentialDoors& closed_doors();

}  // namespace pitstop::test
