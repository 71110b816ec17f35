#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/run_program.hpp"
#include "http/http.hpp"

namespace pitstop {

/// What sources of credentials have from outside. The doors outlive the sources.
struct CredentialDoors {
  Http& http;
  Clock& clock;
  Random& random;
  RunProgram run_program;
};

}  // namespace pitstop
