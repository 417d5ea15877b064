#include "rules/evidence/words.h"

#include <algorithm>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "text/printable.h"

namespace replug::rules {

std::string listed(std::span<const std::string> items, std::size_t most) {
  std::string text;
  const std::size_t shown_items = std::min(items.size(), most);
  for (std::size_t i = 0; i < shown_items; ++i) {
    const bool last = i + 1 == items.size();
    text += fmt::format("{}{}", i == 0 ? "" : last ? " and " : ", ", items[i]);
  }
  if (items.size() > shown_items) text += fmt::format(" and {} more", items.size() - shown_items);
  return text;
}

std::string version_words(simulator::Text version) {
  return version.empty() ? "the unversioned entry" : shown(version);
}

std::string short_sha(simulator::Text sha256) {
  return sha256.empty() ? "none" : text::printable(sha256.view().substr(0, 12));
}

std::string shown(simulator::Text text) { return text::printable(text.view()); }

std::string entry_words(simulator::Text plugin, simulator::Text version) {
  return version.empty() ? fmt::format("the unversioned entry of {}", shown(plugin))
                         : fmt::format("{} {}", shown(plugin), shown(version));
}

std::string node_words(const simulator::World& world, std::span<const simulator::NodeId> nodes) {
  std::vector<std::string> names;
  for (const simulator::NodeId node : nodes) names.push_back(shown(world.node_name(node)));
  return listed(names);
}

std::string mount_words(const simulator::World& world, std::span<const simulator::MountId> mounts) {
  std::vector<std::string> paths;
  for (const simulator::MountId mount : mounts) paths.push_back(shown(world.mount(mount).path));
  return listed(paths);
}

}  // namespace replug::rules
