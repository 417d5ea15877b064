#include "simulator/cause.h"

namespace replug::simulator {

std::string_view sentence(Cause cause) {
  switch (cause) {
    case Cause::written: return "the request wrote it to storage; nothing that runs changes by that";
    case Cause::file_placed: return "the file in the plugin directory changed; running processes keep what they started from";
    case Cause::created: return "Vault created the backend and started its plugin from the catalog entry";
    case Cause::reloaded: return "the reload ended the old process and loaded the configured version";
    case Cause::reload_failed: return "the reload ended the old process before it found that the configured version cannot be loaded";
    case Cause::shared_process_ended: return "the process was shared with a mount that was reloaded, and ended with it";
    case Cause::respawned:
      return "the process had ended; Vault started the version it was created with again, with what the catalog has for it now";
    case Cause::respawn_failed: return "the process had ended and could not be started again";
    case Cause::crashed: return "the plugin process died; the next request finds it gone";
    case Cause::closed: return "its last user let the process go";
    case Cause::unsealed: return "the node loaded the stored mount table: each mount with its configured version and the present catalog entry";
    case Cause::load_failed: return "the node loaded the stored mount table and could not create this backend";
    case Cause::sealed: return "the node was sealed, stopped or gave up its leadership, and closed all its plugins";
    case Cause::disabled: return "the mount was disabled: leases revoked, data wiped, plugin closed";
    case Cause::moved: return "the mount was moved; its backend goes on under the new path";
    case Cause::connected: return "the connection made its plugin instance from the stored configuration";
    case Cause::connection_closed: return "the connection let its plugin instance go";
    case Cause::followed: return "the standby serves reads itself and followed the change of the mount table";
    case Cause::restored: return "storage was taken back from the snapshot";
  }
  return "";
}

}  // namespace replug::simulator
