#pragma once

namespace pitstop::ec2 {

/// Who goes first where tokens are short.
enum class Urgency {
  brings_back,  ///< a server that is down
  watches,      ///< one that is down, or about to be
  creates,      ///< what a server that is down waits for
  takes_down,   ///< what is set aside for a server that is to be stopped
  prepares,     ///< all else that comes before a stop
  follows,      ///< what nobody waits for
};

}  // namespace pitstop::ec2
