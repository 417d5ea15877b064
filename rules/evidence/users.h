#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "rules/judging/rule.h"

namespace replug::rules {

/// A mount or a database connection, as something that loads a catalog entry.
struct User {
  simulator::Change::What what;  ///< mount or database
  simulator::Text label;         ///< `my-secret/`, `database/my-db`
  simulator::UserId id;
};

/// Everything that can ever be configured to an entry, in the order of the world.
std::vector<User> possible_users(const PlayedPlan& played, simulator::EntryId entry);
/// Whether a load of it before the step at `position` would take that entry: it is configured to it, or pinned.
bool would_load(const PlayedPlan& played, const User& user, simulator::EntryId entry, std::size_t position);
/// Those that would load the entry before the step at `position`.
std::vector<User> users_at(const PlayedPlan& played, simulator::EntryId entry, std::size_t position);
/// Their labels, for `listed`.
std::vector<std::string> labels(std::span<const User> users);

/// The first step at which a start failed, or would have been needed, because of a mismatch; nothing if nobody noticed
/// it.
std::optional<std::size_t> noticed_at(const PlayedPlan& played, const Mismatch& mismatch);
/// A step that is meant to be refused shows what comes of it: the plan's author knows.
bool is_demonstrated(const PlayedPlan& played, const Mismatch& mismatch);
/// The nodes of several mismatches, for people.
std::string node_names(const PlayedPlan& played, std::span<const Mismatch* const> mismatches);

}  // namespace replug::rules
