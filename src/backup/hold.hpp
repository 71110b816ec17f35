#pragma once

#include "backup/down_tag.hpp"
#include "backup/plan.hpp"
#include "backup/tools.hpp"

/// Step 0 of the pit stop, and its counterpart when the server is up again: nobody else works on
/// the server, and whoever finds it down can bring it back.
namespace pitstop {

/// What is laid about a server before its stop.
struct Hold {
  InstanceId instance;
  DownTag tag;
  // What of it may be there.
  bool tagged = false;
  bool guarded = false;
  bool reserved = false;
  /// What its tag says that it is taken out of.
  Rotation rotation = {};
  /// Whether it is out of that.
  Away away = Away::no;
  /// Its tags as EC2 shows them, where another run has written them: a tag is deleted only with
  /// exactly its value.
  std::string tag_text = {};
  std::string rotation_text = {};
};

struct Taking {
  /// `held` if another run has the server; other errors say why it must not be stopped. Then
  /// nothing was stopped, and what was laid is taken away again.
  Result<Hold> hold;
  int polls = 0;
  /// What was laid and could not be taken away again.
  std::vector<std::string> left = {};
  /// The backup of another run, which leaves nothing to do.
  std::optional<ElsewhereBackup> elsewhere = {};
};

/// Takes the server, whose backup is open in the journal and which has lined up in the pit lane:
/// sees that no other run has it, tags the instance, enters the lane, takes it out of its rotation,
/// and makes the guard and the capacity reservation if they are asked for.
///
/// Two hosts that do so at the same moment cannot both come through: each writes the tag, waits for
/// longer than the other can have taken from its look to its writing, and looks whose it is.
Task<Taking> take_hold(Tools tools, const BackupPlan& plan);

/// Brings the server, which runs, back into its rotation, if it may be out of any. Until that has
/// worked the hold remembers it, and by the tag others do, too.
Task<Status> rejoin(Tools tools, Hold& hold);

/// Takes it all away, when the server runs; the tag last, and only if all else is gone: as long as
/// it is there, others know that there is something to clear away. Reports what does not work for
/// minutes, and returns a sentence for each thing that is left.
Task<std::vector<std::string>> release(Tools tools, Hold hold);

/// Looks until EC2 shows the tag of a hold no more.
Task<Status> see_that_tag_is_gone(Tools tools, Hold hold);

}  // namespace pitstop
