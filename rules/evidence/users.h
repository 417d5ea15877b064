#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "rules/judging/rule.h"

namespace replug::rules {

/// A mount or a database connection, as something that loads a catalog entry.
struct User {
  simulator::Change::What what;  ///< mount or database
  simulator::Text label;         ///< `my-secret/`, `database/my-db`
  simulator::UserId id;
};

/// Their labels, for `listed`.
std::vector<std::string> labels(std::span<const User> users);

/// Who would load which catalog entry, when, and who noticed that it cannot be started. Made in one pass over what the
/// users were configured to.
class Users {
 public:
  explicit Users(const PlayedPlan& played);

  /// Everything that is ever configured to the entry, or could get it by a pin, in the order of the world.
  [[nodiscard]] std::vector<User> possible(simulator::EntryId entry) const;
  /// Whether a load of it before the step at `position` would take that entry: it is configured to it, or pinned.
  [[nodiscard]] bool would_load(const User& user, simulator::EntryId entry, std::size_t position) const;
  /// Those that would load the entry before the step at `position`.
  [[nodiscard]] std::vector<User> at(simulator::EntryId entry, std::size_t position) const;

  /// The first step at which a start failed, or would have been needed, because of a mismatch; nothing if nobody
  /// noticed it.
  [[nodiscard]] std::optional<std::size_t> noticed_at(const Mismatch& mismatch) const;
  /// A step that is meant to be refused shows what comes of it: the plan's author knows.
  [[nodiscard]] bool is_demonstrated(const Mismatch& mismatch) const;

 private:
  [[nodiscard]] std::vector<User> users_of_plugin(simulator::PluginId plugin) const;
  [[nodiscard]] std::vector<simulator::EntryId> configured(const User& user, simulator::PluginType type) const;
  void gather_mounts();
  void gather_connections();
  void gather_pins();
  void gather_refused();
  [[nodiscard]] std::optional<std::size_t> refused_within(const Mismatch& mismatch, bool meant) const;
  [[nodiscard]] bool loads_all(const Mismatch& mismatch, const ChangeAt& one) const;

  const PlayedPlan& played_;
  const simulator::World& world_;
  const Timeline& timeline_;
  bool pins_count_ = false;
  std::unordered_map<simulator::EntryId, std::vector<User>> by_entry_;
  std::unordered_set<simulator::EntryId> pinned_;
  std::vector<std::size_t> refused_;  // the positions of the steps that are refused because of a file
};

/// The nodes of several mismatches, for people.
std::string node_names(const PlayedPlan& played, std::span<const Mismatch* const> mismatches);

}  // namespace replug::rules
