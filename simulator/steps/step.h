#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "simulator/medium/expectation.h"
#include "simulator/medium/server.h"
#include "simulator/steps/backup.h"
#include "simulator/steps/configure_database.h"
#include "simulator/steps/crash.h"
#include "simulator/steps/deregister.h"
#include "simulator/steps/disable.h"
#include "simulator/steps/enable.h"
#include "simulator/steps/install.h"
#include "simulator/steps/move.h"
#include "simulator/steps/pause.h"
#include "simulator/steps/pin.h"
#include "simulator/steps/register.h"
#include "simulator/steps/reload.h"
#include "simulator/steps/reload_database.h"
#include "simulator/steps/request.h"
#include "simulator/steps/reset_database.h"
#include "simulator/steps/restart.h"
#include "simulator/steps/restore.h"
#include "simulator/steps/revoke_leases.h"
#include "simulator/steps/rotate_root.h"
#include "simulator/steps/seal.h"
#include "simulator/steps/step_down.h"
#include "simulator/steps/tune.h"
#include "simulator/steps/uninstall.h"
#include "simulator/steps/unpin.h"
#include "simulator/steps/unseal.h"
#include "simulator/steps/upgrade_server.h"

namespace replug::simulator {

/// Every kind of step. Closed on purpose: a new kind that misses one of its parts does not compile.
using Action = std::variant<Install, Uninstall, Register, Deregister, Enable, Tune, Disable, Move, Reload, Pin, Unpin,
                            ConfigureDatabase, ResetDatabase, RotateRoot, ReloadDatabase, RevokeLeases, Request, Crash,
                            Restart, Seal, Unseal, StepDown, UpgradeServer, Backup, Restore, Check, Confirm>;

/// Who gets a step.
struct At {
  enum class Who : std::uint8_t {
    unsaid,         ///< where the operator's requests arrive (`cluster.address`); every node for install and uninstall
    active,         ///< the active node
    each,           ///< every node in turn
    load_balancer,  ///< some node; which is not known
    nodes,          ///< the named ones, in turn
  };
  Who who = Who::unsaid;
  std::vector<Text> nodes;
};

/// A step is meant to be refused, with an error that contains `part`.
struct Fails {
  Text part;
};

/// One step of a plan: its action and what every action may say beside it.
struct Step {
  Text id;
  Action action;
  At at;
  Text name_space;  ///< empty for the root namespace, else `team-a/`
  std::optional<Fails> fails;
  std::vector<Expectation> expect;
  Text note;
};

/// The key of the step's action in a plan: `register`.
std::string_view action_name(const Action& action);
/// What the step does, as the command an operator would type: `vault plugin reload -plugin=my-secret-plugin`. The tool
/// is the one that comes with `server`: `vault` or `bao`, and what works with that release.
std::string command_line(const Step& step, const Server& server);

}  // namespace replug::simulator
