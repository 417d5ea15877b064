#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rules/evidence/timeline.h"
#include "simulator/medium/world.h"
#include "simulator/run/forecast.h"

namespace replug::rules {

/// A stretch of the run in which a registered catalog entry could not be started on a node, because its file is missing
/// there or has other contents than the entry's sha256 says. Files of which nothing is known match.
struct Mismatch {
  /// What began it.
  enum class Made : std::uint8_t {
    described,   ///< so the cluster is described
    registered,  ///< the entry was written (registered, restored) while the file was missing or another
    replaced,    ///< the right file was there and got other contents
    installed,   ///< the file was missing and the wrong one was put there
    removed,     ///< the file was there and was removed
  };
  /// What ended it.
  enum class Ended : std::uint8_t {
    never,
    file,     ///< the right file was put there
    entry,    ///< the entry was written anew with the file's sha256, or removed
    another,  ///< it went over into another one
  };

  simulator::EntryId entry;
  simulator::NodeId node;
  simulator::Text sha256;  ///< of the entry
  simulator::Text file;    ///< its name
  simulator::Text found;   ///< the file's sha256; empty: no such file
  Made made;
  Ended ended;
  std::size_t since;  ///< the position of the step that made it; 0 where it was described
  std::size_t until;  ///< the position of the step that ended it, or the number of steps
};

/// In the order in which they began. Entries that are container images have no file and are not among them.
std::vector<Mismatch> find_mismatches(const simulator::Forecast& forecast, const Timeline& timeline);

}  // namespace replug::rules
