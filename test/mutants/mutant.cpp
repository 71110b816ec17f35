#include "mutants/mutant.hpp"

#include <string>

namespace pitstop::test {
namespace {

std::string alive;

}  // namespace

bool mutant_is_alive(std::string_view name) {
  return !alive.empty() && alive == name;
}

void awake_mutant(std::string_view name) {
  alive = name;
}

}  // namespace pitstop::test
