#include "aws/fresh_credentials.hpp"

#include <fmt/format.h>

#include "aws/credential_hints.hpp"
#include "base/log.hpp"

namespace pitstop {
namespace {

constexpr Duration renewal_begins = std::chrono::minutes(15);
constexpr Duration renewal_is_urgent = std::chrono::minutes(10);
constexpr Duration between_attempts = std::chrono::minutes(1);
/// Where there are no valid ones.
constexpr Duration between_hurried_attempts = Seconds(5);

Error none_found() {
  return {ErrorKind::forbidden,
          "no AWS credentials found",
          "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile that has credentials, "
          "or run where there is a role; --log-level debug tells what was asked",
          {}};
}

Error as_error_of_credentials(Error error) {
  if (error.kind == ErrorKind::unknown_fate || error.kind == ErrorKind::deadline) {
    error.kind = ErrorKind::transient;
  }
  return error;
}

}  // namespace

Task<Result<Credentials>> FreshCredentials::get() {
  if (last_for(renewal_begins)) {
    co_return *held_;
  }
  const bool valid = last_for(Duration::zero());
  if (valid && attempted_within(between_attempts) &&
      (last_for(renewal_is_urgent) || !attempting_)) {
    co_return *held_;
  }
  if (!valid && attempts_ > 0 && !attempting_ && attempted_within(between_hurried_attempts)) {
    co_return outcome();
  }
  co_return co_await renew();
}

Task<Result<Lifetime>> FreshCredentials::outlive(Duration needed) {
  const bool nothing_new =
      last_for(Duration::zero()) && attempted_within(between_attempts) && !attempting_;
  const bool long_enough = last_for(needed) && !lifetime().end_is_unknown;
  if (!long_enough && !nothing_new) {
    const auto renewed = co_await renew();
    if (!renewed) {
      co_return fail(renewed.error());
    }
  }
  co_return lifetime();
}

Task<std::optional<Credentials>> FreshCredentials::instead_of(Credentials refused) {
  const bool are_known = last_for(Duration::zero()) && *held_ != refused;
  if (!are_known && !attempting_ && attempted_within(between_hurried_attempts)) {
    co_return std::nullopt;
  }
  if (!are_known) {
    log::debug("AWS refuses the credentials from {}; they are read anew", source_->name());
    (void)co_await renew();
  }
  const bool are_others = last_for(Duration::zero()) && *held_ != refused;
  co_return are_others ? held_ : std::nullopt;
}

Lifetime FreshCredentials::lifetime() const {
  return {.expires = held_->expires,
          .end_is_unknown = !held_->expires && !held_->session_token.empty(),
          .source = std::string(source_->name())};
}

bool FreshCredentials::last_for(Duration time) const {
  return held_ && (!held_->expires || *held_->expires > clock_.wall() + time);
}

bool FreshCredentials::attempted_within(Duration time) const {
  return attempted_ && clock_.now() < *attempted_ + time;
}

Task<Result<Credentials>> FreshCredentials::renew() {
  const int seen = attempts_;
  const auto turn = co_await turn_.acquire();
  if (attempts_ == seen) {
    attempting_ = true;
    attempted_ = clock_.now();
    co_await attempt();
    attempting_ = false;
    ++attempts_;
  }
  co_return outcome();
}

Task<void> FreshCredentials::attempt() {
  auto found = co_await source_->load();
  if (found && *found) {
    held_ = **std::move(found);
    failure_.reset();
    log::debug("AWS credentials come from {}{}", source_->name(),
               held_->expires ? fmt::format(", until {}", rfc3339(*held_->expires)) : "");
    co_return;
  }
  auto failure = found ? none_found() : as_error_of_credentials(std::move(found).error());
  const bool is_news = !failure_ || failure_->message != failure.message;
  failure_ = std::move(failure);
  if (last_for(Duration::zero()) && is_news) {
    const auto until = held_->expires ? " last until " + rfc3339(*held_->expires) : " are kept";
    log::warning("AWS credentials are not renewed: {}; those at hand{}", failure_->message, until);
  }
}

Result<Credentials> FreshCredentials::outcome() const {
  if (last_for(Duration::zero())) {
    return *held_;
  }
  if (failure_) {
    return fail(*failure_);
  }
  return fail(ErrorKind::forbidden,
              fmt::format("AWS credentials from {} have expired at {}", source_->name(),
                          rfc3339(*held_->expires)),
              std::string(expired_credentials_hint));
}

}  // namespace pitstop
