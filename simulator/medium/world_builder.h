#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "simulator/medium/expectation.h"
#include "simulator/medium/world.h"
#include "simulator/steps/register.h"

namespace replug::simulator {

/// Gathers what a plan can meet and makes the World from it. Each step kind names its part in `declare`; nothing is
/// numbered before `finish`, so the order of declarations does not matter.
class WorldBuilder {
 public:
  WorldBuilder(const ClusterDescription& cluster, Texts& texts);

  [[nodiscard]] Texts& texts() { return *texts_; }
  /// A text that is used as a version.
  void version(Text text);
  void version(const std::optional<Text>& text) {
    if (text) version(*text);
  }
  void plugin(Text type, Text name);
  /// An entry that may be written into the catalog; without a version also under each version that a binary of that
  /// sha256 reports.
  void registration(const Register& step);
  void file(Text name);
  void binary(const Binary& contents, Text file);
  /// A path at which something may be mounted, and which plugin.
  void mount(Text name_space, Text path, Text plugin);
  void path(Text name_space, Text path) { mount(name_space, path, Text{}); }
  void move(Text name_space, Text from, Text to);
  void connection(Text name_space, Text mount, Text name);
  /// `mount/connection` as one text.
  void connection(Text name_space, Text label);
  void route(Text name_space, Text path) { routes_.emplace_back(name_space, path); }
  void name_space(Text name) { named_namespaces_.push_back(name); }
  /// A server version that a node may get; without a product, of either.
  void server(std::optional<Product> product, Text version);
  void server(const Server& release);
  /// A snapshot that is taken back.
  void restored(std::optional<Text> name);
  void expectation(const Expectation& expectation);

  std::shared_ptr<const World> finish();

 private:
  void describe_cluster();
  void describe_files();
  void describe_catalog();
  void describe_mounts();
  const Register* running_entry(PluginType type, Text name, Text version_text, const std::optional<Text>& sha256);
  [[nodiscard]] Text pinned_or(PluginType type, Text name, Text otherwise) const;
  Text join(Text name_space, Text path);
  [[nodiscard]] Text canonical_of(Text text) const;
  PluginId plugin(PluginType type, Text name);
  EntryId entry(PluginId plugin, Text version_text);
  void record(const Record& content);

  void number_mounts();
  MountPath mount_path(Text path_text);
  void follow_moves();
  void number_connections();
  void find_overlaps();
  void find_routes();
  void number_records();
  void sort_versions();
  void fill_builtins();
  World::Builtin builtin(const Server& server, PluginId plugin);
  void name_entries();
  void lay_out();
  void fill_storage(Cluster& cluster);
  void fill_nodes(Cluster& cluster);
  MountId fill_mount(Cluster& cluster, std::size_t number);
  void fill_engine_of(Cluster& cluster, const ConnectionDescription& there, std::vector<MountId>& stored);
  [[nodiscard]] Object running_object(std::size_t number) const;
  void fill_memory(Cluster& cluster, NodeId node, const std::vector<MountId>& stored);
  void fill_connection(Cluster& cluster, NodeId node, std::size_t number);
  void assume();

  std::shared_ptr<World> world_;
  std::uint32_t secrets_mounts_ = 0;
  Texts* texts_;
  std::vector<std::pair<Text, Text>> paths_;        // full path, plugin name
  std::vector<std::pair<Text, Text>> moves_;        // full paths
  std::vector<std::pair<Text, Text>> connections_;  // full path of the mount, name
  std::vector<std::pair<Text, Text>> labels_;       // namespace, label
  std::vector<std::pair<Text, Text>> routes_;       // namespace, path
  std::vector<Text> named_namespaces_;
  std::vector<const Register*> registrations_;
  std::deque<Register> described_;  // the catalog's entries first, as the register steps that would write them
  std::unordered_map<std::string, const Register*> entries_described_;
  std::unordered_map<std::uint64_t, Text> pinned_;  // by type and name: the described pins' versions
  std::vector<const Register*> running_;            // what each described mount runs; nullptr: a built-in
  std::vector<const Register*> connected_;          // what each described connection runs
  std::unordered_map<MountId, std::vector<MountId>> moved_to_;
  std::unordered_set<TextId> multiplexed_;                         // sha256 of binaries that multiplex
  std::unordered_map<std::uint32_t, std::vector<Text>> reported_;  // by sha256: versions that binaries report
};

}  // namespace replug::simulator
