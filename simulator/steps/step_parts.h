#pragma once

#include <cstdint>
#include <vector>

#include "simulator/medium/ids.h"
#include "simulator/medium/reply.h"
#include "simulator/medium/text.h"

namespace replug::simulator {

class Cluster;
class WorldBuilder;
struct Server;

/// In which namespace and on which node a step is carried out.
struct Scope {
  Text name_space;        ///< empty for the root namespace, else `team-a/`
  NodeId node = no_node;  ///< the node that carries it out
};

/// Where an operator types the command of a step.
struct Terminal {
  const Server& server;  ///< whose command line tool it is, of the same release
  Text name_space;       ///< empty for the root namespace, else `team-a/`
};

/// Which node carries a step out, of those that get it.
enum class Handling : std::uint8_t {
  nobody,      ///< nothing is sent: check, confirm
  files,       ///< done on each node's disk
  named_node,  ///< done to the node that the step names: restart, seal
  process,     ///< happens on the node itself: crash
  read,        ///< the node itself if it serves reads, else the active node
  local,       ///< the same, and it changes only that node: reload
  itself,      ///< the node itself, whatever its role: step_down
  write,       ///< the active node of the primary, to which every other node passes it on
};

/// One thing that a step reads or writes. Two steps are independent if neither writes what the other touches; the order
/// of steps and the reduction of interleavings (partial-order reduction: Godefroid 1996) come from it.
struct Access {
  enum class Resource : std::uint8_t {
    everything,   ///< the whole cluster: leadership, restore
    catalog,      ///< entries of the plugin catalog under one name
    pin,          ///< the pins under one name
    mount,        ///< one mount: its entry in the mount table and its backend on every node
    mount_table,  ///< the list of mounts, and with it each of them
    connection,   ///< the connections of one database mount
    file,         ///< a file in the plugin directories
    processes,    ///< the plugin processes of one plugin name
    snapshot,     ///< a storage snapshot
  };
  Resource resource;
  Text subject;  ///< which one; the empty text stands for all of that kind
  bool writes;
};
using Accesses = std::vector<Access>;

}  // namespace replug::simulator
