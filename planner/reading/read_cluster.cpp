#include "planner/reading/read_cluster.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "planner/reading/reader.h"
#include "simulator/medium/description.h"
#include "simulator/medium/server.h"
#include "text/printable.h"

namespace replug::planner {

namespace {

using simulator::Address;
using simulator::FileDescription;
using simulator::NodeDescription;
using simulator::Product;
using simulator::Replica;
using simulator::Role;
using simulator::Text;

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 12> cluster_keys{
    "server",           "nodes",   "storage", "namespaces", "replicas", "address",
    "plugin_directory", "catalog", "pins",    "secrets",    "auth",     "databases"};
constexpr std::array<std::string_view, 2> server_keys{"product", "version"};
constexpr std::array<std::string_view, 2> products{"vault", "openbao"};
constexpr std::array<std::string_view, 3> node_keys{"role", "replica", "plugin_directory"};
constexpr std::array<std::string_view, 3> roles{"active", "standby", "performance_standby"};
constexpr std::array<std::string_view, 2> replica_kinds{"performance_secondary", "dr_secondary"};
constexpr std::array<std::string_view, 5> file_keys{"sha256", "type", "reports_version", "multiplexed", "starts"};
constexpr std::array<std::string_view, 3> address_words{"active", "load_balancer", "each"};

/// Finds which of `words` a checked word is.
std::size_t place_of(std::string_view word, Words words) {
  return static_cast<std::size_t>(std::ranges::find(words, word) - words.begin());
}

// --- Files in a plugin directory ---

void read_long_file(const Values& values, const Node::Entry& entry, FileDescription& file) {
  const Node& value = *entry.value;
  values.only_keys(value, fmt::format("The file {}", quoted_name(entry.key->text())), file_keys);
  if (const Node* sha256 = given(value, "sha256")) {
    file.sha256 = values.name(*sha256, "sha256").value_or(Text{});
  } else {
    values.missing(*entry.key, fmt::format("The file {}", quoted_name(entry.key->text())), "sha256",
                   "`sha256sum FILE` prints it.");
  }
  if (const auto* type = value.find("type")) file.type = values.text(*type->value, "type").value_or(Text{});
  if (const auto* version = value.find("reports_version")) {
    file.reports_version = values.version(*version->value, "reports_version").value_or(Text{});
  }
  if (const auto* multiplexed = value.find("multiplexed")) {
    file.multiplexed = values.flag(*multiplexed->value, "multiplexed").value_or(false);
  }
  if (const auto* starts = value.find("starts")) file.starts = values.flag(*starts->value, "starts").value_or(true);
}

std::vector<FileDescription> read_plugin_directory(const Values& values, const Node& value) {
  std::vector<FileDescription> files;
  if (value.kind() == Node::Kind::null) return files;  // known to be empty
  if (!values.is_mapping(value, "plugin_directory", "Write `plugin_directory: {FILE: SHA256}`; `{}` if it is empty."))
    return files;
  for (const auto& entry : value.entries()) {
    FileDescription file;
    file.name = values.name(*entry.key, "plugin_directory").value_or(Text{});
    if (entry.value->kind() == Node::Kind::mapping) {
      read_long_file(values, entry, file);
    } else if (entry.value->kind() == Node::Kind::scalar) {
      file.sha256 = values.name(*entry.value, "sha256").value_or(Text{});
    } else {
      values.wrong_kind(*entry.value, fmt::format("The file {}", quoted_name(entry.key->text())),
                        "its sha256, or a mapping that has it", "`sha256sum FILE` prints it.");
    }
    files.push_back(file);
  }
  return files;
}

// --- The cluster ---

/// Reads the mapping under `cluster`. A part that comes from a file of its own is read from that file's document.
class ClusterReader {
 public:
  ClusterReader(const Values& values, const Node& node, Files& files, simulator::ClusterDescription& cluster,
                KnownCluster& known)
      : values_(values), node_(node), files_(files), cluster_(cluster), known_(known) {}

  void read() {
    values_.only_keys(node_, "`cluster`", cluster_keys);
    read_server_mapping();
    read_replicas();
    read_nodes();
    read_namespaces();
    if (const Node* storage = given(node_, "storage"))
      cluster_.storage = values_.text(*storage, "storage").value_or(Text{});
    if (const Node* address = given(node_, "address")) read_address(*address);
    if (const auto* directory = node_.find("plugin_directory")) {
      cluster_.plugin_directory_known = true;
      cluster_.plugin_directory = read_plugin_directory(values_, *directory->value);
    }
    read_stored(values_, node_, files_, namespaces_, cluster_);
  }

 private:
  // Server

  void read_server_mapping() {
    const auto* server = node_.find("server");
    const std::string help = "Write `server: {product: vault, version: 1.16.3}`.";
    if (server == nullptr) return values_.missing(node_, "`cluster`", "server", help);
    const Node& value = *server->value;
    if (!values_.is_mapping(value, "server", help)) return;
    values_.only_keys(value, "`server`", server_keys);
    const auto* product = value.find("product");
    const auto* version = value.find("version");
    if (product == nullptr)
      values_.missing(*server->key, "`server`", "product", "Add `product: vault` or `product: openbao`.");
    if (version == nullptr)
      values_.missing(*server->key, "`server`", "version", "Add it as the server prints it: `version: 1.16.3`.");
    const auto read = product == nullptr ? std::nullopt : read_product(values_, *product->value);
    if (!read) return;
    known_.product = *read;
    if (version == nullptr || !values_.version(*version->value, "version")) return;
    if (const auto release = read_server(values_, *version->value, *read)) {
      cluster_.server = *release;
      server_known_ = true;
      namespaces_.know_server();
    }
  }

  /// What only some servers have is a problem on the others; on a server that could not be read nothing is said.
  void tell_enterprise_only(const Node& at, std::string_view what) {
    if (!server_known_ || cluster_.server.enterprise) return;
    values_.problem(at, fmt::format("{} has no {}.", simulator::to_string(cluster_.server), what),
                    cluster_.server.product == Product::vault
                        ? "Only Vault Enterprise has; its version ends in +ent, as the server prints it."
                        : "Only Vault Enterprise has.");
  }

  // Nodes and replicas

  void read_replicas() {
    const Node* replicas = given(node_, "replicas");
    if (replicas == nullptr ||
        !values_.is_mapping(*replicas, "replicas", "Write `replicas: {eu: performance_secondary}`."))
      return;
    if (!replicas->entries().empty()) tell_enterprise_only(*node_.find("replicas")->key, "replicas");
    for (const auto& entry : replicas->entries()) {
      simulator::ReplicaDescription replica;
      replica.name = values_.name(*entry.key, "replicas").value_or(Text{});
      if (const auto kind = values_.word(*entry.value, entry.key->text(), replica_kinds)) {
        replica.kind = *kind == "dr_secondary" ? Replica::dr_secondary : Replica::performance_secondary;
      }
      replicas_.add(replica.name.view(), cluster_.replicas.size());
      replica_keys_.push_back(entry.key);
      cluster_.replicas.push_back(replica);
    }
  }

  void read_nodes() {
    const std::string help = "Write `nodes: {vault-0: {role: active}, vault-1: {role: standby}}`.";
    const auto* nodes = node_.find("nodes");
    if (nodes == nullptr) return values_.missing(node_, "`cluster`", "nodes", help);
    const Node& value = *nodes->value;
    if (!values_.is_mapping(value, "nodes", help)) return;
    if (value.entries().size() > ReadLimits::nodes) {
      values_.problem(value, fmt::format("The cluster has {} nodes; at most {} are read.", value.entries().size(),
                                         ReadLimits::nodes));
      return;
    }
    active_.assign(cluster_.replicas.size() + 1, nullptr);
    for (const auto& entry : value.entries()) read_node(entry);
    known_.nodes_known = true;
    // With a wrong role somewhere nobody knows whether one is active.
    if (roles_known_) tell_without_active(*nodes->key);
  }

  void read_node(const Node::Entry& entry) {
    NodeDescription node;
    node.name = values_.name(*entry.key, "nodes").value_or(Text{});
    if (std::ranges::find(address_words, node.name.view()) != address_words.end()) {
      values_.problem(*entry.key, fmt::format("A node cannot be called `{}`: in `at` the word means something else.",
                                              node.name.view()));
    }
    known_.nodes.add(node.name.view(), cluster_.nodes.size());
    const Node& value = *entry.value;
    const std::string owner = fmt::format("The node {}", quoted_name(entry.key->text()));
    if (value.kind() == Node::Kind::mapping) {
      values_.only_keys(value, owner, node_keys);
      read_replica_of(value, node);
      read_role(entry, owner, node);
      if (const auto* directory = value.find("plugin_directory")) {
        cluster_.plugin_directory_known = true;
        node.own_plugin_directory = true;
        node.plugin_directory = read_plugin_directory(values_, *directory->value);
      }
    } else {
      roles_known_ = false;
      values_.wrong_kind(value, owner, "a mapping", "Write `{role: active}` or `{role: standby}`.");
    }
    cluster_.nodes.push_back(std::move(node));
  }

  void read_replica_of(const Node& value, NodeDescription& node) {
    const Node* replica = given(value, "replica");
    if (replica == nullptr) return;
    const auto name = values_.name(*replica, "replica");
    if (!name) return;
    if (replicas_.find(name->view())) {
      node.replica = *name;
      return;
    }
    roles_known_ = false;
    values_.problem(*replica, fmt::format("There is no replica {} in `replicas`.", quoted_name(name->view())),
                    values_.did_you_mean(name->view(), replicas_.all(),
                                         fmt::format("Add `replicas: {{{}: performance_secondary}}` to the cluster.",
                                                     text::printable(name->view()))));
  }

  void read_role(const Node::Entry& entry, const std::string& owner, NodeDescription& node) {
    const auto* role = entry.value->find("role");
    if (role == nullptr) values_.missing(*entry.key, owner, "role", "Add `role: active` or `role: standby`.");
    const auto word = role == nullptr ? std::nullopt : values_.word(*role->value, "role", roles);
    if (!word) {
      roles_known_ = false;
      return;
    }
    node.role = std::array{Role::active, Role::standby, Role::performance_standby}[place_of(*word, roles)];
    if (node.role == Role::performance_standby) tell_enterprise_only(*role->value, "performance standbys");
    if (node.role == Role::active) note_active(*role->value, node);
  }

  void note_active(const Node& role, const NodeDescription& node) {
    const Node*& first = active_[node.replica.empty() ? 0 : *replicas_.find(node.replica.view()) + 1];
    if (first == nullptr) {
      first = &role;
      return;
    }
    values_.problem(role, fmt::format("A second node is active{}.", of_replica(node.replica)),
                    "Exactly one node of a cluster is active.", {{"the first one", values_.place(*first)}});
  }

  void tell_without_active(const Node& nodes) {
    if (active_[0] == nullptr) {
      values_.problem(nodes, "No node is active.", "Exactly one node of a cluster has `role: active`.");
    }
    for (std::size_t i = 0; i < cluster_.replicas.size(); ++i) {
      if (active_[i + 1] != nullptr) continue;
      values_.problem(*replica_keys_[i], fmt::format("No node is active{}.", of_replica(cluster_.replicas[i].name)),
                      "Exactly one node of a replicated cluster has `role: active`.");
    }
  }

  static std::string of_replica(Text replica) {
    return replica.empty() ? "" : fmt::format(" in the replica {}", quoted_name(replica.view()));
  }

  // Namespaces and address

  void read_namespaces() {
    const Node* namespaces = given(node_, "namespaces");
    if (namespaces == nullptr || !values_.is_list(*namespaces, "namespaces", "Write `namespaces: [team-a/]`.")) return;
    for (const Node* item : namespaces->items()) {
      const auto name = values_.name_space(*item, "namespaces");
      if (name && !name->empty()) namespaces_.add(values_, *name, *item);
    }
  }

  void read_address(const Node& value) {
    const std::string_view word = value.text();
    if (word == "active" || word == "load_balancer") {
      cluster_.address.who = word == "active" ? Address::Who::active : Address::Who::load_balancer;
      return;
    }
    if (const auto node = values_.node(value, "address", known_)) cluster_.address = {Address::Who::node, *node};
  }

  const Values& values_;
  const Node& node_;
  Files& files_;
  simulator::ClusterDescription& cluster_;
  KnownCluster& known_;
  bool server_known_ = false;
  bool roles_known_ = true;
  Names replicas_;
  std::vector<const Node*> replica_keys_;
  std::vector<const Node*> active_;  ///< the role of the active node: of the primary, then of each replica
  Namespaces namespaces_{cluster_};
};

}  // namespace

std::optional<Product> read_product(const Values& values, const Node& value) {
  const auto word = values.word(value, "product", products);
  if (!word) return std::nullopt;
  return *word == "vault" ? Product::vault : Product::openbao;
}

std::optional<simulator::Server> read_server(const Values& values, const Node& version, Product product) {
  auto server = simulator::parse_server(product, version.text());
  if (!server) {
    values.problem(version, fmt::format("{} is no version of a server.", quoted_name(version.text())),
                   "Write it as the server prints it, for example `1.16.3`, `1.16.3+ent` or `2.6.2`.");
    return std::nullopt;
  }
  if (!simulator::is_too_old(*server)) return server;
  values.problem(version, fmt::format("{} is too old to be simulated.", simulator::to_string(*server)),
                 "Vault from 1.11 and OpenBao from 2.0 are known.");
  return std::nullopt;
}

void Namespaces::add(const Values& values, Text name, const Node& at) {
  if (names_.find(name.view())) return;
  if (server_known_ && names_.all().empty() && !simulator::capabilities_of(cluster_.server).has_namespaces) {
    values.problem(at, fmt::format("{} has no namespaces.", simulator::to_string(cluster_.server)),
                   "Vault Enterprise has (its version ends in +ent), and OpenBao from 2.3.");
  }
  names_.add(name.view(), cluster_.namespaces.size());
  cluster_.namespaces.push_back(name);
}

Text Namespaces::around(std::string_view path) const {
  for (auto slash = path.rfind('/'); slash != std::string_view::npos && slash > 0; slash = path.rfind('/', slash - 1)) {
    if (const auto place = names_.find(path.substr(0, slash + 1))) return cluster_.namespaces[*place];
  }
  return {};
}

void read_cluster(const Values& values, const Node& mapping, Files& files, simulator::ClusterDescription& cluster,
                  KnownCluster& known) {
  ClusterReader(values, mapping, files, cluster, known).read();
}

}  // namespace replug::planner
