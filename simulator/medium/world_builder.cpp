#include "simulator/medium/world_builder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string>

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/go_sort.h"
#include "simulator/steps/step.h"
#include "simulator/vault/high_availability.h"
#include "simulator/vault/processes.h"

namespace replug::simulator {

namespace {

std::uint64_t pair_of(std::uint32_t first, std::uint32_t second) { return (std::uint64_t{first} << 32) | second; }

std::uint32_t count_of(const auto& items) { return static_cast<std::uint32_t>(items.size()); }

std::string key_of(std::string_view type, std::string_view name, std::string_view version) {
  return fmt::format("{}\n{}\n{}", type, name, version);
}

std::uint32_t counted(std::int64_t leases) {
  return static_cast<std::uint32_t>(std::min<std::int64_t>(leases, most_leases));
}

}  // namespace

std::shared_ptr<const World> World::make(const ClusterDescription& cluster, std::span<const Step> steps,
                                         std::span<const Expectation> expect, Texts& texts) {
  WorldBuilder builder(cluster, texts);
  for (const Step& step : steps) {
    if (!step.name_space.empty()) builder.route(step.name_space, Text{});
    const Scope scope{step.name_space, no_node};
    std::visit([&](const auto& action) { declare(action, scope, builder); }, step.action);
    for (const Expectation& expectation : step.expect) builder.expectation(expectation);
  }
  for (const Expectation& expectation : expect) builder.expectation(expectation);
  return builder.finish();
}

WorldBuilder::WorldBuilder(const ClusterDescription& cluster, Texts& texts) : world_(new World), texts_(&texts) {
  world_->description_ = cluster;
  world_->texts_ = &texts;
  world_->records_.emplace_back();               // 0: no record
  world_->binaries_.resize(assumed_binary + 1);  // 0: no file, 1: a file that is not described
  describe_cluster();
}

void WorldBuilder::version(Text text) {
  auto& versions = world_->versions_;
  if (versions.size() <= text.id()) versions.resize(std::max<std::size_t>(text.id() + 1, versions.size() * 2));
  const auto strict = parse_version(text.view(), Strictness::semver);
  const auto lax = strict ? strict : parse_version(text.view(), Strictness::lax);
  VersionText info;
  info.semver = strict.has_value();
  info.lax = lax.has_value();
  info.builtin = lax && lax->is_builtin();
  if (lax) info.canonical = texts_->intern(lax->canonical());
  versions[text.id()] = info;
  if (const Text canonical = info.canonical; !canonical.empty() && canonical != text) version(canonical);
}

void WorldBuilder::plugin(Text type, Text name) {
  if (const auto known = parse_plugin_type(type.view())) plugin(*known, name);
}

PluginId WorldBuilder::plugin(PluginType type, Text name) {
  const auto [place, added] =
      world_->plugin_of_.try_emplace(pair_of(static_cast<std::uint32_t>(type), name.id()), count_of(world_->plugins_));
  if (added) {
    world_->plugins_.push_back({type, name, no_entry, {}});
    world_->plugins_.back().unversioned = count_of(world_->entries_);
    world_->entries_.push_back({place->second, Text{}});
  }
  return place->second;
}

EntryId WorldBuilder::entry(PluginId plugin, Text version_text) {
  if (version_text.empty()) return world_->plugins_[plugin].unversioned;
  const auto [place, added] =
      world_->entry_of_.try_emplace(pair_of(plugin, version_text.id()), count_of(world_->entries_));
  if (added) {
    version(version_text);
    world_->entries_.push_back({plugin, version_text});
    world_->plugins_[plugin].versions.push_back(place->second);
  }
  return place->second;
}

void WorldBuilder::file(Text name) {
  const auto [place, added] = world_->file_of_.try_emplace(name.id(), count_of(world_->files_));
  if (added) world_->files_.push_back(name);
}

void WorldBuilder::binary(const Binary& contents, Text file_name) {
  file(file_name);
  Binary lower = contents;
  lower.sha256 = texts_->intern(lower_case(contents.sha256.view()));
  const auto [place, added] = world_->binary_of_.try_emplace(lower, count_of(world_->binaries_));
  if (!added) return;
  world_->binaries_.push_back(lower);
  if (lower.multiplexed) multiplexed_.insert(lower.sha256.id());
  if (lower.reports_version.empty()) return;
  version(lower.reports_version);
  auto& reported = reported_[lower.sha256.id()];
  if (std::ranges::find(reported, lower.reports_version) == reported.end()) reported.push_back(lower.reports_version);
}

Text WorldBuilder::join(Text name_space, Text path) {
  if (name_space.empty()) return path;
  auto& known = world_->full_paths_[pair_of(name_space.id(), path.id())];
  if (known.empty()) known = texts_->intern(fmt::format("{}{}", name_space.view(), path.view()));
  return known;
}

void WorldBuilder::mount(Text name_space, Text path, Text plugin_name) {
  paths_.emplace_back(join(name_space, path), plugin_name);
  if (plugin_name.empty()) return;
  // Which table it is in is known once the namespaces are; the name is declared for both kinds.
  plugin(PluginType::secret, plugin_name);
  plugin(PluginType::auth, plugin_name);
}

void WorldBuilder::move(Text name_space, Text from, Text to) {
  paths_.emplace_back(join(name_space, from), Text{});
  paths_.emplace_back(join(name_space, to), Text{});
  moves_.emplace_back(join(name_space, from), join(name_space, to));
}

void WorldBuilder::connection(Text name_space, Text mount_path, Text name) {
  path(name_space, mount_path);
  connections_.emplace_back(join(name_space, mount_path), name);
}

void WorldBuilder::connection(Text name_space, Text label) {
  const std::string_view text = label.view();
  const std::size_t slash = text.rfind('/');
  if (slash == std::string_view::npos) return;
  connection(name_space, texts_->intern(text.substr(0, slash + 1)), texts_->intern(text.substr(slash + 1)));
  labels_.emplace_back(name_space, label);
}

void WorldBuilder::server(std::optional<Product> product, Text version_text) {
  for (const Product each : {Product::vault, Product::openbao}) {
    if (product && *product != each) continue;
    if (const auto parsed = parse_server(each, version_text.view())) server(*parsed);
  }
}

void WorldBuilder::server(const Server& release) {
  const auto id = static_cast<ServerId>(world_->servers_.size());
  if (world_->server_of_.try_emplace(release, id).second) world_->servers_.push_back(release);
}

void WorldBuilder::restored(std::optional<Text> name) {
  world_->snapshots_.try_emplace(name.value_or(Text{}).id(), count_of(world_->snapshots_));
}

void WorldBuilder::registration(const Register& step) {
  registrations_.push_back(&step);
  version(step.version);
  const auto known = parse_plugin_type(step.type.view());
  const Text name = known ? step.name : texts_->intern(untyped_name(step));
  for (const PluginType type : {PluginType::auth, PluginType::database, PluginType::secret}) {
    if (!known || *known == type) plugin(type, name);
  }
}

void WorldBuilder::expectation(const Expectation& expectation) {
  switch (expectation.subject) {
    case Expectation::Subject::mount:
      path(Text{}, expectation.mount);
      break;
    case Expectation::Subject::database:
      connection(Text{}, expectation.mount, expectation.connection);
      break;
    case Expectation::Subject::plugin:
      plugin(expectation.type, expectation.name);
      version(expectation.version);
      if (const auto type = parse_plugin_type(expectation.type.view()))
        entry(plugin(*type, expectation.name), canonical_of(expectation.version));
      break;
  }
  for (const Claim& claim : expectation.claims) {
    if (!claim.value.empty()) version(claim.value);
  }
}

Text WorldBuilder::canonical_of(Text text) const {
  const Text canonical = world_->version(text).canonical;
  return canonical.empty() ? text : canonical;
}

// ---------------------------------------------------------------------------------------------------- the described
// cluster

void WorldBuilder::describe_cluster() {
  const ClusterDescription& cluster = world_->description_;
  server(cluster.server);
  world_->replica_kinds_.push_back(Replica::primary);
  for (const ReplicaDescription& replica : cluster.replicas) world_->replica_kinds_.push_back(replica.kind);
  for (NodeId id = 0; id < cluster.nodes.size(); ++id) {
    const NodeDescription& node = cluster.nodes[id];
    world_->node_of_.emplace(node.name.id(), id);
    const auto replica = std::ranges::find(cluster.replicas, node.replica, &ReplicaDescription::name);
    const bool secondary = !node.replica.empty() && replica != cluster.replicas.end();
    world_->node_replica_.push_back(secondary ? static_cast<std::uint32_t>(replica - cluster.replicas.begin()) + 1 : 0);
  }
  for (const Text name : cluster.namespaces) named_namespaces_.push_back(name);
  for (const MountDescription& mount_there : cluster.mounts) {
    if (!mount_there.name_space.empty()) named_namespaces_.push_back(mount_there.name_space);
  }
  for (const PinDescription& pin : cluster.pins) {
    if (const auto type = parse_plugin_type(pin.type.view()))
      pinned_.try_emplace(pair_of(static_cast<std::uint32_t>(*type), pin.name.id()), pin.version);
  }
  describe_files();
  describe_catalog();
  describe_mounts();
  for (const PinDescription& pin : cluster.pins) {
    version(pin.version);
    // A pin may be told without its entry being told: it is in force all the same, and finds nothing.
    if (const auto type = parse_plugin_type(pin.type.view())) entry(plugin(*type, pin.name), canonical_of(pin.version));
  }
}

void WorldBuilder::describe_files() {
  const auto describe = [this](const FileDescription& there) {
    binary({there.sha256, there.type, there.reports_version, there.multiplexed, there.starts}, there.name);
  };
  for (const FileDescription& there : world_->description_.plugin_directory) describe(there);
  for (const NodeDescription& node : world_->description_.nodes) {
    for (const FileDescription& there : node.plugin_directory) describe(there);
  }
}

void WorldBuilder::describe_catalog() {
  for (const EntryDescription& there : world_->description_.catalog) {
    Register& step = described_.emplace_back();
    step.type = there.type;
    step.name = there.name;
    step.sha256 = there.sha256;
    if (!there.version.empty()) step.version = there.version;
    if (!there.command.empty()) step.command = there.command;
    step.args = there.args;
    step.env = there.env;
    if (!there.oci_image.empty()) step.oci_image = there.oci_image;
    if (!there.runtime.empty()) step.runtime = there.runtime;
    registration(step);
    entries_described_[key_of(there.type.view(), there.name.view(), canonical_of(there.version).view())] = &step;
  }
}

// What a described mount or connection runs, as the entry it was started from; nullptr for a built-in.
const Register* WorldBuilder::running_entry(PluginType type, Text name, Text version_text,
                                            const std::optional<Text>& sha256) {
  version(version_text);
  const bool no_sha = !sha256 || sha256->empty();
  const auto found = entries_described_.find(key_of(to_string(type), name.view(), canonical_of(version_text).view()));
  const bool builtin = simulator::is_builtin(world_->servers_.front(), to_string(type), name.view());
  if (simulator::is_core(to_string(type), name.view()) || world_->version(version_text).builtin) return nullptr;
  if (found == entries_described_.end() && no_sha && builtin && version_text.empty()) return nullptr;
  if (found != entries_described_.end() &&
      (no_sha || lower_case(sha256->view()) == lower_case(found->second->sha256.view()))) {
    return found->second;
  }
  // It runs something that the catalog no longer has: the entry was overwritten or deregistered since.
  Register& step = described_.emplace_back();
  if (found != entries_described_.end()) step = *found->second;
  step.type = texts_->intern(to_string(type));
  step.name = name;
  if (!version_text.empty()) step.version = canonical_of(version_text);
  step.sha256 = sha256.value_or(Text{});
  registration(step);
  return &step;
}

void WorldBuilder::describe_mounts() {
  for (const MountDescription& there : world_->description_.mounts) {
    mount(Text{}, there.path, there.plugin);
    version(there.plugin_version);
    const PluginType type = there.auth ? PluginType::auth : PluginType::secret;
    const Text runs = there.running_version.value_or(pinned_or(type, there.plugin, there.plugin_version));
    running_.push_back(running_entry(type, there.plugin, runs, there.running_sha256));
  }
  const Text database = texts_->intern("database");
  for (const ConnectionDescription& there : world_->description_.connections) {
    mount(Text{}, there.mount, database);
    connection(Text{}, there.mount, there.connection);
    plugin(PluginType::database, there.plugin);
    version(there.plugin_version);
    const Text runs =
        there.running_version.value_or(pinned_or(PluginType::database, there.plugin, there.plugin_version));
    connected_.push_back(running_entry(PluginType::database, there.plugin, runs, std::nullopt));
  }
}

Text WorldBuilder::pinned_or(PluginType type, Text name, Text otherwise) const {
  const auto pin = pinned_.find(pair_of(static_cast<std::uint32_t>(type), name.id()));
  return pin == pinned_.end() ? otherwise : pin->second;
}

// ---------------------------------------------------------------------------------------------------- numbering

std::shared_ptr<const World> WorldBuilder::finish() {
  number_mounts();
  follow_moves();
  number_connections();
  find_overlaps();
  find_routes();
  number_records();
  sort_versions();
  fill_builtins();
  name_entries();
  lay_out();
  world_->initial_ = State(world_->layout_);
  Cluster cluster(*world_, world_->initial_);
  fill_storage(cluster);
  fill_nodes(cluster);
  cluster.rebuild_links();
  assume();
  return world_;
}

void WorldBuilder::number_mounts() {
  for (const Text name : named_namespaces_) world_->namespaces_.insert(name.id());
  std::vector<MountPath> paths;
  for (const auto& [path_text, name] : paths_) {
    if (!world_->mount_of_.try_emplace(path_text.id(), 0).second) continue;
    paths.push_back(mount_path(path_text));
  }
  // Secrets engines get the lower numbers, each table by path: then a table is a range of numbers, in the order in
  // which people list it.
  std::ranges::sort(paths, [](const MountPath& left, const MountPath& right) {
    return left.auth != right.auth ? right.auth : left.path.view() < right.path.view();
  });
  for (MountId id = 0; id < paths.size(); ++id) world_->mount_of_[paths[id].path.id()] = id;
  secrets_mounts_ = static_cast<std::uint32_t>(std::ranges::count(paths, false, &MountPath::auth));
  world_->mounts_ = std::move(paths);
}

MountPath WorldBuilder::mount_path(Text path_text) {
  MountPath result;
  result.path = path_text;
  // The innermost namespace is the longest one that the path begins with.
  for (std::size_t slash = path_text.view().size(); slash-- > 0;) {
    if (path_text.view()[slash] != '/') continue;
    const Text name = texts_->find(path_text.view().substr(0, slash + 1));
    if (name.empty() || name == path_text || !world_->namespaces_.contains(name.id())) continue;
    result.name_space = name;
    break;
  }
  const std::string_view local = path_text.view().substr(result.name_space.view().size());
  result.local = texts_->intern(local);
  result.auth = local.starts_with("auth/");
  result.shown = result.auth ? texts_->intern(local.substr(5)) : result.local;
  result.segments = static_cast<std::uint32_t>(std::ranges::count(path_text.view(), '/')) - (result.auth ? 1 : 0);
  return result;
}

void WorldBuilder::follow_moves() {
  // What may be mounted at a path may be moved on: plugins and connections follow the moves until nothing new is found.
  // A path that is the end of many moves is looked at once for each plugin name, which the number of names in the plan
  // bounds.
  std::vector<std::pair<MountId, Text>> reached;
  std::unordered_map<std::uint64_t, bool> seen;
  const auto reach = [&](MountId at, Text name) {
    if (!name.empty() && seen.try_emplace(pair_of(at, name.id()), true).second) reached.emplace_back(at, name);
  };
  for (const auto& [from, to] : moves_) moved_to_[world_->mount(from)].push_back(world_->mount(to));
  for (const auto& [path_text, name] : paths_) reach(world_->mount(path_text), name);
  for (std::size_t next = 0; next < reached.size();) {  // it grows on the way
    const auto [at, name] = reached[next++];
    world_->mounts_of_plugin_[name.id()].push_back(at);
    if (const auto found = moved_to_.find(at); found != moved_to_.end()) {
      for (const MountId to : found->second) reach(to, name);
    }
  }
  if (const auto found = world_->mounts_of_plugin_.find(texts_->find("database").id());
      found != world_->mounts_of_plugin_.end()) {
    world_->database_mounts_ = found->second;
    std::ranges::sort(world_->database_mounts_);
  }
}

void WorldBuilder::number_connections() {
  std::vector<std::pair<MountId, Text>> found;
  std::unordered_map<std::uint64_t, bool> seen;
  const auto add = [&](MountId mount_there, Text name) {
    if (seen.try_emplace(pair_of(mount_there, name.id()), true).second) found.emplace_back(mount_there, name);
  };
  for (const auto& [mount_text, name] : connections_) add(world_->mount(mount_text), name);
  for (std::size_t next = 0; next < found.size();) {  // it grows on the way
    const auto [from, name] = found[next++];
    if (const auto targets = moved_to_.find(from); targets != moved_to_.end()) {
      for (const MountId to : targets->second) add(to, name);
    }
  }
  // By mount and name: the order in which Vault lists the connections of an engine.
  std::ranges::sort(found, [](const auto& left, const auto& right) {
    return left.first != right.first ? left.first < right.first : left.second.view() < right.second.view();
  });
  for (const auto& [mount_there, name] : found) {
    const ConnectionId id = count_of(world_->connections_);
    const Text label = texts_->intern(fmt::format("{}{}", world_->mounts_[mount_there].path.view(), name.view()));
    world_->connections_.push_back({mount_there, name, label});
    world_->connection_of_.emplace(pair_of(mount_there, name.id()), id);
    world_->mounts_[mount_there].connections.push_back(id);
  }
  for (const auto& [name_space, label] : labels_) {
    const std::size_t slash = label.view().rfind('/');
    const Text path_text = join(name_space, texts_->find(label.view().substr(0, slash + 1)));
    const Text name = texts_->find(label.view().substr(slash + 1));
    world_->connection_of_label_[pair_of(name_space.id(), label.id())] =
        world_->connection(world_->mount(path_text), name);
  }
}

void WorldBuilder::find_overlaps() {
  auto& overlapping = world_->overlapping_;
  overlapping.resize(world_->mounts_.size());
  std::vector<std::vector<MountId>> below(world_->mounts_.size());
  for (MountId id = 0; id < world_->mounts_.size(); ++id) {
    const std::string_view path_text = world_->mounts_[id].path.view();
    overlapping[id].push_back(id);
    for (std::size_t slash = path_text.size() - 1; slash != std::string_view::npos && slash > 0;) {
      slash = path_text.rfind('/', slash - 1);
      if (slash == std::string_view::npos) break;
      const Text above = texts_->find(path_text.substr(0, slash + 1));
      const MountId other = above.empty() ? no_mount : world_->mount(above);
      if (other == no_mount) continue;
      overlapping[id].push_back(other);
      below[other].push_back(id);
    }
  }
  for (MountId id = 0; id < below.size(); ++id)
    overlapping[id].insert(overlapping[id].end(), below[id].begin(), below[id].end());
}

void WorldBuilder::find_routes() {
  for (const auto& [name_space, path_text] : routes_) {
    auto& route_there = world_->routes_[pair_of(name_space.id(), path_text.id())];
    if (!route_there.within.empty()) continue;
    route_there.namespace_exists = world_->namespace_exists(name_space);
    const Text full = texts_->intern(fmt::format("{}{}", name_space.view(), path_text.view()));
    const std::string_view text = full.view();
    for (std::size_t slash = text.size(); slash-- > 0;) {
      if (text[slash] != '/') continue;
      const Text prefix = texts_->find(text.substr(0, slash + 1));
      const MountId there = prefix.empty() ? no_mount : world_->mount(prefix);
      if (there != no_mount) route_there.mounts.push_back(there);
    }
    route_there.within = mount_path(full).local;
  }
}

void WorldBuilder::number_records() {
  for (const Register* step : registrations_) {
    const auto known = parse_plugin_type(step->type.view());
    const Text name = known ? step->name : texts_->find(untyped_name(*step));
    const Text sha256 = texts_->intern(lower_case(step->sha256.view()));
    file(texts_->intern(command_file(step->command.value_or(step->name).view())));
    texts_->intern(arguments_of(*step));
    texts_->intern(environment_of(*step));
    texts_->intern(image_of(*step));
    std::vector<Text> versions = {Text{}};
    if (step->version && !step->version->empty()) versions.push_back(canonical_of(*step->version));
    if (const auto found = reported_.find(sha256.id()); found != reported_.end()) {
      versions.insert(versions.end(), found->second.begin(), found->second.end());
    }
    for (const PluginType type : {PluginType::auth, PluginType::database, PluginType::secret}) {
      if (known && *known != type) continue;
      const PluginId id = plugin(type, name);
      for (const Text each : versions) record(world_->content(*step, id, entry(id, each)));
    }
  }
}

void WorldBuilder::record(const Record& content) {
  const auto [place, added] = world_->record_of_.try_emplace(content, count_of(world_->records_));
  if (added) world_->records_.push_back(content);
}

// Vault sorts by version and leaves equivalent ones (v1.0.0 and v1.0.0+ent) in the order of their storage keys.
// go-version's order is not transitive in its corners, so the sort has to be one that bears that: Go's.
void WorldBuilder::sort_versions() {
  struct Keyed {
    std::optional<Version> version;
    EntryId entry;
  };
  for (Plugin& each : world_->plugins_) {
    std::vector<Keyed> keyed;
    for (const EntryId id : each.versions) {
      keyed.push_back({parse_version(world_->entries_[id].version.view(), Strictness::lax), id});
    }
    const auto text_of = [this](const Keyed& one) { return world_->entries_[one.entry].version.view(); };
    std::ranges::stable_sort(keyed, {}, text_of);
    go_stable_sort(std::span(keyed), [](const Keyed& left, const Keyed& right) {
      if (!left.version || !right.version) return !left.version && right.version.has_value();
      return compare(*left.version, *right.version) < 0;
    });
    std::ranges::transform(keyed, each.versions.begin(), &Keyed::entry);
  }
}

void WorldBuilder::fill_builtins() {
  std::vector<PluginId> known;
  for (PluginId id = 0; id < world_->plugins(); ++id) {
    const Plugin& there = world_->plugins_[id];
    const bool core = simulator::is_core(to_string(there.type), there.name.view());
    const bool ever = core || simulator::is_ever_builtin(to_string(there.type), there.name.view());
    world_->core_.push_back(core);
    world_->builtin_column_.push_back(ever ? count_of(known) : World::never_builtin);
    if (ever) known.push_back(id);
  }
  world_->builtin_columns_ = count_of(known);
  for (const Server& each : world_->servers_) {
    world_->capabilities_.push_back(capabilities_of(each));
    for (const PluginId id : known) world_->builtins_.push_back(builtin(each, id));
  }
}

World::Builtin WorldBuilder::builtin(const Server& server, PluginId id) {
  const Plugin& there = world_->plugins_[id];
  World::Builtin builtin;
  builtin.exists = simulator::is_builtin(server, to_string(there.type), there.name.view());
  if (!builtin.exists && !world_->core_[id]) return builtin;
  const auto text = simulator::builtin_version(server, to_string(there.type), there.name.view());
  builtin.version = text ? texts_->intern(*text) : Text{};
  if (text) version(builtin.version);
  return builtin;
}

void WorldBuilder::name_entries() {
  for (const Plugin& each : world_->plugins_) {
    world_->plugin_labels_.push_back(texts_->intern(fmt::format("{} {}", to_string(each.type), each.name.view())));
  }
  for (const CatalogKey& each : world_->entries_) {
    const std::string_view plugin_label = world_->plugin_labels_[each.plugin].view();
    world_->entry_labels_.push_back(each.version.empty()
                                        ? world_->plugin_labels_[each.plugin]
                                        : texts_->intern(fmt::format("{} {}", plugin_label, each.version.view())));
  }
  for (const std::string_view word :
       {"running", "respawns", "broken", "absent", "active", "standby", "performance_standby", "true", "false"}) {
    texts_->intern(word);
  }
  for (const Server& each : world_->servers_) texts_->intern(to_string(each));
}

void WorldBuilder::lay_out() {
  constexpr std::uint32_t bits = 64;
  Counts counts;
  counts.nodes = world_->nodes();
  counts.mounts = world_->mounts();
  counts.connections = world_->connections();
  counts.users = counts.mounts + counts.connections;
  counts.entries = world_->entries();
  counts.plugins = world_->plugins();
  counts.records = world_->records();
  counts.files = world_->files();
  counts.snapshots = count_of(world_->snapshots_);
  counts.order = counts.mounts + 2;
  counts.mount_words = counts.mounts / bits + 1;
  counts.connection_words = counts.connections / bits + 1;
  world_->layout_ = Layout(counts, secrets_mounts_);
}

// ---------------------------------------------------------------------------------------------------- the initial
// state

void WorldBuilder::fill_storage(Cluster& cluster) {
  const ClusterDescription& description = world_->description_;
  const Capabilities& can = world_->capabilities_.front();
  for (std::size_t i = 0; i < description.catalog.size(); ++i) {
    const Register& there = described_[i];
    const auto type = parse_plugin_type(there.type.view());
    if (!type) continue;
    const EntryId id = entry(plugin(*type, there.name), there.version ? canonical_of(*there.version) : Text{});
    cluster.edit_entry(id) =
        make_entry(world_->record_of(there, world_->entries_[id].plugin, id), can.writes_types_as_words);
  }
  for (const PinDescription& pin : description.pins) {
    const auto type = parse_plugin_type(pin.type.view());
    const EntryId id = type ? world_->entry(plugin(*type, pin.name), canonical_of(pin.version)) : no_entry;
    if (id != no_entry) cluster.edit_pin(world_->entries_[id].plugin) = id + 1;
  }
  for (const ConnectionDescription& there : description.connections) {
    const ConnectionId id = world_->connection(world_->mount(there.mount), there.connection);
    cluster.edit_connection(id) = {there.plugin.id(), canonical_of(there.plugin_version).id(), 1, 1,
                                   counted(there.leases) & most_leases};
  }
}

void WorldBuilder::fill_nodes(Cluster& cluster) {
  const ClusterDescription& description = world_->description_;
  for (NodeId id = 0; id < description.nodes.size(); ++id) {
    const NodeDescription& node = description.nodes[id];
    cluster.edit_node(id) = {0, static_cast<std::uint8_t>(node.role), 0, 0, 0, 0};
    if (!description.plugin_directory_known) {
      for (FileId each = 0; each < world_->files(); ++each) cluster.edit_file(id, each) = assumed_binary;
    }
    const auto place = [&](const FileDescription& there) {
      const Binary contents{texts_->find(lower_case(there.sha256.view())), there.type, there.reports_version,
                            there.multiplexed, there.starts};
      cluster.edit_file(id, world_->file(there.name)) = world_->binary(contents);
    };
    for (const FileDescription& there : description.plugin_directory) place(there);
    for (const FileDescription& there : node.plugin_directory) place(there);
  }
  std::vector<MountId> stored;
  for (std::size_t i = 0; i < description.mounts.size(); ++i) stored.push_back(fill_mount(cluster, i));
  for (const ConnectionDescription& there : description.connections) fill_engine_of(cluster, there, stored);
  for (NodeId id = 0; id < description.nodes.size(); ++id) fill_memory(cluster, id, stored);
}

MountId WorldBuilder::fill_mount(Cluster& cluster, std::size_t number) {
  const MountDescription& there = world_->description_.mounts[number];
  const MountId id = world_->mount(there.path);
  const PluginId plugin_id = plugin(there.auth ? PluginType::auth : PluginType::secret, there.plugin);
  const Object object = running_object(number);
  cluster.edit_stored(id) = {plugin_id,
                             object.version,
                             object.running_version,
                             object.running_sha256,
                             1,
                             0,
                             0,
                             counted(there.leases) & most_leases};
  return id;
}

// A database secrets engine that `databases` names need not be listed among the mounts.
void WorldBuilder::fill_engine_of(Cluster& cluster, const ConnectionDescription& there, std::vector<MountId>& stored) {
  const MountId id = world_->mount(there.mount);
  if (cluster.stored(id).exists) return;
  const PluginId engine = plugin(PluginType::secret, texts_->find("database"));
  cluster.edit_stored(id) = {engine, 0, world_->builtin_version(0, engine).id(), 0, 1, 0, 0, 0};
  stored.push_back(id);
}

Object WorldBuilder::running_object(std::size_t number) const {
  const MountDescription& there = world_->description_.mounts[number];
  const PluginId plugin_id = world_->plugin(there.auth ? PluginType::auth : PluginType::secret, there.plugin);
  Object object{};
  object.plugin = plugin_id;
  object.version = canonical_of(there.plugin_version).id();
  if (running_[number] == nullptr) {
    object.backend = Backend::in_core;
    object.running_version = there.running_version.value_or(world_->builtin_version(0, plugin_id)).id();
    return object;
  }
  const Register& runs = *running_[number];
  object.backend = Backend::plugin;
  const Text version = canonical_of(runs.version.value_or(Text{}));
  object.running_version = version.id();
  object.captured = object.running_version;
  object.record = world_->record_of(runs, plugin_id, world_->entry(plugin_id, version));
  object.running_sha256 = world_->records_[object.record].sha256.id();
  return object;
}

// What the described cluster runs, runs: nothing is asked of catalog or files here.
void WorldBuilder::fill_memory(Cluster& cluster, NodeId node, const std::vector<MountId>& stored) {
  if (!runs_plugins(cluster, node)) return;
  std::array<std::vector<MountId>, 2> order;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const MountId id = stored[i];
    order[static_cast<std::size_t>(cluster.table_of(id))].push_back(id);
    Object object = i < running_.size() ? running_object(i) : Object{};
    if (i >= running_.size()) {
      object.plugin = cluster.stored(id).plugin;
      object.running_version = cluster.stored(id).running_version;
      object.backend = Backend::in_core;
    }
    cluster.edit_object(node, id) = object;
    if (object.backend == Backend::plugin)
      adopt(cluster, node, id, object.record, multiplexed_.contains(object.running_sha256));
  }
  for (const Table table : {Table::secrets, Table::auth}) {
    cluster.set_order(node, table, order[static_cast<std::size_t>(table)], Cluster::Writes::storage_too);
  }
  if (static_cast<Role>(cluster.node(node).role) != Role::active) return;  // connections are only where they are used
  for (std::size_t i = 0; i < world_->description_.connections.size(); ++i) fill_connection(cluster, node, i);
}

void WorldBuilder::fill_connection(Cluster& cluster, NodeId node, std::size_t number) {
  const ConnectionDescription& there = world_->description_.connections[number];
  const Register* runs = connected_[number];
  if (runs == nullptr) return;
  const PluginId plugin_id = world_->plugin(PluginType::database, there.plugin);
  const UserId user = cluster.user_of(world_->connection(world_->mount(there.mount), there.connection));
  Object object{};
  object.plugin = plugin_id;
  object.backend = Backend::plugin;
  const Text version = canonical_of(runs->version.value_or(Text{}));
  object.running_version = version.id();
  object.captured = object.running_version;
  object.record = world_->record_of(*runs, plugin_id, world_->entry(plugin_id, version));
  cluster.edit_object(node, user) = object;
  adopt(cluster, node, user, object.record, multiplexed_.contains(world_->records_[object.record].sha256.id()));
}

void WorldBuilder::assume() {
  const ClusterDescription& description = world_->description_;
  auto& assumed = world_->assumed_;
  if (!description.plugin_directory_known) {
    assumed.emplace_back(
        "No plugin_directory is given: every file that the catalog or a register step names is taken to be on every "
        "node, with the "
        "registered sha256.");
  }
  if (is_newer_than_known(description.server)) {
    assumed.push_back(fmt::format("{} is newer than what is known; it is simulated as {}.",
                                  to_string(description.server), newest_known(description.server.product)));
  }
  if (!description.mounts.empty() && std::ranges::none_of(description.mounts, [](const auto& there) {
        return there.running_version.has_value() || there.running_sha256.has_value();
      })) {
    assumed.emplace_back("No running versions are given: every mount is taken to run what it is configured to.");
  }
  if (!description.connections.empty()) {
    assumed.emplace_back(
        "Every database connection is taken to have its plugin running on the active node, and a role that uses it.");
  }
  if (world_->capabilities_.front().writes_types_as_words && !description.catalog.empty() &&
      world_->servers_.size() > 1) {
    assumed.push_back(
        fmt::format("Every catalog entry is taken to have been written by {}.", to_string(description.server)));
  }
}

}  // namespace replug::simulator
