#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "simulator/medium/state.h"
#include "simulator/medium/text.h"
#include "simulator/medium/world.h"

namespace replug::rules {

/// The words that are free in a plan are shown without what could move a terminal.
std::string shown(simulator::Text text);
/// A list for people: `a, b and 3 more`.
std::string listed(std::span<const std::string> items, std::size_t most = 5);
/// `v1.0.0`, or `the unversioned entry` for an empty version.
std::string version_words(simulator::Text version);
/// `my-secret-plugin v1.0.1`, `the unversioned entry of my-secret-plugin`.
std::string entry_words(simulator::Text plugin, simulator::Text version);
/// The first twelve digits of a sha256: enough to tell two builds apart by eye.
std::string short_sha(simulator::Text sha256);
/// `vault-1`, `vault-1 and vault-2`
std::string node_words(const simulator::World& world, std::span<const simulator::NodeId> nodes);
std::string mount_words(const simulator::World& world, std::span<const simulator::MountId> mounts);

}  // namespace replug::rules
