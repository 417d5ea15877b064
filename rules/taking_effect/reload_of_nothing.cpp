#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "rules/evidence/reloads.h"
#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/vault/messages.h"
#include "simulator/vault/mounts.h"
#include "simulator/vault/reload.h"
#include "text/suggest.h"

namespace replug::rules {

namespace {

using simulator::MountId;
using simulator::NodeId;
using simulator::Reload;
using simulator::Text;

// Why a name reaches nothing, and what to do about it.
struct Why {
  std::string what;
  std::string help;
};

bool is_there(const Moment& moment, NodeId node, MountId mount, Text name) {
  const simulator::Object& object = moment.before.object(node, mount);
  return object.backend != simulator::Backend::absent && moment.world().plugin(object.plugin).name == name;
}

// Any connection of that plugin will do to know what the name stands for.
bool is_of_connections(const Moment& moment, Text name) {
  for (const MountId mount : moment.world().database_mounts()) {
    for (const simulator::ConnectionId each : moment.world().mount(mount).connections) {
      const simulator::StoredConnection& connection = moment.before.connection(each);
      if (connection.exists != 0 && moment.world().text(connection.plugin) == name) return true;
    }
  }
  return false;
}

bool is_singleton(Text name) {
  constexpr std::array names{"system",    "identity",    "cubbyhole",    "token",
                             "ns_system", "ns_identity", "ns_cubbyhole", "ns_token"};
  return std::ranges::any_of(names, [name](const char* one) { return name.view() == one; });
}

std::optional<std::string_view> meant(const Moment& moment, NodeId node, Text name) {
  std::vector<std::string_view> names;
  const simulator::World& world = moment.world();
  for (simulator::PluginId plugin = 0; plugin < world.plugins(); ++plugin) {
    const Text other = world.plugin(plugin).name;
    const auto mounts = world.mounts_of_plugin(other);
    const bool mounted =
        std::ranges::any_of(mounts, [&](MountId mount) { return is_there(moment, node, mount, other); });
    if (mounted) names.push_back(other.view());
  }
  return text::nearest(name.view(), names);
}

std::optional<Why> why_by_name(const Moment& moment, NodeId node, const Reload& reload) {
  const Text name = *reload.plugin;
  const simulator::World& world = moment.world();
  const simulator::Capabilities& server = world.capabilities(moment.before.node(node).server);
  const bool everywhere = reaches_all_namespaces(moment.before, node, moment.planned.step);
  bool elsewhere = false;
  for (const MountId mount : world.mounts_of_plugin(name)) {
    if (!is_there(moment, node, mount, name)) continue;
    const auto type = simulator::parse_plugin_type(reload.type.value_or(Text{}).view());
    if (everywhere && type && *type != world.plugin(moment.before.object(node, mount).plugin).type) continue;
    if (everywhere || world.mount(mount).name_space == moment.planned.step.name_space) return std::nullopt;
    elsewhere = true;
  }
  if (is_singleton(name))
    return Why{"is one of the server's own mounts, which no reload reaches",
               "Leave this step out; a restart of the server is what loads it anew."};
  if (is_of_connections(moment, name)) {
    if (server.reload_reaches_databases) return std::nullopt;
    return Why{"is a database plugin, and this server's reload does not reach database connections",
               "Write the connection's configuration with the new `plugin_version` (`configure_database`): that loads "
               "the plugin at once. `reset_database` "
               "starts the same version again."};
  }
  if (elsewhere)
    return Why{"is mounted in another namespace only", "Send the reload to the namespace of the mounts (`namespace`)."};
  const auto nearest = meant(moment, node, name);
  return Why{"is behind no mount at this point of the plan",
             nearest && *nearest != name.view()
                 ? fmt::format("Did you mean `{}`?", *nearest)
                 : std::string("Look at the names in `vault secrets list` and `vault auth list`.")};
}

void tell(const Moment& moment, Text subject, planner::Place place, const Why& why, Report& report) {
  Finding& finding =
      report.finding(place,
                     fmt::format("This reloads nothing: {} {}. The server answers {} all the same{}.", shown(subject),
                                 why.what, moment.forecast.reply.status,
                                 simulator::warnings_of(moment.forecast.reply).empty() ? "" : ", with a warning"),
                     why.help);
  finding.step = moment.forecast.step;
  finding.subject = subject.str();
}

// A path that leads into another namespace, or to one of the server's own mounts, is passed over without a word.
void check_mounts(const Moment& moment, const Reload& reload, Report& report) {
  const simulator::World& world = moment.world();
  const Text here = moment.planned.step.name_space;
  for (const Text path : *reload.mounts) {
    const simulator::Route& route = world.route(here, world.texts().find(simulator::mount_meant(path.view())));
    const planner::Place place = moment.plan.where(moment.planned, "mounts");
    if (!simulator::singleton_at(!here.empty(), route.within.view()).empty()) {
      tell(moment, path, place,
           {"is one of the server's own mounts, which no reload reaches", "Leave it out of the list."}, report);
      continue;
    }
    const auto there =
        std::ranges::find_if(route.mounts, [&](MountId mount) { return moment.before.stored(mount).exists != 0; });
    if (there == route.mounts.end() || world.mount(*there).name_space == here) continue;
    tell(moment, path, place,
         {"lies in another namespace than the one that the request is sent to",
          fmt::format("Send the reload with `namespace: {}` and the path `{}`.", shown(world.mount(*there).name_space),
                      shown(world.mount(*there).local))},
         report);
  }
}

void check(const Moment& moment, Report& report) {
  const auto* reload = moment.as<Reload>();
  if (reload == nullptr || !moment.forecast.reply.ok() || moment.planned.step.fails) return;
  const NodeId node = handler_of(moment.before, moment.forecast);
  if (node == simulator::no_node) return;
  if (reload->mounts) {
    check_mounts(moment, *reload, report);
  } else if (reload->plugin) {
    if (const auto why = why_by_name(moment, node, *reload))
      tell(moment, *reload->plugin, moment.plan.where(moment.planned, "plugin"), *why, report);
  }
}

}  // namespace

extern const Rule reload_of_nothing;
constinit const Rule reload_of_nothing = {
    .id = "reload-of-nothing",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "taking-effect",
    .summary = "A reload names what no reload reaches, and the server answers as if it had been done",
    .why =
        "A reload by name acts on the mounts of that name, however many there are: a misspelt name, a database plugin "
        "or a mount of another "
        "namespace is not an error to most servers. Only OpenBao from 2.6 on refuses a name that it does not know.",
    .url = "https://developer.hashicorp.com/vault/api-docs/system/plugins-reload-backend",
    .check = StepCheck{check},
    .incident = "https://github.com/openbao/openbao/issues/2395",
};

}  // namespace replug::rules
