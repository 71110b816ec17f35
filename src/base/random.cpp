#include "base/random.hpp"

#include <random>

#include "base/check.hpp"

namespace pitstop {

double Random::unit() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

std::string Random::hex(int digits) {
  CHECK(digits > 0 && digits <= 16);
  std::string text(static_cast<std::size_t>(digits), '0');
  auto rest = next();
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit) {
    *digit = "0123456789abcdef"[rest % 16];
    rest /= 16;
  }
  return text;
}

std::uint64_t SeededRandom::next() {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

std::uint64_t system_seed() {
  std::random_device device;
  const std::uint64_t high = device();
  const std::uint64_t low = device();
  return (high << 32) | low;
}

}  // namespace pitstop
