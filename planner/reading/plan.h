#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/reading/document.h"
#include "planner/reading/problem.h"
#include "simulator/medium/description.h"
#include "simulator/medium/expectation.h"
#include "simulator/medium/text.h"
#include "simulator/medium/version.h"

namespace replug::planner {

/// `>=1.0.1, <2`, `none` or `any`.
struct VersionConstraint {
  enum class Kind : std::uint8_t { any, none, comparisons };
  enum class Operator : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal, pessimistic };
  struct Comparison {
    Operator op;
    simulator::Version version;
    std::size_t segments = 3;  ///< as many as were written: `~> 1.0` leaves the second one free, `~> 1.0.0` the third
  };
  Kind kind = Kind::any;
  std::vector<Comparison> comparisons;  ///< all of them must hold

  [[nodiscard]] bool allows(const simulator::Version& version) const;
};
/// Nothing if the text is no constraint.
std::optional<VersionConstraint> parse_constraint(std::string_view text);

/// What the release notes say of one version of a plugin. What is absent is unknown, never fine.
struct Release {
  simulator::Text type, name, version;
  std::optional<simulator::Text> sha256;
  std::optional<std::int64_t> schema;
  std::optional<VersionConstraint> upgrade_from;
  std::optional<VersionConstraint> downgrade_to;
  std::optional<VersionConstraint> requires_server;   ///< server releases it runs on
  std::vector<simulator::Text> removed_secret_types;  ///< lease types it can no longer revoke
  simulator::Text archive_sha256;                     ///< that of the archive it is published in
  simulator::Text notes;
  const Node* node = nullptr;
  const Document* document = nullptr;
};

struct PlannedStep;  // planned_step.h: only those who look into steps need to see all their kinds

/// An item of the list `allow`: findings of a rule that the author of the plan accepts.
struct Allowed {
  simulator::Text rule;
  simulator::Text reason;  ///< empty: none was given
  simulator::Text step;    ///< the id of the only step where it counts; empty: everywhere
  const Node* node = nullptr;
  const Node* rule_node = nullptr;
};

/// A mapping of the cluster description with its place, by what it describes.
struct Described {
  const Document* document = nullptr;
  const Node* cluster = nullptr;  ///< the mapping under `cluster:`; nullptr where there is none
};

/// Everything a plan file says, with the places it says it at.
struct Plan {
  Plan();
  Plan(Plan&& other) noexcept;
  Plan& operator=(Plan&& other) noexcept;
  ~Plan();

  std::shared_ptr<simulator::Texts> texts;
  std::vector<std::shared_ptr<const Source>> sources;      ///< the plan's own first
  std::vector<std::shared_ptr<const Document>> documents;  ///< in the order of `sources`
  simulator::Text name;
  simulator::ClusterDescription cluster;
  Described described;
  std::vector<Release> releases;
  bool has_releases = false;
  std::vector<PlannedStep> steps;
  std::vector<PlannedStep> rollback;
  std::vector<simulator::Expectation> expect;
  const Node* expect_node = nullptr;
  std::vector<Allowed> allow;
  /// The places of `releases` by the numbers of type, name and version; what `release` looks up.
  std::map<std::array<std::uint32_t, 3>, std::size_t> release_places;

  [[nodiscard]] const Document& document() const { return *documents.front(); }
  [[nodiscard]] const std::string& file() const { return sources.front()->name(); }
  /// The place of a node of the plan's own file.
  [[nodiscard]] Place place(const Node& node) const { return document().place(node); }
  /// The place of the value of a step's field (`plugin_version`) or common key (`at`); of its action where it does not
  /// have that key.
  [[nodiscard]] Place where(const PlannedStep& step, std::string_view key) const;
  /// The place of a step's action key.
  [[nodiscard]] Place where(const PlannedStep& step) const;
  /// The release notes of a version, or nullptr. `version` is canonical.
  [[nodiscard]] const Release* release(std::string_view type, std::string_view plugin, std::string_view version) const;
};

}  // namespace replug::planner
