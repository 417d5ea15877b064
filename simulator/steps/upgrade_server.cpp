#include "simulator/steps/upgrade_server.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/high_availability.h"

namespace replug::simulator {

void accesses(const UpgradeServer& /*step*/, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::everything, Text{}, true});
}

namespace {

std::optional<Product> product_named(const UpgradeServer& step) {
  if (!step.product) return std::nullopt;
  return step.product->view() == "openbao" ? Product::openbao : Product::vault;
}

}  // namespace

void declare(const UpgradeServer& step, const Scope& /*scope*/, WorldBuilder& world) {
  world.server(product_named(step), step.version);
}

Reply apply(const UpgradeServer& step, const Scope& /*scope*/, Cluster& cluster) {
  const World& world = cluster.world();
  const NodeId node = world.node(step.node);
  const ServerId old_server = cluster.node(node).server;
  const auto server = parse_server(product_named(step).value_or(world.server(old_server).product), step.version.view());
  Reply reply = happened();
  if (!server) {
    reply.not_modelled.push_back(fmt::format("a server of version {}", step.version.view()));
    return reply;
  }
  upgrade_server(cluster, node, world.server_id(*server), node_named(cluster, step.to));
  if (is_newer_than_known(*server)) {
    reply.unverified.push_back(fmt::format("{} is newer than what is known; it is simulated as {}", to_string(*server),
                                           newest_known(server->product)));
  }
  if (world.capabilities(old_server).has_plugin_versions && !capabilities_of(*server).has_plugin_versions) {
    reply.unverified.emplace_back(
        "what a server without plugin versions makes of versioned entries and mounts: never seen on a server");
  }
  return reply;
}

std::string command_line(const UpgradeServer& step, const Terminal& /*terminal*/) {
  return fmt::format("(install {} {} and restart the server)  # on {}", step.product ? step.product->view() : "version",
                     step.version.view(), step.node.view());
}

}  // namespace replug::simulator
