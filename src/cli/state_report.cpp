#include "cli/state_report.hpp"

#include "report/wording.hpp"

namespace pitstop {

StateReport::StateReport(std::unique_ptr<BackupReport> next, const Surroundings& surroundings)
    : next_(std::move(next)),
      clock_(surroundings.clock),
      describers_(surroundings.describers),
      place_(describers_->insert(describers_->end(), [this] { return describe(); })) {}

StateReport::~StateReport() {
  describers_->erase(place_);
}

void StateReport::begun(const std::vector<ec2::Instance>& servers) {
  for (const auto& server : servers) {
    board_.add(server.id, title_of(server));
  }
  next_->begun(servers);
}

void StateReport::saw(const Event& event) {
  board_.saw(event, clock_.now());
  next_->saw(event);
}

void StateReport::saw_progress(const InstanceId& instance,
                               const std::vector<SnapshotOutcome>& snapshots) {
  board_.saw_progress(instance, snapshots);
  next_->saw_progress(instance, snapshots);
}

std::string StateReport::describe() const {
  constexpr BoardSize wide_and_long{200, 1000};
  std::string text;
  for (const auto& line : board_.render(clock_.now(), wide_and_long)) {
    text += line.text + '\n';
  }
  return text;
}

}  // namespace pitstop
