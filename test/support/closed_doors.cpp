#include "support/closed_doors.hpp"

#include <gtest/gtest.h>

#include "sim/virtual_time.hpp"

namespace pitstop::test {
namespace {

class ClosedHttp final : public Http {
 public:
  Task<Result<HttpResponse>> send(HttpRequest request) override {
    ADD_FAILURE() << "the network is asked for credentials: " << request.url;
    co_return fail(ErrorKind::refused, "this door is closed");
  }
};

Task<Result<ProgramEnd>> run_nothing(Program program) {
  ADD_FAILURE() << "a program is asked for credentials: " << program.command.front();
  co_return fail(ErrorKind::refused, "this door is closed");
}

}  // namespace

const CredentialDoors& closed_doors() {
  static ClosedHttp http;
  static VirtualTime clock;
  static SeededRandom random(1);
  static const CredentialDoors doors{http, clock, random, run_nothing};
  return doors;
}

}  // namespace pitstop::test
