#include "aws/fresh_credentials.hpp"

#include <fmt/format.h>

#include "aws/credential_hints.hpp"
#include "base/log.hpp"

namespace pitstop {
namespace {

constexpr Duration renewal_begins = std::chrono::minutes(15);
constexpr Duration renewal_is_urgent = std::chrono::minutes(10);
constexpr Duration between_attempts = std::chrono::minutes(1);

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
  if (last_for(Duration::zero()) && wait_before_next_attempt() &&
      (last_for(renewal_is_urgent) || !attempting_)) {
    co_return *held_;
  }
  co_return co_await renew();
}

Task<Result<std::optional<WallTime>>> FreshCredentials::outlive(Duration needed) {
  const bool nothing_new = last_for(Duration::zero()) && wait_before_next_attempt() && !attempting_;
  if (last_for(needed) || nothing_new) {
    co_return held_->expires;
  }
  auto renewed = co_await renew();
  if (!renewed) {
    co_return fail(std::move(renewed).error());
  }
  co_return renewed->expires;
}

bool FreshCredentials::last_for(Duration time) const {
  return held_ && (!held_->expires || *held_->expires > clock_.wall() + time);
}

bool FreshCredentials::wait_before_next_attempt() const {
  return attempted_ && clock_.now() < *attempted_ + between_attempts;
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
  failure_ = found ? none_found() : as_error_of_credentials(std::move(found).error());
  if (last_for(Duration::zero())) {
    log::warning("AWS credentials are not renewed: {}; those at hand last until {}",
                 failure_->message, rfc3339(*held_->expires));
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
