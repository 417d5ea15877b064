#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "planner/reading/plan.h"

namespace replug::planner {

/// What the release notes in a plan answer. What they do not say is unknown, never fine.
enum class Answer : std::uint8_t { no, yes, unknown };

/// A plugin goes from one version to another, with what the plan's `releases` say of both.
struct VersionChange {
  simulator::Text from, to;          ///< canonical; empty: unversioned
  const Release* left = nullptr;     ///< the release notes of `from`; nullptr: there are none
  const Release* reached = nullptr;  ///< those of `to`
};
VersionChange version_change(const Plan& plan, std::string_view type, std::string_view plugin, simulator::Text from,
                             simulator::Text to);

/// It leads to a lower version. A text that is no version is neither above nor below.
bool is_downgrade(const VersionChange& change);
/// Whether the new version takes over from the old one: `upgrade_from`. Unknown too where the old one is no version.
Answer may_upgrade(const VersionChange& change);
/// Whether the old version lets the new one take over: `downgrade_to`. Unknown too where the new one is no version.
Answer may_downgrade(const VersionChange& change);
/// The release notes say that nothing leads back from that version: `downgrade_to: none`.
bool is_one_way(const Release& release);

/// Whether the first start of a release takes data of that schema to a newer one.
Answer migrates(std::optional<std::int64_t> schema, const Release* reached);
/// The same of data that the old version has written, and nothing newer before it.
Answer migrates(const VersionChange& change);
/// The schema of the data after a start of that release: an older one takes nothing back. Nothing where it is unknown.
std::optional<std::int64_t> schema_after(std::optional<std::int64_t> schema, const Release* reached);

/// The releases of a plugin that the plan lists, in its order.
std::vector<const Release*> releases_of(const Plan& plan, std::string_view type, std::string_view plugin);

}  // namespace replug::planner
