#include "simulator/medium/world.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "simulator/steps/register.h"

namespace replug::simulator {

namespace {

constexpr std::array<std::string_view, plugin_types> type_names = {"auth", "database", "secret"};

std::uint64_t pair_of(std::uint32_t first, std::uint32_t second) { return (std::uint64_t{first} << 32) | second; }

template <class Map, class Key, class Value>
Value found_or(const Map& map, const Key& key, Value otherwise) {
  const auto found = map.find(key);
  return found == map.end() ? otherwise : found->second;
}

// The unit separator stands in no argument that a shell could pass.
std::string joined(const std::vector<Text>& texts) {
  std::string all;
  for (const Text text : texts) all += fmt::format("{}\x1f", text.view());
  return all;
}

void mix(std::size_t& hash, std::size_t value) { hash = (hash ^ value) * 0x9e3779b97f4a7c15U; }

}  // namespace

std::string_view to_string(PluginType type) { return type_names[static_cast<std::size_t>(type)]; }

std::optional<PluginType> parse_plugin_type(std::string_view text) {
  const auto found = std::ranges::find(type_names, text);
  if (found == type_names.end()) return std::nullopt;
  return static_cast<PluginType>(found - type_names.begin());
}

std::string_view command_file(std::string_view command) { return command.substr(0, command.find(' ')); }

// Vault takes the command apart at its spaces and stores what follows the first word as `args`, so both spellings are
// one entry.
std::string arguments_of(const Register& step) {
  if (!step.args.empty()) return joined(step.args);
  std::string all;
  std::string_view rest = step.command.value_or(Text{}).view();
  for (std::size_t space = rest.find(' '); space != std::string_view::npos; space = rest.find(' ')) {
    rest.remove_prefix(space + 1);
    all += fmt::format("{}\x1f", rest.substr(0, rest.find(' ')));
  }
  return all;
}

std::string environment_of(const Register& step) { return joined(step.env); }

std::string image_of(const Register& step) {
  if (!step.oci_image || step.oci_image->empty()) return {};
  return fmt::format("{}\x1f{}", step.oci_image->view(), step.runtime.value_or(Text{}).view());
}

std::string untyped_name(const Register& step) { return fmt::format("{}/{}", step.type.view(), step.name.view()); }

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::size_t World::RecordHash::operator()(const Record& record) const {
  std::size_t hash = record.entry;
  for (const Text text : {record.sha256, record.command, record.arguments, record.environment, record.oci_image})
    mix(hash, text.id());
  return hash;
}

std::size_t World::BinaryHash::operator()(const Binary& binary) const {
  std::size_t hash = binary.sha256.id();
  mix(hash, binary.type.id());
  mix(hash, binary.reports_version.id());
  return hash;
}

NodeId World::node(Text name) const { return found_or(node_of_, name.id(), no_node); }

ServerId World::server_id(const Server& server) const { return found_or(server_of_, server_key(server), servers()); }

std::string World::server_key(const Server& server) { return fmt::format("{}\n{}", to_string(server), server.text); }

const VersionText& World::version(Text text) const {
  static const VersionText malformed;
  return text.id() < versions_.size() ? versions_[text.id()] : malformed;
}

PluginId World::plugin(PluginType type, Text name) const {
  return found_or(plugin_of_, pair_of(static_cast<std::uint32_t>(type), name.id()), no_plugin);
}

EntryId World::entry(PluginId plugin, Text version) const {
  if (plugin == no_plugin) return no_entry;
  return version.empty() ? plugins_[plugin].unversioned : found_or(entry_of_, pair_of(plugin, version.id()), no_entry);
}

RecordId World::record(const Record& content) const { return found_or(record_of_, content, RecordId{0}); }

Record World::content(const Register& step, PluginId plugin, EntryId entry) const {
  Record result;
  result.plugin = plugin;
  result.entry = entry;
  result.version = entries_[entry].version;
  result.sha256 = texts_->find(lower_case(step.sha256.view()));
  // The plugin's name stands for the command only where there is no image instead.
  const Text named = texts_->find(command_file(step.command.value_or(step.name).view()));
  result.command = step.command || image_of(step).empty() ? named : Text{};
  result.file = file(named);
  result.arguments = texts_->find(arguments_of(step));
  result.environment = texts_->find(environment_of(step));
  result.oci_image = texts_->find(image_of(step));
  return result;
}

FileId World::file(Text name) const { return found_or(file_of_, name.id(), ~FileId{0}); }

BinaryId World::binary(const Binary& contents) const { return found_or(binary_of_, contents, BinaryId{0}); }

MountId World::mount(Text full_path) const { return found_or(mount_of_, full_path.id(), no_mount); }

std::span<const MountId> World::mounts_of_plugin(Text name) const {
  const auto found = mounts_of_plugin_.find(name.id());
  return found == mounts_of_plugin_.end() ? std::span<const MountId>{} : std::span<const MountId>(found->second);
}

ConnectionId World::connection(Text name_space, Text label) const {
  return found_or(connection_of_label_, pair_of(name_space.id(), label.id()), no_connection);
}

ConnectionId World::connection(MountId mount, Text name) const {
  return found_or(connection_of_, pair_of(mount, name.id()), no_connection);
}

Text World::full_path(Text name_space, Text path) const {
  return name_space.empty() ? path : found_or(full_paths_, pair_of(name_space.id(), path.id()), Text{});
}

const Route& World::route(Text name_space, Text path) const {
  static const Route nowhere;
  const auto found = routes_.find(pair_of(name_space.id(), path.id()));
  return found == routes_.end() ? nowhere : found->second;
}

bool World::namespace_exists(Text name_space) const {
  return name_space.empty() || namespaces_.contains(name_space.id());
}

SnapshotId World::snapshot(std::optional<Text> name) const {
  return found_or(snapshots_, name.value_or(Text{}).id(), no_snapshot);
}

}  // namespace replug::simulator
