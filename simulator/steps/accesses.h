#pragma once

#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// What every step touches that may start a plugin: it reads catalog, pins and files, and writes the lists of
/// processes.
inline void access_to_load_plugins(Accesses& out) {
  out.push_back({Access::Resource::catalog, Text{}, false});
  out.push_back({Access::Resource::pin, Text{}, false});
  out.push_back({Access::Resource::file, Text{}, false});
  out.push_back({Access::Resource::processes, Text{}, true});
}

/// A mount as the subject of an access. A path inside a namespace may be the same mount as a longer path from above, so
/// it stands for all.
inline Text mount_subject(const Scope& scope, Text path) { return scope.name_space.empty() ? path : Text{}; }

/// What the requests to a database engine touch that make a connection's plugin anew.
inline void access_to_connections(const Scope& scope, Text mount, Accesses& out) {
  out.push_back({Access::Resource::connection, mount_subject(scope, mount), true});
  out.push_back({Access::Resource::mount_table, Text{}, false});
  access_to_load_plugins(out);
}

}  // namespace replug::simulator
