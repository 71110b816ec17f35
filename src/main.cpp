#include "cli/real_world.hpp"

int main(int count, char** arguments) {
  return pitstop::run_in_real_world({arguments + (count > 0 ? 1 : 0), arguments + count});
}
