#include "simulator/medium/cause.h"

#include <array>

namespace replug::simulator {

namespace {

// In the order of the enumeration.
constexpr auto sentences = std::to_array<std::string_view>({
    "the request wrote it to storage; nothing that runs changes by that",                             // written
    "the file in the plugin directory changed; running processes keep what they started from",        // file_placed
    "Vault created the backend and started its plugin from the catalog entry",                        // created
    "the reload ended the old process and loaded the configured version",                             // reloaded
    "the reload ended the old process before it found that the configured version cannot be loaded",  // reload_failed
    "the process was shared with a mount that was reloaded, and ended with it",  // shared_process_ended
    "the process had ended; Vault started the version it was created with again, with what the catalog has for "
    "it now",                                                   // respawned
    "the process had ended and could not be started again",     // respawn_failed
    "the plugin process died; the next request finds it gone",  // crashed
    "its last user let the process go",                         // closed
    "the node loaded the stored mount table: each mount with its configured version and the present catalog "
    "entry",                                                                               // unsealed
    "the node loaded the stored mount table and could not create this backend",            // load_failed
    "the node was sealed, stopped or gave up its leadership, and closed all its plugins",  // sealed
    "the mount was disabled: leases revoked, data wiped, plugin closed",                   // disabled
    "the mount was moved; its backend goes on under the new path",                         // moved
    "the connection made its plugin instance from the stored configuration",               // connected
    "the connection let its plugin instance go",                                           // connection_closed
    "the standby serves reads itself and followed the change of the mount table",          // followed
    "storage was taken back from the snapshot",                                            // restored
});
static_assert(sentences.size() == static_cast<std::size_t>(Cause::restored) + 1, "each cause has its sentence");

}  // namespace

std::string_view sentence(Cause cause) { return sentences[static_cast<std::size_t>(cause)]; }

}  // namespace replug::simulator
