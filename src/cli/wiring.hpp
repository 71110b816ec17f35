#pragma once

#include <memory>

#include "aws/identity.hpp"
#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"
#include "ec2/counting_caller.hpp"
#include "ec2/query_caller.hpp"
#include "ec2/retrying_caller.hpp"
#include "journal/journal.hpp"
#include "report/backup_report.hpp"

/// The one place that names implementations.
namespace pitstop {

/// EC2, ready to be called.
class Ec2Connection {
 public:
  /// Reads the identity and opens the network; asks nothing of EC2 yet.
  static Result<std::unique_ptr<Ec2Connection>> open(const GlobalOptions& options,
                                                     const Surroundings& surroundings);

  /// One attempt a call, counted.
  ec2::CountingCaller& wire() { return counting_; }
  /// The same with retries.
  ec2::Caller& caller() { return retrying_; }
  Duration usual_patience() const { return usual_patience_; }
  const std::string& region() const { return identity_.region(); }

 private:
  Ec2Connection(Identity identity, std::string endpoint, std::unique_ptr<Http> http,
                Milliseconds timeout, const Surroundings& surroundings);

  Identity identity_;
  std::unique_ptr<Http> http_;
  Duration usual_patience_;
  ec2::QueryCaller query_;
  ec2::CountingCaller counting_;
  ec2::RetryingCaller retrying_;
};

/// The journal of the state directory; made if it is not there.
Result<Journal> open_journal(const GlobalOptions& options, const Surroundings& surroundings);

/// The same, but an error of kind `not_found` if nothing has been written down yet.
Result<Journal> find_journal(const GlobalOptions& options, const Surroundings& surroundings);

/// What the user will see, in the format of --output and as the output allows.
Result<std::unique_ptr<BackupReport>> open_report(const GlobalOptions& options,
                                                  const Surroundings& surroundings);

}  // namespace pitstop
