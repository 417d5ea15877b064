#include <algorithm>

#include <fmt/format.h>

#include "rules/evidence/edits.h"
#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"
#include "simulator/vault/catalog.h"
#include "text/suggest.h"

namespace replug::rules {

namespace {

using simulator::PluginId;
using simulator::PluginType;
using simulator::Text;

// A plugin as a step names it.
struct Named {
  std::string_view key;
  PluginType type;
  Text name;
};

std::optional<Named> named(const Moment& moment) {
  if (const auto* enable = moment.as<simulator::Enable>()) {
    const Text path = moment.world().full_path(moment.planned.step.name_space, enable->path);
    const simulator::MountId mount = moment.world().mount(path);
    const bool auth = mount != simulator::no_mount && moment.world().mount(mount).auth;
    return Named{"plugin", auth ? PluginType::auth : PluginType::secret, enable->plugin};
  }
  const auto* configure = moment.as<simulator::ConfigureDatabase>();
  if (configure == nullptr || !configure->plugin_name) return std::nullopt;
  return Named{"plugin_name", PluginType::database, *configure->plugin_name};
}

bool is_there(const Moment& moment, simulator::NodeId active, PluginId plugin) {
  if (plugin == simulator::no_plugin) return false;
  return simulator::is_registered(moment.before, plugin) ||
         moment.world().is_builtin(moment.before.node(active).server, plugin);
}

// The plugin of that type that is there and most likely meant.
std::optional<std::string_view> meant(const Moment& moment, simulator::NodeId active, const Named& wanted) {
  std::vector<std::string_view> names;
  for (PluginId plugin = 0; plugin < moment.world().plugins(); ++plugin) {
    const simulator::Plugin& there = moment.world().plugin(plugin);
    if (there.type == wanted.type && is_there(moment, active, plugin)) names.push_back(there.name.view());
  }
  return text::nearest(wanted.name.view(), names);
}

std::string_view words(PluginType type) {
  switch (type) {
    case PluginType::auth:
      return "auth method";
    case PluginType::database:
      return "database plugin";
    case PluginType::secret:
      return "secrets engine";
  }
  return "";
}

// It is there under another type: what a path or a connection asks for decides.
std::string other_type(PluginType there, PluginType wanted) {
  return fmt::format("{} {} has that name. {}", there == PluginType::auth ? "An" : "A", words(there),
                     wanted == PluginType::database
                         ? "A connection needs a database plugin."
                         : "A path under auth/ enables an auth method, any other a secrets engine.");
}

void check(const Moment& moment, Report& report) {
  const auto wanted = named(moment);
  const simulator::NodeId active = simulator::active_node(moment.before);
  if (!wanted || moment.forecast.reply.ok() || moment.planned.step.fails || active == simulator::no_node) return;
  if (is_there(moment, active, moment.world().plugin(wanted->type, wanted->name))) return;
  std::string hint;
  std::optional<Fix> fix;
  for (const PluginType other : {PluginType::auth, PluginType::database, PluginType::secret}) {
    if (is_there(moment, active, moment.world().plugin(other, wanted->name))) {
      hint = other_type(other, wanted->type);
    }
  }
  if (const auto name = meant(moment, active, *wanted); hint.empty() && name) {
    hint = fmt::format("Did you mean {}?", shown(moment.plan.texts->find(*name)));
    if (auto edit = other_value(moment.plan, moment.planned, wanted->key, std::string(*name))) {
      fix = Fix{fmt::format("Write {}", shown(moment.plan.texts->find(*name))), false, {*edit}};
    }
  }
  if (hint.empty()) return;
  Finding& finding =
      report.finding(moment.plan.where(moment.planned, wanted->key),
                     fmt::format("This server has no {} {}.", words(wanted->type), shown(wanted->name)), hint);
  finding.subject = wanted->name.str();
  finding.step = moment.forecast.step;
  finding.fix = std::move(fix);
}

}  // namespace

extern const Rule unknown_plugin;
constinit const Rule unknown_plugin = {
    .id = "unknown-plugin",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "plan",
    .summary = "A plugin is named that is not there, and another one is likely meant",
    .why =
        "Vault finds a plugin by its type and its very name, among the built-ins and in the catalog. A near name is "
        "another "
        "plugin to it, and so is the same name under another type.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/plugin-management",
    .check = StepCheck{check},
};

}  // namespace replug::rules
