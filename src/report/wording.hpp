#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "backup/observer.hpp"
#include "ec2/model.hpp"

/// How people are told about servers, steps and errors, in every format that is for people.
namespace pitstop {

/// "web-1 (i-0abc…)", or the id alone; a long name is cut.
std::string title_of(const std::string& name, const InstanceId& instance);
std::string title_of(const ec2::Instance& instance);

/// The titles of a run's servers.
class Titles {
 public:
  void add(const ec2::Instance& instance);
  void add(const InstanceId& instance, const std::string& name);

  /// The title, or the id of a server that was not added.
  std::string of(const InstanceId& instance) const;

  /// The columns that the widest of them takes.
  std::size_t width() const { return width_; }

 private:
  std::map<InstanceId, std::string> titles_;
  std::size_t width_ = 0;
};

/// "2026-11-23 00:16", UTC.
std::string minute(WallTime time);

/// "84 days", "6.9 days"; what is shorter than two days as always.
std::string long_time(Duration duration);

/// "8.0 GiB", "310 MiB".
std::string amount(std::int64_t bytes);

/// "1 backup", "2 backups".
std::string counted(std::size_t count, std::string_view what);

/// "no server is down", "1 server is down", "2 servers are down".
std::string how_many_are_down(std::size_t count);

/// "error: …" and "HINT: …", a line each.
std::string error_lines(const Error& error);

/// The same for an error of one server; the message begins with the server's title.
std::string error_lines(const Error& error, const InstanceId& instance, const std::string& title);

/// The message without the server's id in front, for where a title stands before it anyway:
/// "i-0abc did not stop" and "i-0abc: it is stopped" lose it.
std::string_view without_subject(std::string_view message, const InstanceId& instance);

/// An event but for its time and server: "snapshots begun: snap-…", "warning: …" with its hint on a
/// line of its own.
std::string event_text(const Event& event);

/// "2026-11-23T00:16:00.250Z  web-1 (i-0abc…)  stopping", with the title in `width` columns.
std::string event_lines(const Event& event, const std::string& title, std::size_t width);

/// Names servers that pitstop stopped and that are not running, and how to start them; empty if
/// there are none.
std::string down_lines(const std::vector<InstanceId>& down, const Titles& titles);

/// What is said when the user has asked to end.
std::string interruption_line();

}  // namespace pitstop
