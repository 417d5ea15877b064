#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "planner/reading/plan.h"
#include "planner/reading/reader.h"
#include "simulator/medium/version.h"

namespace replug::planner {

namespace {

using simulator::Text;

constexpr std::array<std::string_view, 3> plugin_keys{"type", "name", "versions"};
constexpr std::array<std::string_view, 8> version_keys{
    "sha256",         "schema", "upgrade_from", "downgrade_to", "requires_server", "removed_secret_types",
    "archive_sha256", "notes"};
constexpr std::array<std::string_view, 3> plugin_types{"auth", "database", "secret"};

/// Reads the list under `releases`.
class ReleasesReader {
 public:
  ReleasesReader(const Values& values, Plan& plan) : values_(values), plan_(plan) {}

  void read(const Node& list) {
    for (const Node* item : list.items()) {
      if (item->kind() == Node::Kind::mapping) {
        read_plugin(*item);
      } else {
        values_.wrong_kind(*item, "An item of `releases`", "a mapping",
                           "Write `{type: secret, name: my-secret-plugin, versions: {v1.0.0: {schema: 1}}}`.");
      }
    }
  }

 private:
  void read_plugin(const Node& item) {
    values_.only_keys(item, "An item of `releases`", plugin_keys);
    Release common;
    common.document = &values_.document();
    if (const auto* type = find(item, "type", "Add `type: auth`, `type: database` or `type: secret`.")) {
      if (const auto word = values_.word(*type->value, "type", plugin_types)) common.type = values_.intern(*word);
    }
    if (const auto* name = find(item, "name", "Add the plugin's name in the catalog.")) {
      common.name = values_.name(*name->value, "name").value_or(Text{});
    }
    const auto* versions = find(item, "versions", "Add `versions: {v1.0.0: {sha256: …, schema: 1}}`.");
    if (versions == nullptr) return;
    if (!values_.is_mapping(*versions->value, "versions", "Write `versions: {v1.0.0: {sha256: …, schema: 1}}`."))
      return;
    for (const auto& entry : versions->value->entries()) read_release(common, entry);
  }

  const Node::Entry* find(const Node& item, std::string_view key, std::string help) const {
    const auto* entry = item.find(key);
    if (entry == nullptr) values_.missing(item, "This item of `releases`", key, std::move(help));
    return entry;
  }

  void read_release(Release release, const Node::Entry& entry) {
    if (!read_version(*entry.key, release)) return;
    release.node = entry.value;
    // A version about which nothing is said may be listed all the same.
    if (entry.value->kind() != Node::Kind::null) {
      const std::string owner = fmt::format("The version {}", quoted_name(entry.key->text()));
      if (entry.value->kind() == Node::Kind::mapping) {
        values_.only_keys(*entry.value, owner, version_keys);
        read_fields(*entry.value, release);
      } else {
        values_.wrong_kind(*entry.value, owner, "a mapping", "Write `{sha256: …, schema: 1}`.");
      }
    }
    plan_.releases.push_back(std::move(release));
  }

  /// The version is kept as Vault shows it, so that `1.0.0` and `v1.0.0` are found as one.
  bool read_version(const Node& key, Release& release) {
    if (!values_.no_number(key, "version")) return false;
    const auto version = simulator::parse_version(key.text(), simulator::Strictness::lax);
    if (!version) {
      values_.problem(key, fmt::format("{} is no version.", quoted_name(key.text())),
                      "Write it like `v1.0.0` or `v1.0.0-rc1`.");
      return false;
    }
    release.version = values_.intern(version->canonical());
    const std::string name =
        fmt::format("{}\n{}\n{}", release.type.view(), release.name.view(), release.version.view());
    if (const auto first = seen_.again(name, values_.place(key))) {
      values_.problem(
          key, fmt::format("The version {} of this plugin is listed twice.", quoted_name(release.version.view())),
          "Remove one of them.", {{"the first one", *first}});
      return false;
    }
    return true;
  }

  void read_fields(const Node& value, Release& release) {
    if (const auto* sha256 = value.find("sha256")) release.sha256 = values_.name(*sha256->value, "sha256");
    if (const auto* schema = value.find("schema")) release.schema = values_.whole_number(*schema->value, "schema");
    read_constraint(value, "upgrade_from", release.upgrade_from);
    read_constraint(value, "downgrade_to", release.downgrade_to);
    read_constraint(value, "requires_server", release.requires_server);
    if (const auto* types = value.find("removed_secret_types")) {
      release.removed_secret_types = values_.texts(*types->value, "removed_secret_types");
    }
    if (const auto* archive = value.find("archive_sha256")) {
      release.archive_sha256 = values_.name(*archive->value, "archive_sha256").value_or(Text{});
    }
    if (const auto* notes = value.find("notes")) release.notes = values_.text(*notes->value, "notes").value_or(Text{});
  }

  void read_constraint(const Node& value, std::string_view key, std::optional<VersionConstraint>& constraint) {
    const auto* entry = value.find(key);
    if (entry == nullptr) return;
    const auto text = values_.version(*entry->value, key);
    if (!text) return;
    constraint = parse_constraint(text->view());
    if (!constraint) {
      values_.problem(*entry->value, fmt::format("{} is no version constraint.", quoted_name(text->view())),
                      "Write for example `\">=1.0.1, <2\"`, `none` or `any`.");
    }
  }

  const Values& values_;
  Plan& plan_;
  Seen seen_;
};

}  // namespace

void read_releases(const Values& values, const Node& list, Plan& plan) {
  plan.has_releases = true;
  if (!values.is_list(list, "releases",
                      "Write `releases: [{type: secret, name: my-secret-plugin, versions: {v1.0.0: {schema: 1}}}]`.")) {
    return;
  }
  ReleasesReader(values, plan).read(list);
  for (std::size_t i = 0; i < plan.releases.size(); ++i) {
    const Release& release = plan.releases[i];
    plan.release_places.emplace(std::array{release.type.id(), release.name.id(), release.version.id()}, i);
  }
}

}  // namespace replug::planner
