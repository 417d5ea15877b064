#include "planner/reading/read.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "planner/reading/reader.h"

namespace replug::planner {

namespace {

using simulator::Text;

constexpr std::array<std::string_view, 8> plan_keys{"replug", "name",   "cluster",  "releases",
                                                    "steps",  "expect", "rollback", "allow"};
/// A file may hold both, and is then read for the one that is asked for.
constexpr std::array<std::string_view, 4> shared_keys{"replug", "name", "cluster", "releases"};

/// Where something is missing from a file: not the whole of it.
const Node& first_key(const Node& root) { return root.entries().empty() ? root : *root.entries().front().key; }

/// Reads the top level of a plan and what it refers to.
class PlanReader {
 public:
  explicit PlanReader(const FileReader& reader) : files_(reader, problems_) {
    plan_.texts = std::make_shared<simulator::Texts>();
  }

  Reading read(std::shared_ptr<const Source> source) {
    const Document& document = files_.add(std::move(source));
    const Values values(document, *plan_.texts, problems_);
    if (document.root() != nullptr) read_top(values, *document.root());
    return finish();
  }

 private:
  void read_top(const Values& values, const Node& root) {
    const std::string help = "A plan begins with `replug: 1`, and has a `cluster` and `steps`.";
    if (root.kind() != Node::Kind::mapping) return values.wrong_kind(root, "A plan", "a mapping", help);
    if (root.find("replug") == nullptr && root.find("steps") == nullptr) {
      return values.problem(first_key(root), "This file is no plan.", help);
    }
    if (!check_language(values, root, "plan")) return;
    values.only_keys(root, "A plan", plan_keys);
    if (const auto* name = root.find("name")) plan_.name = values.text(*name->value, "name").value_or(Text{});
    read_cluster_of(values, root);
    read_releases_of(values, root);
    read_steps_of(values, root);
    if (const auto* expect = root.find("expect")) {
      plan_.expect_node = expect->value;
      plan_.expect = read_expectations(values, *expect->value, "expect", known_);
    }
    if (const auto* allow = root.find("allow")) {
      plan_.allow = read_allow(values, *allow->value, plan_);
    }
  }

  /// False if the file is written in another version of the language: then nobody knows what its keys mean.
  static bool check_language(const Values& values, const Node& root, std::string_view what) {
    const auto* version = root.find("replug");
    if (version == nullptr) {
      values.missing(first_key(root), fmt::format("This {}", what), "replug", "Add the line `replug: 1`.");
      return true;
    }
    const Node& value = *version->value;
    if (value.kind() == Node::Kind::scalar && value.text() == "1") return true;
    if (value.kind() != Node::Kind::scalar) {
      values.wrong_kind(value, "`replug`", "1");
      return true;
    }
    values.problem(value,
                   fmt::format("This {} is written in version {} of the language.", what, quoted_name(value.text())),
                   "This replug reads version 1: `replug: 1`.");
    return false;
  }

  void read_cluster_of(const Values& values, const Node& root) {
    const std::string help = "Write `cluster: PATH` or the mapping itself: `cluster: {server: …, nodes: …}`.";
    const auto* entry = root.find("cluster");
    if (entry == nullptr) return values.missing(first_key(root), "This plan", "cluster", help);
    const Located cluster = part(values, *entry->value, "cluster");
    if (cluster.node == nullptr) return;
    const Values there = values.over(*cluster.document);
    if (!there.is_mapping(*cluster.node, "cluster", help)) return;
    plan_.described = {cluster.document, cluster.node};
    read_cluster(there, *cluster.node, files_, plan_.cluster, known_);
  }

  void read_releases_of(const Values& values, const Node& root) {
    const auto* entry = root.find("releases");
    if (entry == nullptr) return;
    const Located releases = part(values, *entry->value, "releases");
    if (releases.node != nullptr) read_releases(values.over(*releases.document), *releases.node, plan_);
  }

  void read_steps_of(const Values& values, const Node& root) {
    Seen ids;
    if (const auto* steps = root.find("steps")) {
      plan_.steps = read_steps(values, *steps->value, "steps", known_, ids);
    } else {
      values.missing(first_key(root), "This plan", "steps", "Add the list of what will be done: `steps: []`.");
    }
    if (const auto* rollback = root.find("rollback")) {
      plan_.rollback = read_steps(values, *rollback->value, "rollback", known_, ids);
    }
  }

  /// The value under a key of the plan, or under the same key of the file that it names.
  Located part(const Values& values, const Node& value, std::string_view key) {
    if (value.kind() != Node::Kind::scalar) return {&values.document(), &value};
    const Located file = follow(values, key, value, files_);
    if (file.node == nullptr) return {};
    const Values there = values.over(*file.document);
    const std::string what = fmt::format("{} file", key);
    if (!check_language(there, *file.node, what)) return {};
    there.only_keys(*file.node, fmt::format("A {}", what), shared_keys);
    const auto* entry = file.node->find(key);
    if (entry == nullptr) {
      there.missing(first_key(*file.node), fmt::format("This {}", what), key);
      return {};
    }
    if (entry->value->kind() == Node::Kind::scalar) {
      there.problem(*entry->value, fmt::format("`{}` names a further file here.", key),
                    "Name that file in the plan itself.");
      return {};
    }
    return {file.document, entry->value};
  }

  Reading finish() {
    Reading reading;
    reading.sources = files_.sources();
    reading.problems = problems_.finish(reading.sources);
    if (reading.problems.empty()) {
      plan_.sources = files_.sources();
      plan_.documents = files_.documents();
      reading.plan = std::move(plan_);
    }
    return reading;
  }

  ProblemList problems_;
  Files files_;
  Plan plan_;
  KnownCluster known_;
};

}  // namespace

Reading read_plan(std::shared_ptr<const Source> source, const FileReader& files) {
  return PlanReader(files).read(std::move(source));
}

FileKind kind_of(const Document& document) {
  const Node* root = document.root();
  if (root == nullptr || root->kind() != Node::Kind::mapping || root->find("replug") == nullptr) return FileKind::other;
  if (root->find("steps") != nullptr) return FileKind::plan;
  if (root->find("cluster") != nullptr) return FileKind::cluster;
  if (root->find("releases") != nullptr) return FileKind::releases;
  return FileKind::other;
}

}  // namespace replug::planner
