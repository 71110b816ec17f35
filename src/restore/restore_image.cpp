#include "restore/restore_image.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "ec2/images.hpp"

namespace pitstop {
namespace {

constexpr Duration between_looks_at_image_of_restore = Seconds(2);
constexpr Duration longest_registration = std::chrono::minutes(15);
/// How long an image may be missing from lists.
constexpr Duration registered_image_visible_after = Seconds(30);
/// The same where EC2 has said that it does not make it.
constexpr Duration refused_image_visible_after = Seconds(6);

std::string billing_text(const Billing& billing) {
  auto text = fmt::format("{} ({})", billing.platform_details, billing.usage_operation);
  if (!billing.product_codes.empty()) {
    text += fmt::format(", product codes {}", join(billing.product_codes, " "));
  }
  return printable(text);
}

Billing billing_of(const ec2::Image& image) {
  return {image.platform_details, image.usage_operation, image.product_codes};
}

class Imaging {
 public:
  Imaging(RestoreTools tools, NewServerPlan plan) : tools_(tools), plan_(std::move(plan)) {}

  Task<Result<ImageId>> run() {
    if (plan_.image) {
      CO_TRY_STATUS(co_await await_image(*plan_.image));
      co_return *plan_.image;
    }
    CO_TRY(const auto image, co_await register_or_find());
    auto status = co_await await_image(image);
    if (!status) {
      // It is of no use to anybody, and snapshots that an image stands on cannot be deleted.
      co_await ec2::deregister_image(tools_.ec2, image);
      co_return fail(status.error());
    }
    co_return image;
  }

 private:
  /// Its name is of this restore alone: an image that has it already was registered by a request
  /// whose answer was lost.
  Task<Result<ImageId>> register_or_find() {
    auto registration = *plan_.registration;
    auto made = co_await ec2::register_image(tools_.ec2, std::move(registration));
    if (!made) {
      CO_TRY(const auto found, co_await look_for_it(made.error()));
      if (found) {
        made = *found;
      }
    }
    if (made) {
      tools_.report(plan_.instance, Step::image_registered, made->str());
    }
    co_return made;
  }

  /// Whatever the error says: there is no second one of its name, so it is there, or was never
  /// made.
  Task<Result<std::optional<ImageId>>> look_for_it(Error error) {
    const bool is_clear =
        error.kind != ErrorKind::unknown_fate && error.code != ec2::image_name_is_taken;
    const Instant end = tools_.clock.now() +
                        (is_clear ? refused_image_visible_after : registered_image_visible_after);
    while (true) {
      CO_TRY(const auto found, co_await find_by_name());
      if (found || tools_.clock.now() >= end) {
        co_return found;
      }
      co_await tools_.clock.sleep(between_looks_at_image_of_restore);
    }
  }

  Task<Result<std::optional<ImageId>>> find_by_name() {
    std::vector<ec2::Filter> filters{{"name", {plan_.registration->name}}};
    CO_TRY(const auto images, co_await ec2::describe_images(tools_.ec2, {}, std::move(filters)));
    for (const auto& image : images) {
      auto wanted = snapshots_wanted();
      auto found = image.snapshots;
      std::ranges::sort(wanted);
      std::ranges::sort(found);
      if (image.state != "failed" && wanted == found) {
        co_return image.id;
      }
    }
    co_return std::nullopt;
  }

  std::vector<SnapshotId> snapshots_wanted() const {
    std::vector<SnapshotId> wanted;
    for (const auto& volume : plan_.registration->volumes) {
      wanted.push_back(volume.snapshot);
    }
    return wanted;
  }

  Task<Status> await_image(ImageId id) {
    const Instant begun = tools_.clock.now();
    while (true) {
      const std::vector<ImageId> ids{id};
      const auto images = co_await ec2::describe_images(tools_.ec2, ids, {});
      const bool missing = images ? images->empty() : images.error().kind == ErrorKind::not_found;
      if (!images && !missing) {
        co_return fail(images.error());
      }
      if (!missing && images->front().state == "available") {
        co_return check_billing(images->front());
      }
      if (!missing && images->front().state != "pending") {
        co_return fail(ErrorKind::refused,
                       fmt::format("the image {} is {}", id.str(), images->front().state));
      }
      const auto waited = tools_.clock.now() - begun;
      if (waited > (missing ? registered_image_visible_after : longest_registration)) {
        co_return fail(ErrorKind::deadline,
                       fmt::format("the image {} is not {} after {}", id.str(),
                                   missing ? "to be seen" : "available", human(waited)));
      }
      co_await tools_.clock.sleep(between_looks_at_image_of_restore);
    }
  }

  // A server that is billed as another one is not licensed, and may not start (API reference,
  // "RegisterImage"). A backup that was captured before EC2 told has nothing to compare with.
  Status check_billing(const ec2::Image& image) const {
    const auto billing = billing_of(image);
    const bool known = !plan_.billing.platform_details.empty();
    if (!known || billing == plan_.billing) {
      return {};
    }
    return fail(ErrorKind::refused,
                fmt::format("the image of its snapshots would be billed as {}, and the server was "
                            "{}",
                            billing_text(billing), billing_text(plan_.billing)),
                "give its volumes to a server that is licensed (--in-place, or --volumes-only "
                "--attach-to); the next backups can be images (--method image), which keep this");
  }

  RestoreTools tools_;
  NewServerPlan plan_;
};

}  // namespace

Task<Result<ImageId>> make_image(RestoreTools tools, NewServerPlan plan) {
  Imaging imaging(tools, std::move(plan));
  co_return co_await imaging.run();
}

}  // namespace pitstop
