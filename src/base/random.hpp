#pragma once

#include <cstdint>
#include <string>

namespace pitstop {

/// The door to chance. Nobody else draws a number.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;

  /// Evenly from [0, 1).
  double unit();

  /// `digits` lower-case hexadecimal digits, at most 16.
  std::string hex(int digits);
};

/// A sequence that its seed decides (SplitMix64): the same on every machine and compiler.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override;

 private:
  std::uint64_t state_;
};

/// A seed from the operating system's own source of randomness.
std::uint64_t system_seed();

}  // namespace pitstop
