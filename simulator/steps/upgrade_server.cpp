#include "simulator/steps/upgrade_server.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/high_availability.h"
#include "simulator/vault/messages.h"

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

std::optional<Server> server_after(const UpgradeServer& step, Product before) {
  return parse_server(product_named(step).value_or(before), step.version.view());
}

void declare(const UpgradeServer& step, const Scope& /*scope*/, WorldBuilder& world) {
  world.server(product_named(step), step.version);
}

Reply apply(const UpgradeServer& step, const Scope& /*scope*/, Cluster& cluster) {
  const World& world = cluster.world();
  const NodeId node = world.node(step.node);
  const ServerId old_server = cluster.node(node).server;
  const auto server = server_after(step, world.server(old_server).product);
  Reply reply = happened();
  if (!server) {
    reply.remarks.emplace_back(Code::server_not_modelled, step.version);
    return reply;
  }
  upgrade_server(cluster, node, world.server_id(*server), node_named(cluster, step.to));
  if (is_newer_than_known(*server)) {
    reply.remarks.emplace_back(
        server->product == Product::vault ? Code::newer_vault_unverified : Code::newer_openbao_unverified,
        newest_known(server->product), step.version);
  }
  if (world.capabilities(old_server).has_plugin_versions && !capabilities_of(*server).has_plugin_versions) {
    reply.remarks.emplace_back(Code::versions_unknown_unverified);
  }
  return reply;
}

std::string command_line(const UpgradeServer& step, const Terminal& /*terminal*/) {
  return fmt::format("(install {} {} and restart the server)  # on {}", step.product ? step.product->view() : "version",
                     step.version.view(), step.node.view());
}

}  // namespace replug::simulator
