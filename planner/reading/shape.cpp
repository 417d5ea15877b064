#include "planner/reading/shape.h"

#include <algorithm>

#include "planner/reading/reader.h"

namespace replug::planner {
namespace {

/// What comes before the first value of a file: comments, a document's start, an opening brace and a quote.
std::string_view without_lead(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    if (text.front() == '#') {
      text.remove_prefix(std::min(text.find('\n'), text.size()));
    } else if (text.starts_with("---")) {
      text.remove_prefix(3);
    } else if (std::string_view(" \r\n{\"'").find(text.front()) != std::string_view::npos) {
      text.remove_prefix(1);
    } else {
      break;
    }
  }
  return text;
}

bool is_mapping(const Node& node) { return node.kind() == Node::Kind::mapping; }

/// A file of replug's own language. One that cannot be parsed can still be seen to be one.
bool is_own(std::string_view key, const Document& document) {
  const Node* root = document.root();
  if (root == nullptr) return without_lead(document.source().text()).starts_with("replug");
  if (!is_mapping(*root) || root->entries().empty()) return false;
  return root->find("replug") != nullptr || root->entries().front().key->text() == key;
}

/// A list of what is known by type and name.
bool is_list_of_plugins(const Node& node) {
  if (node.kind() != Node::Kind::sequence) return false;
  if (node.items().empty()) return true;
  const Node& first = *node.items().front();
  return is_mapping(first) && first.find("type") != nullptr && first.find("name") != nullptr;
}

bool is_catalog(const Node& node) {
  for (const auto* key : {"detailed", "details"}) {
    if (const Node* list = given(node, key)) return is_list_of_plugins(*list);
  }
  return is_list_of_plugins(node);
}

bool is_pins(const Node& node) {
  const Node* list = given(node, "pinned_versions");
  return is_list_of_plugins(list == nullptr ? node : *list);
}

/// Paths of mounts, with a mapping each.
bool is_by_mount(const Node& node) {
  if (!is_mapping(node)) return false;
  if (node.entries().empty()) return true;
  const auto& first = node.entries().front();
  const bool path = first.key->text().ends_with('/') || first.value->find("type") != nullptr;
  return path && is_mapping(*first.value);
}

}  // namespace

bool begins_as(std::string_view key, const Document& document) {
  if (key == "cluster" || key == "releases" || key == "steps") return is_own(key, document);
  if (document.root() == nullptr) return false;
  const Node& root = unwrapped(*document.root());
  if (key == "catalog") return is_catalog(root);
  if (key == "pins") return is_pins(root);
  return is_by_mount(root);
}

}  // namespace replug::planner
