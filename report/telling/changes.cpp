#include "report/telling/changes.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/telling/columns.h"

namespace replug::report {
namespace {

using simulator::Cause;
using simulator::Change;
using simulator::NodeId;
using simulator::Text;
using What = simulator::Change::What;

/// Everything that a step changed of one subject in one place.
struct Item {
  What what;
  Text subject;
  NodeId node;
  Cause cause;
  std::vector<const Change*> changes;

  [[nodiscard]] const Change* find(simulator::CellField field) const {
    const auto found = std::ranges::find(changes, field, [](const Change* change) { return change->field; });
    return found == changes.end() ? nullptr : *found;
  }
};

/// Items to which the same happened.
struct Group {
  What what;
  Cause cause;
  std::string phrase;
  std::vector<Text> subjects;
  std::vector<NodeId> nodes;
};

std::string value(Text text) { return text.empty() ? "(none)" : short_line(change_value(text)); }
bool nothing(const simulator::Value& value) { return value.view().empty(); }

/// `running v1.0.0 -> v1.0.1`, `running v1.0.1`, `no longer running v1.0.0`.
std::string told(std::string_view label, const Change& change) {
  if (nothing(change.from)) return fmt::format("{} {}", label, value(change.to));
  if (nothing(change.to)) return fmt::format("no longer {} {}", label, value(change.from));
  return fmt::format("{} {} -> {}", label, value(change.from), value(change.to));
}

bool same(const Change* left, const Change* right) {
  return left != nullptr && right != nullptr && left->from == right->from && left->to == right->to;
}

/// What is reported and what really runs, in one phrase where they agree.
void tell_both(const Change* reported, const Change* actual, std::string_view of, std::vector<std::string>& phrases) {
  const auto running = fmt::format("running{}", of);
  if (same(reported, actual)) {
    phrases.push_back(told(running, *actual));
  } else if (reported != nullptr && actual != nullptr && reported->to == actual->to) {
    phrases.push_back(fmt::format("{} {}; {} was reported before", running, value(actual->to), value(reported->from)));
  } else {
    if (actual != nullptr) phrases.push_back(told("really " + running, *actual));
    if (reported != nullptr) phrases.push_back(told("reported as " + running, *reported));
  }
}

std::string_view status_words(std::string_view status) {
  if (status == "running") return "answers";
  if (status == "respawns") return "its process is gone; the next request starts it again";
  if (status == "broken") return "its process is gone and cannot be started";
  if (status == "absent") return "it has no backend; requests to it get 404";
  return status;
}

bool is_builtin(const Change& change) { return change.to.view().find("+builtin") != std::string_view::npos; }

/// A backend that stopped answering: why, and what it ran.
std::string stopped_phrase(const Item& item, std::string_view status) {
  const auto* actual = item.find(simulator::CellField::actual_version);
  const auto ran = actual == nullptr || nothing(actual->from) ? "" : fmt::format(" (ran {})", value(actual->from));
  // What was given up on purpose is not said to be missing.
  if (item.cause == Cause::sealed || item.cause == Cause::disabled) return "closed" + ran;
  return std::string(item.cause == Cause::moved ? "moved away" : status_words(status)) + ran;
}

constexpr simulator::CellField fields_told_by_name[] = {
    simulator::CellField::type,           simulator::CellField::plugin_name,
    simulator::CellField::plugin_version, simulator::CellField::running_plugin_version,
    simulator::CellField::actual_version, simulator::CellField::status,
    simulator::CellField::running_sha256, simulator::CellField::actual_sha256};

/// The versions and, where they say nothing, the binaries that a backend runs now.
void tell_what_runs(const Item& item, std::vector<std::string>& phrases) {
  const auto* reported = item.find(simulator::CellField::running_plugin_version);
  const auto* actual = item.find(simulator::CellField::actual_version);
  // Built-ins are inside the server: what is reported is what runs. And of connections only the version is reported, if
  // that.
  const bool one_word = reported == nullptr ? item.what == What::database : is_builtin(*reported);
  if (item.cause == Cause::respawned && reported == nullptr && actual != nullptr && nothing(actual->from)) {
    phrases.push_back(fmt::format("running {} again", value(actual->to)));
  } else if (one_word) {
    const auto* either = actual == nullptr ? reported : actual;
    tell_both(either, either, "", phrases);
  } else {
    tell_both(reported, actual, "", phrases);
  }
  if (reported != nullptr || actual != nullptr) return;
  const auto* sha256 = item.find(simulator::CellField::actual_sha256);
  tell_both(item.what == What::database ? sha256 : item.find(simulator::CellField::running_sha256), sha256, " sha256",
            phrases);
}

/// A node that loads a mount anew gets to know what it is configured to; told only where it runs something else.
bool loaded_as_configured(const Item& item, const Change& configured) {
  const auto* actual = item.find(simulator::CellField::actual_version);
  return item.node != simulator::no_node && nothing(configured.from) && actual != nullptr &&
         actual->to == configured.to;
}

/// A mount or a connection.
std::string backend_phrase(const Item& item) {
  const auto* status = item.find(simulator::CellField::status);
  if (status != nullptr && status->to.view() != "running") return stopped_phrase(item, status->to.view());
  std::vector<std::string> phrases;
  const auto* plugin =
      item.find(item.what == What::mount ? simulator::CellField::type : simulator::CellField::plugin_name);
  const auto* configured = item.find(simulator::CellField::plugin_version);
  if (plugin != nullptr && nothing(plugin->to)) return fmt::format("gone, was plugin {}", value(plugin->from));
  if (plugin != nullptr) phrases.push_back(told("plugin", *plugin));
  if (configured != nullptr && !loaded_as_configured(item, *configured)) {
    const bool begins = plugin != nullptr && nothing(plugin->from);
    phrases.push_back(begins ? told("configured", *configured)
                             : fmt::format("configured {} -> {}", value(configured->from), value(configured->to)));
  }
  tell_what_runs(item, phrases);
  for (const auto* change : item.changes) {
    if (std::ranges::find(fields_told_by_name, change->field) == std::end(fields_told_by_name)) {
      phrases.push_back(told(to_string(change->field), *change));
    }
  }
  if (phrases.empty() && status != nullptr) phrases.emplace_back(status_words(status->to.view()));
  return fmt::format("{}", fmt::join(phrases, ", "));
}

std::string listed_phrases(const Item& item) {
  std::vector<std::string> phrases;
  for (const auto* change : item.changes) phrases.push_back(told(to_string(change->field), *change));
  return fmt::format("{}", fmt::join(phrases, ", "));
}

std::string entry_phrase(const Item& item) {
  const auto* registered = item.find(simulator::CellField::registered);
  if (registered == nullptr) return "overwritten: " + listed_phrases(item);
  if (registered->to.view() != "true") return "deregistered";
  const auto* sha256 = item.find(simulator::CellField::sha256);
  return sha256 == nullptr ? "registered" : fmt::format("registered, sha256 {}", value(sha256->to));
}

std::string file_phrase(const Item& item) {
  const auto* sha256 = item.find(simulator::CellField::sha256);
  if (sha256 == nullptr) return listed_phrases(item);
  if (nothing(sha256->from)) return fmt::format("placed, sha256 {}", value(sha256->to));
  if (nothing(sha256->to)) return fmt::format("removed, sha256 {}", value(sha256->from));
  return fmt::format("replaced, sha256 {} -> {}", value(sha256->from), value(sha256->to));
}

std::string node_phrase(const Item& item) {
  std::vector<std::string> phrases;
  for (const auto* change : item.changes) {
    const auto arrow = fmt::format("{} -> {}", value(change->from), value(change->to));
    if (change->field == simulator::CellField::sealed) {
      phrases.emplace_back(change->to.view() == "true" ? "sealed" : "unsealed");
    } else {
      phrases.push_back(change->field == simulator::CellField::role ? arrow : "server " + arrow);
    }
  }
  return fmt::format("{}", fmt::join(phrases, ", "));
}

std::string phrase(const Item& item) {
  switch (item.what) {
    case What::mount:
    case What::database:
      return backend_phrase(item);
    case What::catalog:
      return entry_phrase(item);
    case What::node:
      return node_phrase(item);
    case What::file:
      return file_phrase(item);
    case What::pin:
    case What::processes:
      return listed_phrases(item);
  }
  return "";
}

/// What came without a version, or went without one: for people that is no change of the version.
bool says_nothing(const Change& change) { return nothing(change.from) && nothing(change.to); }

std::vector<Item> gather(std::span<const Change> changes) {
  std::vector<Item> items;
  std::map<std::tuple<What, std::uint32_t, NodeId>, std::size_t> places;
  for (const auto& change : changes) {
    if (says_nothing(change)) continue;
    const auto key = std::tuple(change.what, change.subject.id(), change.node);
    const auto [found, fresh] = places.try_emplace(key, items.size());
    if (fresh) items.push_back({change.what, change.subject, change.node, change.cause, {}});
    items[found->second].changes.push_back(&change);
  }
  return items;
}

/// Processes that began or ended because their mount did are told with the mount already.
void leave_out_told_processes(std::vector<Item>& items) {
  std::set<std::pair<NodeId, std::uint32_t>> told_already;
  for (const auto& item : items) {
    if (item.what != What::mount && item.what != What::database) continue;
    for (const auto* change : item.changes) {
      told_already.emplace(item.node, change->from.text().id());
      told_already.emplace(item.node, change->to.text().id());
    }
  }
  std::erase_if(items, [&](const Item& item) {
    return item.what == What::processes && told_already.contains({item.node, item.subject.id()});
  });
}

/// Merges groups that are alike in everything but the list that `add` appends to.
template <class Key, class Add>
std::vector<Group> merged(std::vector<Group> groups, Key key, Add add) {
  std::vector<Group> result;
  std::unordered_map<std::string, std::size_t> places;
  for (auto& group : groups) {
    const auto [found, fresh] = places.try_emplace(fmt::format("{} {} {} {}", static_cast<int>(group.what),
                                                               static_cast<int>(group.cause), group.phrase, key(group)),
                                                   result.size());
    if (fresh) {
      result.push_back(std::move(group));
    } else {
      add(result[found->second], group);
    }
  }
  return result;
}

std::vector<Group> group(const std::vector<Item>& items) {
  std::vector<Group> groups;
  for (const auto& item : items) {
    groups.push_back({item.what, item.cause, phrase(item), {item.subject}, {}});
    if (item.node != simulator::no_node) groups.back().nodes.push_back(item.node);
  }
  groups = merged(
      std::move(groups),
      [](const Group& one) { return fmt::format("{} {}", one.subjects.front().id(), one.nodes.empty()); },
      [](Group& to, const Group& from) { to.nodes.insert(to.nodes.end(), from.nodes.begin(), from.nodes.end()); });
  return merged(
      std::move(groups), [](const Group& one) { return fmt::format("{}", fmt::join(one.nodes, ",")); },
      [](Group& to, const Group& from) { to.subjects.push_back(from.subjects.front()); });
}

std::string_view subject_prefix(What what) {
  switch (what) {
    case What::mount:
    case What::database:
    case What::node:
      return "";
    case What::catalog:
      return "catalog: ";
    case What::pin:
      return "pin of ";
    case What::file:
      return "file ";
    case What::processes:
      return "processes of ";
  }
  return "";
}

/// The first few names, and how many more there are.
template <class Names>
std::string listed(const Names& names, std::size_t most) {
  const auto shown = names.size() <= most ? names.size() : most - 1;
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + short_line(names[i].view());
  return shown == names.size() ? text : fmt::format("{} and {} more", text, with_thousands(names.size() - shown));
}

std::string text_of(const simulator::World& world, const Group& group) {
  std::string text = std::string(subject_prefix(group.what)) + listed(group.subjects, 4);
  // Its own name is the node that a change of a node is on.
  if (!group.nodes.empty() && group.what != What::node) {
    std::vector<Text> names;
    for (const auto node : group.nodes) names.push_back(world.node_name(node));
    text += " on " + listed(names, 4);
  }
  return text + ": " + group.phrase;
}

std::string_view why(Cause cause) {
  return cause == Cause::written || cause == Cause::file_placed ? std::string_view{} : sentence(cause);
}

}  // namespace

std::string change_value(simulator::Text value) {
  constexpr char separator = '\x1f';  // behind each of them: simulator/world.cpp
  auto text = value.str();
  if (text.ends_with(separator)) text.pop_back();
  std::ranges::replace(text, separator, ' ');
  return text;
}

std::vector<ChangeLine> change_lines(const simulator::World& world, std::span<const Change> changes) {
  auto items = gather(changes);
  leave_out_told_processes(items);
  std::vector<ChangeLine> lines;
  for (auto& one : group(items)) {
    const auto reason = why(one.cause);
    if (!lines.empty() && lines.back().why == reason) lines.back().why = {};  // said once, behind the last of them
    auto text = text_of(world, one);
    lines.push_back({one.what, one.cause, std::move(one.subjects), std::move(one.nodes), std::move(text), reason});
  }
  return lines;
}

}  // namespace replug::report
