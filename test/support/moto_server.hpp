#pragma once

#include <memory>
#include <string>

namespace pitstop::test {

class ChildProcess;

/// Is moto_server on the PATH?
bool moto_available();

/// moto, an EC2 in memory by somebody else, on a free port of 127.0.0.1. Ends with the object.
class MotoServer {
 public:
  /// Returns when it answers.
  MotoServer();
  ~MotoServer();

  const std::string& endpoint() const { return endpoint_; }

  /// Forgets every instance, volume and snapshot.
  void reset() const;

  /// Whether it looks at who calls, and whether their policies allow it; it does not at first.
  void enforce_policies(bool enforce) const;

 private:
  bool started_on(int port);

  std::string endpoint_;
  std::unique_ptr<ChildProcess> process_;
};

/// The one that all tests of this process share. First use takes about a second; use it from the
/// main thread.
MotoServer& moto();

}  // namespace pitstop::test
