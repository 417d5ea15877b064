#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"

namespace replug::rules {

namespace {

using simulator::Deregister;
using simulator::Text;

// What is registered under the name at that moment; looking stops where nobody reads on.
std::vector<std::string> registered(const Moment& moment, simulator::PluginId id) {
  std::vector<std::string> found;
  if (id == simulator::no_plugin) return found;
  const simulator::Plugin& plugin = moment.world().plugin(id);
  const auto add = [&](simulator::EntryId entry) {
    if (entry != simulator::no_entry && found.size() < 10 && moment.before.entry(entry).record != 0)
      found.push_back(version_words(moment.world().entry(entry).version));
  };
  add(plugin.unversioned);
  for (const simulator::EntryId entry : plugin.versions) {
    if (found.size() >= 10) break;
    add(entry);
  }
  return found;
}

// The types under which the name is registered, for a step that names another one.
std::string elsewhere(const Moment& moment, const Deregister& step) {
  using simulator::PluginType;
  for (const PluginType type : {PluginType::auth, PluginType::database, PluginType::secret}) {
    if (simulator::to_string(type) == step.type.view()) continue;
    if (!registered(moment, moment.world().plugin(type, step.name)).empty())
      return fmt::format("; there is one of type {}", simulator::to_string(type));
  }
  return {};
}

void check(const Moment& moment, Report& report) {
  const auto* step = moment.as<Deregister>();
  if (step == nullptr || moment.planned.step.fails || !moment.forecast.reply.ok() || !moment.forecast.changes.empty())
    return;
  const auto type = simulator::parse_plugin_type(step->type.view());
  const std::string name = fmt::format("{} {}", shown(step->type), shown(step->name));
  const bool versioned = step->version && !step->version->empty();
  std::string message, help;
  if (!type) {
    message = fmt::format("{} is no plugin type: Vault answers with success and a warning, and removes nothing.",
                          shown(step->type));
    help = "Write one of auth, database, secret. (The command is `vault secrets …`, the type is `secret`.)";
  } else {
    const std::vector<std::string> there = registered(moment, moment.world().plugin(*type, step->name));
    message =
        fmt::format("{} has no {} at this point{}. Vault answers with success all the same, and removes nothing.", name,
                    versioned ? shown(*step->version) : "unversioned entry",
                    there.empty() ? elsewhere(moment, *step)
                                  : fmt::format("; registered {} {}", there.size() == 1 ? "is" : "are", listed(there)));
    help = versioned || there.empty()
               ? "Look at type, name and version: `vault plugin list -detailed` shows what is there. Or leave the step "
                 "out."
               : "Name the version that is to go: without one, only the unversioned entry is removed.";
  }
  Finding& finding = report.finding(moment.plan.where(moment.planned, !type       ? "type"
                                                                      : versioned ? "version"
                                                                                  : "name"),
                                    message, help);
  finding.subject = fmt::format("{} {}", name, step->version.value_or(Text{}).view());
  finding.step = moment.forecast.step;
}

}  // namespace

extern const Rule deregister_nothing;
constinit const Rule deregister_nothing = {
    .id = "deregister-nothing",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "A step deregisters what is not registered",
    .why =
        "Vault reports success for a type, name or version that is not in the catalog. What was meant to go is still "
        "there: an unversioned entry "
        "in front of a built-in, or a version that was withdrawn because of a flaw.",
    .url = "https://developer.hashicorp.com/vault/api-docs/system/plugins-catalog",
    .check = StepCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/9534",
};

}  // namespace replug::rules
