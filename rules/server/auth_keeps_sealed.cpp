#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/described.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"
#include "simulator/vault/catalog.h"
#include "simulator/vault/processes.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::Lookup;
using simulator::MountId;
using simulator::NodeId;
using simulator::Text;

// Why a node could not load the method at an unseal, and what the plan did to make it so.
struct Trouble {
  std::string why;
  const ChangeAt* made_by = nullptr;
};

std::string_view words(simulator::StartError error) {
  switch (error) {
    case simulator::StartError::file_missing:
      return "is missing";
    case simulator::StartError::checksum:
      return "is not the one that is registered";
    default:
      return "does not start";
  }
}

std::optional<Trouble> trouble_at(const PlayedPlan& played, const simulator::Cluster& last, NodeId node,
                                  MountId mount) {
  const simulator::World& world = last.world();
  const simulator::StoredMount& stored = last.stored(mount);
  const std::size_t end = played.facts.steps();
  if (simulator::is_shadowed(last, stored.plugin)) return std::nullopt;
  const Lookup found = simulator::lookup(last, node, stored.plugin, world.text(stored.version));
  if (found.found == Lookup::Found::nothing) {
    const simulator::EntryId entry = world.entry(stored.plugin, world.text(stored.version));
    const Text label = entry == simulator::no_entry ? Text{} : world.entry_label(entry);
    const std::string version = stored.version == 0 ? "without a version" : shown(world.text(stored.version));
    return Trouble{
        fmt::format("the catalog has no {} {}", shown(world.plugin_label(stored.plugin)), version),
        played.facts.timeline().last_change(Change::What::catalog, label, simulator::CellField::registered, end)};
  }
  if (found.found != Lookup::Found::external) return std::nullopt;
  const simulator::StartError error = simulator::start(last, node, found.record);
  if (error == simulator::StartError::none) return std::nullopt;
  const simulator::Record& record = world.record(found.record);
  const ChangeAt* file = played.facts.timeline().last_change(Change::What::file, world.file_name(record.file),
                                                             simulator::CellField::sha256, end);
  const ChangeAt* entry = played.facts.timeline().last_change(Change::What::catalog, world.entry_label(record.entry),
                                                              simulator::CellField::sha256, end);
  return Trouble{fmt::format("its file {} {} on {}", shown(world.file_name(record.file)), words(error),
                             shown(world.node_name(node))),
                 file == nullptr || (entry != nullptr && entry->position > file->position) ? entry : file};
}

void tell(const PlayedPlan& played, const simulator::Cluster& last, MountId mount, NodeId node, const Trouble& trouble,
          Report& report) {
  const Text path = last.world().mount(mount).path;
  const auto described = described_mount(played.plan, path.view());
  const planner::Place nowhere = played.plan.place(*played.plan.document().root());
  Finding& finding =
      report.finding(trouble.made_by != nullptr ? played.plan.where(played.facts.step_at(trouble.made_by->position))
                                                : described.value_or(nowhere),
                     fmt::format("When the plan is done {} cannot be loaded: {}. {} stops at such an auth method: the "
                                 "next node that is to take the lead stays sealed.",
                                 shown(path), trouble.why, to_string(last.world().server(last.node(node).server))),
                     "Put back what is missing before anything restarts, or register an unversioned entry of that "
                     "name: with one in the catalog the method is passed "
                     "over.");
  finding.subject = path.str();
  if (trouble.made_by != nullptr) finding.step = played.forecast.steps[trouble.made_by->position].step;
}

void check(const PlayedPlan& played, Report& report) {
  simulator::State state = played.forecast.last;
  const simulator::Cluster last(played.world(), state);
  for (const MountId mount : last.stored_order(simulator::Table::auth)) {
    for (NodeId node = 0; node < last.world().nodes(); ++node) {
      if (last.world().capabilities(last.node(node).server).skips_broken_auth_at_unseal) continue;
      const auto trouble = trouble_at(played, last, node, mount);
      if (!trouble) continue;
      tell(played, last, mount, node, *trouble, report);
      break;
    }
  }
}

}  // namespace

extern const Rule auth_keeps_sealed;
constinit const Rule auth_keeps_sealed = {
    .id = "auth-keeps-sealed",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "server",
    .summary = "An auth method that cannot be loaded will keep the server from unsealing",
    .why =
        "Before Vault 1.12.3 an unseal passes over a secrets engine whose plugin cannot be loaded, but not over an "
        "auth method: the node stays "
        "sealed, and so does every other that tries. Nothing shows it until the next restart, seal or failover.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/11687",
};

}  // namespace replug::rules
