#include "aws/scheduler_errors.hpp"

#include <array>

namespace pitstop {
namespace {

constexpr std::string_view creating = "CreateSchedule";

// EventBridge Scheduler API Reference, the errors of each action.
constexpr std::array codes = std::to_array<ErrorMeaning>({
    {"ConflictException", ErrorKind::held},
    {"ResourceNotFoundException", ErrorKind::not_found},
    {"ServiceQuotaExceededException", ErrorKind::refused,
     "delete schedules, or ask AWS for a higher quota"},
});

void refine(std::string_view action, const AnsweredError& answered, Error& error) {
  if (error.kind == ErrorKind::held && action != creating) {
    // Somebody changes the same schedule at this moment.
    error.kind = ErrorKind::transient;
  }
  if (answered.code == "AccessDeniedException" && action == creating) {
    error.hint =
        "allow scheduler:CreateSchedule, and iam:PassRole on the guard's role, in the IAM policy "
        "of these credentials";
  }
  if (answered.code == "ValidationException" && answered.message.contains("assume the role")) {
    error.hint = "the role must trust scheduler.amazonaws.com: see pitstop guard template";
  }
}

}  // namespace

const ServiceApi scheduler_api{.name = "scheduler",
                               .title = "EventBridge Scheduler",
                               .codes = codes,
                               .read_error = read_json_error,
                               .can_be_an_answer = is_json_answer,
                               .refine = refine};

}  // namespace pitstop
