#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"

namespace pitstop {

/// A clock whose time of day is that of AWS, as far as AWS's answers have told it: that of this
/// host may be wrong, and may step at any moment. The other time line is the host's, and by that
/// one the time since the last answer is measured.
///
/// A difference of less than a minute is left alone; AWS takes signatures that are five minutes
/// off.
class AwsTime final : public Clock {
 public:
  explicit AwsTime(Clock& host) : host_(host) {}

  Instant now() const override { return host_.now(); }
  WallTime wall() const override { return host_.wall() + correction_by(last_); }
  Task<void> sleep_until(Instant when) override { return host_.sleep_until(when); }

  /// The host's own time of day.
  WallTime host_wall() const { return host_.wall(); }

  /// An answer of this server has just come in, and says that it was written at `date`.
  void learn(const std::string& server, WallTime date);

  /// What is added to the host's time of day now to have that of this server; of one that has not
  /// told it yet, that of the one that was heard last.
  Milliseconds correction(const std::string& server) const;

  /// How far the host's clock is ahead (negative: behind), by the last answer; nothing if that is
  /// less than a minute.
  std::optional<Duration> difference() const;

 private:
  /// What time it was somewhere when an answer came in.
  struct Told {
    WallTime date;
    Instant at;
  };

  Milliseconds correction_by(const std::optional<Told>& told) const;

  Clock& host_;
  std::map<std::string, Told> told_by_;
  std::optional<Told> last_;
  Milliseconds reported_ = Milliseconds(0);  ///< the difference that the log has last told
};

/// Differences of less than that are left alone.
inline constexpr Milliseconds tolerated_difference = std::chrono::minutes(1);

/// "12m 00s ahead of AWS's"
std::string as_difference(Duration ahead);

}  // namespace pitstop
