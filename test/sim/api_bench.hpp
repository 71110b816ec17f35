#pragma once

#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "sim/simulator.hpp"
#include "sim/virtual_time.hpp"

namespace pitstop::test {

/// What the simulator has answered, taken apart.
class ApiReply {
 public:
  explicit ApiReply(HttpResponse answered);

  int status() const { return response.status; }
  bool succeeded() const { return response.status == 200; }
  /// <Code> of an error; empty if it is none.
  std::string code() const { return text("/Response/Errors/Error/Code"); }
  std::string message() const { return text("/Response/Errors/Error/Message"); }

  /// The text of the first element on an XPath below the reply's own, or from the root with a
  /// slash; empty if there is none.
  std::string text(const std::string& path) const;
  /// Of all of them.
  std::vector<std::string> texts(const std::string& path) const;
  std::size_t count(const std::string& path) const { return texts(path).size(); }

  HttpResponse response;
  pugi::xml_document document;
};

/// A call prints as its answer.
std::ostream& operator<<(std::ostream& stream, const ApiReply& reply);

using ApiParameters = std::vector<std::pair<std::string, std::string>>;

/// Asks a simulator with a form, in its scenario's region or another one.
ApiReply call(sim::Simulator& simulator, std::string_view action, ApiParameters parameters = {},
              const std::string& region = {});

/// A simulator in virtual time, asked with forms. Unless told otherwise it has one running server
/// with two volumes, takes round lengths of time, and gives tokens without end.
class ApiBench {
 public:
  ApiBench();
  explicit ApiBench(sim::Scenario scenario);

  ApiReply call(std::string_view action, ApiParameters parameters = {},
                const std::string& region = {}) {
    return test::call(simulator, action, std::move(parameters), region);
  }
  /// The form as it is.
  ApiReply ask(std::string form);

  void pass(Duration length);

  sim::Region& region() { return simulator.region(); }
  /// The only server.
  sim::Instance& server() { return region().instances.begin()->second; }
  std::string id() { return server().id.str(); }
  /// Its volumes: 0 is the root.
  std::string volume(std::size_t number = 0) {
    return server().attachments.at(number).volume.str();
  }
  /// Stops it and waits until it is.
  void stop();

  VirtualTime time;
  sim::Simulator simulator;
};

/// Servers with two volumes, of 8 and 100 GiB: they stop in 11 s and start in 20, snapshots begin
/// after 10 s, show progress in steps of 10 %, and copy 100 MiB/s.
sim::Scenario api_scenario(int servers = 1);

}  // namespace pitstop::test
