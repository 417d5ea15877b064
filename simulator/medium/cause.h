#pragma once

#include <cstdint>
#include <string_view>

namespace replug::simulator {

/// Why something changed, in Vault's terms; `sentence(Cause)` says it in words.
enum class Cause : std::uint8_t {
  written,               ///< the request itself wrote it
  file_placed,           ///< a file was put into or taken out of a plugin directory
  created,               ///< a backend was created by enable
  reloaded,              ///< a reload ended the old process and loaded the configured version
  reload_failed,         ///< a reload ended the old process and could not load the configured version
  shared_process_ended,  ///< another mount's reload ended the process that this one shares
  respawned,  ///< the process had ended; the next request started the captured version from the present catalog entry
  respawn_failed,     ///< the process had ended and could not be started again
  crashed,            ///< the process died
  closed,             ///< the process ended with its last user
  unsealed,           ///< the node loaded the stored mount table
  load_failed,        ///< the node loaded the stored mount table and could not load this one
  sealed,             ///< everything on the node was closed
  disabled,           ///< the mount was disabled
  moved,              ///< the mount got another path
  connected,          ///< a database connection made its plugin instance
  connection_closed,  ///< a database connection let its plugin instance go
  followed,           ///< a standby that serves reads followed the change of the mount table
  restored,           ///< storage was taken back from a snapshot
};
std::string_view sentence(Cause cause);

}  // namespace replug::simulator
