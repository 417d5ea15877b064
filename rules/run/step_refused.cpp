#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "simulator/steps/kinds.h"
#include "simulator/vault/messages.h"
#include "text/printable.h"

namespace replug::rules {

namespace {

// What to do about the refusals that are met most often, by a part of the server's text.
std::string_view advice(std::string_view error) {
  struct Advice {
    std::string_view part;
    std::string_view what;
  };
  static constexpr Advice known[] = {
      {"failed to revoke",
       "Leases are revoked first, through the plugin as it is now: make it run again (its file, its catalog entry), "
       "then "
       "repeat this step. Where that is hopeless, `revoke_leases` with `force: true` forgets them; the credentials "
       "then "
       "stay valid where they were made."},
      {"tainted",
       "A disable began here and did not come to its end: repair what stopped it and repeat the disable; until then "
       "nothing is answered below this path."},
      {"plugin not found in the catalog",
       "Register that version first, under exactly this type, name and version; `vault plugin list -detailed` shows "
       "what is there."},
      {"no mount entry found",
       "Look at the path: `vault secrets list` and `vault auth list` show the mounts; an auth method is written "
       "auth/PATH/."},
      {"cannot fetch mount entry",
       "Look at the path: `vault secrets list` and `vault auth list` show the mounts; an auth method is written "
       "auth/PATH/."},
      {"path is already in use",
       "Something is mounted there already: tune and reload it instead, or choose another path."},
      {"checksums did not match",
       "The file in the plugin directory is not the one whose sha256 is registered: compare `sha256sum` on every node "
       "with the catalog."},
      {"no such file or directory",
       "Install the file into the plugin directory of every node that may run the plugin, before this step."},
      {"did not start",
       "The binary does not run here: try it by hand on the node (architecture, execute bit, libraries, mlock)."},
      {"Unrecognized remote plugin message",
       "The binary does not run as this kind of plugin: check its type, architecture, execute bit and libraries."},
      {"did not match requested version", "Register it under the version that the binary reports."},
      {"is not a valid semantic version", "Write the version as vX.Y.Z."},
      {"pinned",
       "Remove the pin first, or move the pin instead of naming a version; a pin beats every configured version."},
      {"unsupported path", "This server does not have that endpoint: `replug capabilities` tells what it can do."},
      {"backend is nil",
       "Loading the plugin failed before: repair the catalog entry or the file, then reload the mount."},
      {"route entry not found", "Nothing is mounted at that path at this point of the plan."},
      {"connection refused",
       "The shared plugin process is dead: send a request to a mount that was using it, or reload one of them, before "
       "this step."},
      {"plugin shutdown",
       "The connection's plugin had ended; this request lets it go, and the next one starts it again."},
      {"Vault is sealed", "Unseal the node before this step."},
  };
  for (const Advice& one : known) {
    if (error.find(one.part) != std::string_view::npos) return one.what;
  }
  return "Change the step or what comes before it; if the refusal is what you want to show, add `fails: true`.";
}

// What to do instead where the server does not have the endpoint at all.
template <simulator::AnyOf<simulator::Pin, simulator::Unpin> Kind>
std::string_view instead_of(const Kind& /*step*/) {
  return "Pins came with Vault 1.16, and OpenBao has none: tune each mount to the version and reload it, and write "
         "the version into "
         "the configuration of each connection.";
}
std::string_view instead_of(const simulator::ReloadDatabase& /*step*/) {
  return "This came with Vault 1.16, and OpenBao does not have it: reset each connection (`reset_database`), or "
         "write its configuration.";
}
std::string_view instead_of(const simulator::Reload& step) {
  if (!step.type) return {};
  return "Reloading by type came with Vault 1.16, and OpenBao does not have it: leave `type` out.";
}
template <simulator::AnyOf<simulator::Backup, simulator::Restore> Kind>
std::string_view instead_of(const Kind& /*step*/) {
  return "Only raft storage has snapshots: on other storage use its own means, and leave this step out.";
}
// The endpoints of these every server has that is simulated.
template <simulator::AnyOf<simulator::Install, simulator::Uninstall, simulator::Register, simulator::Deregister,
                           simulator::Enable, simulator::Tune, simulator::Disable, simulator::Move,
                           simulator::ConfigureDatabase, simulator::ResetDatabase, simulator::RotateRoot,
                           simulator::RevokeLeases, simulator::Request, simulator::Crash, simulator::Restart,
                           simulator::Seal, simulator::Unseal, simulator::StepDown, simulator::UpgradeServer,
                           simulator::Check, simulator::Confirm>
              Kind>
std::string_view instead_of(const Kind& /*step*/) {
  return {};
}

std::string_view advice(std::string_view error, const simulator::Action& action) {
  if (error.find("unsupported path") == std::string_view::npos) return advice(error);
  const std::string_view instead = std::visit([](const auto& step) { return instead_of(step); }, action);
  return instead.empty() ? advice(error) : instead;
}

void check(const PlayedPlan& played, Report& report) {
  for (const simulator::StepForecast& step : played.forecast.steps) {
    const planner::PlannedStep& planned = played.plan.steps[step.step];
    if (step.reply.ok() || (planned.step.fails && !step.reply.hangs)) continue;
    const auto errors = simulator::errors_of(step.reply);
    const std::string error = errors.empty() ? std::string{} : errors.front();
    const std::string message = step.reply.hangs
                                    ? "The server never answers this request: it waits for a plugin process that was "
                                      "dead when its mount was made."
                                    : fmt::format("The server refuses this step with status {}{}{}", step.reply.status,
                                                  error.empty() ? "." : ": ", text::printable(error, 400));
    Finding& finding = report.finding(
        played.plan.where(planned), message,
        std::string(step.reply.hangs ? "Send a request to a mount that was using the process before it died, then "
                                       "reload this mount; or restart the server."
                                     : advice(error, planned.step.action)));
    finding.step = step.step;
    finding.subject = planned.step.id.str();
  }
}

}  // namespace

extern const Rule step_refused;
constinit const Rule step_refused = {
    .id = "step-refused",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "run",
    .summary = "The server would refuse a step",
    .why =
        "A plan that stops half-way leaves some mounts on the old version and some on the new one. The simulated "
        "server answers as the "
        "real one was seen to answer, with its own text.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
