#include "restore/planned_machine.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "ec2/instance_types.hpp"

namespace pitstop {
namespace {

class PlanningMachine {
 public:
  PlanningMachine(NewServerPlan& plan, const CapturedServer& was, const NewServerWishes& wishes,
                  const Original& original)
      : plan_(plan), was_(was), wishes_(wishes), original_(original) {}

  void run() {
    const auto& machine = was_.instance;
    auto& launch = plan_.launch;
    const bool same_type = wishes_.type.empty() || wishes_.type == machine.type;
    launch.type = same_type ? machine.type : wishes_.type;
    launch.ebs_optimized = same_type && machine.ebs_optimized;
    choose_processors(same_type);
    if (!machine.lifecycle.empty()) {
      loses(fmt::format("it was a {} instance, and will be an ordinary one", machine.lifecycle));
    }
    if (!machine.managed_by.empty()) {
      loses(fmt::format("that {} runs it: it will be the account's own",
                        printable(machine.managed_by)));
    }
  }

 private:
  void loses(std::string text) { plan_.losses.push_back(std::move(text)); }

  // Not every type takes cores and threads, so they are said only where they are not what is usual.
  void choose_processors(bool same_type) {
    const auto& machine = was_.instance;
    auto& launch = plan_.launch;
    const auto credits = was_.attributes.cpu_credits.value_or("");
    if (ec2::has_credits(launch.type)) {
      launch.cpu_credits = credits;
    }
    if (same_type) {
      launch.amd_sev_snp = machine.amd_sev_snp;
      launch.nested_virtualization = machine.nested_virtualization;
      launch.bandwidth_weighting = machine.bandwidth_weighting;
    } else {
      for (const auto& option :
           {machine.amd_sev_snp, machine.nested_virtualization, machine.bandwidth_weighting}) {
        if (!option.empty()) {
          loses(
              fmt::format("an option of its processors or network ({}), which depends on the "
                          "type",
                          printable(option)));
        }
      }
    }
    const bool usual = machine.cpu_cores == original_.usual_cores &&
                       machine.threads_per_core == original_.usual_threads_per_core;
    if (machine.cpu_cores == 0 || usual) {
      return;
    }
    if (same_type && original_.usual_cores > 0) {
      launch.cpu_cores = machine.cpu_cores;
      launch.threads_per_core = machine.threads_per_core;
      return;
    }
    loses(fmt::format(
        "{}its processors, {} cores with {} threads each, {}", same_type ? "note: " : "",
        machine.cpu_cores, machine.threads_per_core,
        same_type ? "if that is not what its type usually has" : "which were chosen for its type"));
  }

  NewServerPlan& plan_;
  const CapturedServer& was_;
  const NewServerWishes& wishes_;
  const Original& original_;
};

}  // namespace

void plan_machine(NewServerPlan& plan, const CapturedServer& was, const NewServerWishes& wishes,
                  const Original& original) {
  PlanningMachine planning(plan, was, wishes, original);
  planning.run();
}

void plan_licenses(NewServerPlan& plan, const CapturedServer& was, const BackupSet& set) {
  const auto& licenses = was.instance.licenses;
  if (set.copied_from && !licenses.empty()) {
    plan.losses.push_back(fmt::format("its license configurations ({})", join(licenses, ", ")));
    return;
  }
  plan.launch.licenses = licenses;
}

}  // namespace pitstop
