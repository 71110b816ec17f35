#include "backup/lasting_credentials.hpp"

#include <fmt/format.h>

namespace pitstop {

Task<std::optional<Finding>> look_at_credentials(Identity* identity, const BackupOptions& options) {
  if (identity == nullptr) {
    co_return std::nullopt;
  }
  const auto needed = longest_outage(options);
  const auto lifetime = co_await identity->outlive(needed);
  if (!lifetime) {
    co_return found(FindingCode::no_answer,
                    fmt::format("the credentials cannot be fetched: {}", lifetime.error().message),
                    lifetime.error().hint);
  }
  if (lifetime->end_is_unknown) {
    co_return found(FindingCode::credentials_end_unknown,
                    fmt::format("the credentials from {} have a session token, and so they end, "
                                "but nobody has told when",
                                lifetime->source),
                    "renew them there before they end: pitstop reads them anew when AWS refuses "
                    "them; with --guard-role AWS starts the server without them");
  }
  const auto now = identity->time();
  if (!lifetime->expires || *lifetime->expires >= now + std::chrono::ceil<Milliseconds>(needed)) {
    co_return std::nullopt;
  }
  co_return found(FindingCode::credentials_expire,
                  fmt::format("the credentials end in {}, and the longest outage takes {}",
                              human(*lifetime->expires - now), human(needed)),
                  "use longer ones (duration_seconds of a role), or shorten --max-downtime; with "
                  "--guard-role AWS starts the server without them: then --accept "
                  "credentials-expire");
}

}  // namespace pitstop
