#include "backup/lasting_credentials.hpp"

#include <fmt/format.h>

namespace pitstop {

Task<std::optional<Finding>> look_at_credentials(Identity* identity, const BackupOptions& options,
                                                 const Clock& clock) {
  if (identity == nullptr) {
    co_return std::nullopt;
  }
  const auto needed = longest_outage(options);
  const auto expiry = co_await identity->outlive(needed);
  if (!expiry) {
    co_return found(FindingCode::no_answer,
                    fmt::format("the credentials cannot be fetched: {}", expiry.error().message),
                    expiry.error().hint);
  }
  if (!*expiry || **expiry >= clock.wall() + std::chrono::ceil<Milliseconds>(needed)) {
    co_return std::nullopt;
  }
  co_return found(FindingCode::credentials_expire,
                  fmt::format("the credentials end in {}, and the longest outage takes {}",
                              human(**expiry - clock.wall()), human(needed)),
                  "use longer ones (duration_seconds of a role), or shorten --max-downtime; with "
                  "--guard-role AWS starts the server without them: then --accept "
                  "credentials-expire");
}

}  // namespace pitstop
