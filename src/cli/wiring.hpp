#pragma once

#include <memory>

#include "aws/aws_time.hpp"
#include "aws/identity.hpp"
#include "aws/remote_commands.hpp"
#include "aws/scheduler.hpp"
#include "backup/fleet.hpp"
#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"
#include "ec2/counting_caller.hpp"
#include "ec2/paced_caller.hpp"
#include "ec2/query_caller.hpp"
#include "ec2/retrying_caller.hpp"
#include "journal/journal.hpp"
#include "report/backup_report.hpp"

/// The one place that names implementations.
namespace pitstop {

/// What all connections of a command share: the way to the network, and who pitstop is by itself.
struct Ec2Network {
  /// Reads the identity and opens the network; asks nothing of AWS yet.
  static Result<Ec2Network> open(const GlobalOptions& options, const Surroundings& surroundings);

  std::shared_ptr<Http> http;
  std::shared_ptr<AwsTime> time;
  Identity identity;
  CredentialDoors doors;
  Milliseconds timeout;
};

/// EC2 of one account in one region, ready to be called.
class Ec2Connection {
 public:
  /// `role` is the ARN of the one that the identity is, if one was assumed.
  static Result<std::unique_ptr<Ec2Connection>> open(const Ec2Network& network, Identity identity,
                                                     std::string role,
                                                     const Surroundings& surroundings);

  /// With retries.
  ec2::Caller& caller() { return retrying_; }
  int calls() const { return counting_.calls(); }
  /// What EC2 slows down at the moment.
  std::vector<ec2::Congestion> congestion() const { return pace_.congestion(); }
  const std::string& region() const { return identity_.region(); }
  const std::string& role() const { return role_; }
  const Identity& identity() const { return identity_; }

  /// The instance that we run on ourselves, if it is one; it must not be stopped.
  Task<std::optional<InstanceId>> own_instance() { return identity_.own_instance(); }
  void runs_on(std::optional<InstanceId> instance) { own_instance_ = std::move(instance); }

  /// What a fleet works with over this connection.
  FleetTools fleet_tools(const Surroundings& surroundings, Observer& observer, Logbook& logbook);

 private:
  Ec2Connection(const Ec2Network& network, Identity identity, std::string role,
                std::string endpoint, const Surroundings& surroundings);

  std::shared_ptr<Http> http_;
  std::shared_ptr<AwsTime> time_;
  Identity identity_;
  std::string role_;
  std::optional<InstanceId> own_instance_;
  Duration usual_patience_;
  ec2::QueryCaller query_;
  ec2::CountingCaller counting_;
  ec2::Pace pace_;
  ec2::PacedCaller paced_;
  ec2::RetryingCaller retrying_;
  Scheduler scheduler_;
  AutoScaling auto_scaling_;
  LoadBalancing load_balancing_;
  Keys keys_;
  RemoteCommands commands_;
};

/// What pitstop must not forget.
struct State {
  State(Journal journal_, RunLocks locks_, Clock& clock)
      : journal(std::move(journal_)), locks(std::move(locks_)), logbook(journal, locks, clock) {}

  /// Forgotten with the object.
  static std::unique_ptr<State> in_memory(Clock& clock);

  Journal journal;
  RunLocks locks;
  JournalLogbook logbook;
};

/// That of the state directory; made if it is not there.
Result<std::unique_ptr<State>> open_state(const GlobalOptions& options,
                                          const Surroundings& surroundings);

/// The journal alone, to be read; an error of kind `not_found` if nothing has been written down
/// yet.
Result<Journal> find_journal(const GlobalOptions& options, const Surroundings& surroundings);

/// What the user will see, in the format of --output and as the output allows.
Result<std::unique_ptr<BackupReport>> open_report(const GlobalOptions& options,
                                                  const Surroundings& surroundings);

}  // namespace pitstop
