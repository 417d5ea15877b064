#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/medium/text.h"

namespace replug::simulator {

/// What a claim says of its subject; each is one key of an `expect` item.
enum class ClaimKey : std::uint8_t {
  plugin_version,   ///< what the mount or connection is configured to
  running_version,  ///< what is reported *and* what really runs
  running_sha256,   ///< the sha256 that is reported and that of the process that would answer
  serving,          ///< whether a request would be answered
  registered,       ///< whether the catalog has the entry
  sha256,           ///< the sha256 of the catalog entry
  plugin,           ///< the plugin (type in `secrets list`, plugin_name of a connection) behind it
  status,           ///< running, respawns, broken, absent
};

/// One claim: `running_version: v1.0.1`. `number` is its place among the keys of the item as written.
struct Claim {
  ClaimKey key;
  Text value;         ///< for versions, sha256, plugin, status
  bool truth = true;  ///< for serving, registered
};

/// One item of an `expect` list: a subject and what must hold of it.
struct Expectation {
  enum class Subject : std::uint8_t { mount, database, plugin };
  Subject subject = Subject::mount;
  Text mount;                ///< a mount's full path `team-a/my/`, `auth/my-auth/`; for a database: that of its engine
  Text connection;           ///< for a database
  Text type, name, version;  ///< for a plugin
  std::optional<Text> at;    ///< only on this node; otherwise on every node that runs plugins
  std::vector<Claim> claims;
};

}  // namespace replug::simulator
