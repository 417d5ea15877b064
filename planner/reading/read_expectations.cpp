#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "planner/reading/reader.h"
#include "simulator/medium/expectation.h"

namespace replug::planner {

namespace {

using simulator::Claim;
using simulator::ClaimKey;
using simulator::Expectation;
using simulator::Text;
using Subject = simulator::Expectation::Subject;

/// What kind of value a claim has.
enum class Value { version, text, flag, status };

struct ClaimWord {
  std::string_view key;
  ClaimKey claim;
  Value value;
  bool of_entry;  ///< of a catalog entry; the others are of what a mount or a connection runs
};
constexpr std::array claim_words{
    ClaimWord{"plugin_version", ClaimKey::plugin_version, Value::version, false},
    ClaimWord{"running_version", ClaimKey::running_version, Value::version, false},
    ClaimWord{"running_sha256", ClaimKey::running_sha256, Value::text, false},
    ClaimWord{"serving", ClaimKey::serving, Value::flag, false},
    ClaimWord{"registered", ClaimKey::registered, Value::flag, true},
    ClaimWord{"sha256", ClaimKey::sha256, Value::text, true},
    ClaimWord{"plugin", ClaimKey::plugin, Value::text, false},
    ClaimWord{"status", ClaimKey::status, Value::status, false},
};
constexpr std::array<std::string_view, 11> keys_of_item{
    "mount",          "database", "plugin",     "at",     "plugin_version", "running_version",
    "running_sha256", "serving",  "registered", "sha256", "status"};
constexpr std::array<std::string_view, 3> keys_of_plugin{"type", "name", "version"};
constexpr std::array<std::string_view, 4> statuses{"running", "respawns", "broken", "absent"};

const ClaimWord* claim_word(std::string_view key) {
  const auto* found = std::ranges::find(claim_words, key, &ClaimWord::key);
  return found == claim_words.end() ? nullptr : found;
}

std::vector<std::string_view> claims_of(Subject subject) {
  std::vector<std::string_view> keys;
  for (const auto& word : claim_words) {
    if (word.of_entry == (subject == Subject::plugin)) keys.push_back(word.key);
  }
  return keys;
}

std::string_view word_for(Subject subject) {
  switch (subject) {
    case Subject::mount:
      return "a mount";
    case Subject::database:
      return "a database connection";
    case Subject::plugin:
      return "a catalog entry";
  }
  return "a subject";
}

/// Reads one item of a list of expectations.
class ItemReader {
 public:
  ItemReader(const Values& values, const Node& item, const KnownCluster& cluster)
      : values_(values), item_(item), cluster_(cluster) {}

  std::optional<Expectation> read() {
    if (!find_subject()) return std::nullopt;
    read_subject();
    for (const auto& entry : item_.entries()) read_key(entry);
    if (!said_something_) {
      values_.problem(item_, "This expectation claims nothing.",
                      fmt::format("Say what must hold: {}.", listing(claims_of(result_.subject), "or")));
    }
    return std::move(result_);
  }

 private:
  /// `plugin` is a subject only where no other one stands beside it; there it says which plugin is mounted.
  bool find_subject() {
    const auto* mount = item_.find("mount");
    const auto* database = item_.find("database");
    const auto* plugin = item_.find("plugin");
    if (mount != nullptr && database != nullptr) {
      values_.problem(*database->key, "An expectation has one subject; this one has `mount` and `database`.",
                      "Make two items of it.", {{"the first subject", values_.place(*mount->key)}});
      return false;
    }
    if (mount == nullptr && database == nullptr && plugin == nullptr) {
      const auto is_known = [](const Node::Entry& entry) {
        return std::ranges::find(keys_of_item, entry.key->text()) != keys_of_item.end();
      };
      if (!std::ranges::all_of(item_.entries(), is_known)) {
        values_.only_keys(item_, "An expectation", keys_of_item);
        return false;
      }
      values_.problem(item_, "This expectation does not say of what.",
                      "Add `mount: PATH/`, `database: MOUNT/CONNECTION` or `plugin: {type: …, name: …, version: …}`.");
      return false;
    }
    result_.subject = mount != nullptr ? Subject::mount : database != nullptr ? Subject::database : Subject::plugin;
    subject_ = mount != nullptr ? mount : database != nullptr ? database : plugin;
    return true;
  }

  void read_subject() {
    const Node& value = *subject_->value;
    if (result_.subject == Subject::mount) {
      if (const auto path = values_.path(value, "mount")) result_.mount = *path;
    } else if (result_.subject == Subject::database) {
      read_connection(value);
    } else if (values_.is_mapping(value, "plugin",
                                  "Write `plugin: {type: secret, name: my-secret-plugin, version: v1.0.0}`.")) {
      read_entry(value);
    }
  }

  void read_connection(const Node& value) {
    const auto path = values_.connection_path(value, "database");
    if (!path) return;
    const auto slash = path->view().rfind('/');
    result_.mount = values_.intern(path->view().substr(0, slash + 1));
    result_.connection = values_.intern(path->view().substr(slash + 1));
  }

  void read_entry(const Node& value) {
    values_.only_keys(value, "`plugin`", keys_of_plugin);
    const auto* type = value.find("type");
    const auto* name = value.find("name");
    const auto* version = value.find("version");
    if (type == nullptr)
      values_.missing(*subject_->key, "This `plugin`", "type", "Add `type: auth`, `database` or `secret`.");
    if (name == nullptr)
      values_.missing(*subject_->key, "This `plugin`", "name", "Add the plugin's name in the catalog.");
    if (type != nullptr) result_.type = values_.name(*type->value, "type").value_or(result_.type);
    if (name != nullptr) result_.name = values_.name(*name->value, "name").value_or(result_.name);
    if (version != nullptr) result_.version = values_.version(*version->value, "version").value_or(result_.version);
  }

  void read_key(const Node::Entry& entry) {
    const std::string_view key = entry.key->text();
    if (&entry == subject_) return;
    if (key == "at") {
      result_.at = values_.node(*entry.value, "at", cluster_);
      return;
    }
    said_something_ = true;  // or meant to
    const ClaimWord* word = claim_word(key);
    if (word == nullptr) return values_.unknown_key(item_, *entry.key, "An expectation", keys_of_item);
    if (word->of_entry != (result_.subject == Subject::plugin)) {
      values_.problem(
          *entry.key, fmt::format("`{}` is nothing that can be claimed of {}.", key, word_for(result_.subject)),
          fmt::format("Of {} can be claimed: {}.", word_for(result_.subject), listing(claims_of(result_.subject))));
      return;
    }
    read_claim(*word, *entry.value);
  }

  void read_claim(const ClaimWord& word, const Node& value) {
    Claim claim{word.claim, {}, true};
    if (word.value == Value::flag) {
      if (const auto truth = values_.flag(value, word.key)) {
        claim.truth = *truth;
        result_.claims.push_back(claim);
      }
      return;
    }
    const auto text = read_text(word, value);
    if (!text) return;
    claim.value = *text;
    result_.claims.push_back(claim);
  }

  [[nodiscard]] std::optional<Text> read_text(const ClaimWord& word, const Node& value) const {
    if (word.value == Value::version) return values_.version(value, word.key);
    if (word.value == Value::text) return values_.text(value, word.key);
    const auto status = values_.word(value, word.key, statuses);
    return status ? std::optional(values_.intern(*status)) : std::nullopt;
  }

  const Values& values_;
  const Node& item_;
  const KnownCluster& cluster_;
  const Node::Entry* subject_ = nullptr;
  bool said_something_ = false;
  Expectation result_;
};

}  // namespace

std::vector<Expectation> read_expectations(const Values& values, const Node& list, std::string_view what,
                                           const KnownCluster& cluster) {
  std::vector<Expectation> read;
  if (!values.is_list(list, what, fmt::format("Write `{}: [{{mount: my-secret/, running_version: v1.0.1}}]`.", what)))
    return read;
  read.reserve(list.items().size());
  for (const Node* item : list.items()) {
    if (item->kind() != Node::Kind::mapping) {
      values.wrong_kind(*item, fmt::format("An item of `{}`", what), "a mapping");
      continue;
    }
    if (auto expectation = ItemReader(values, *item, cluster).read()) read.push_back(std::move(*expectation));
  }
  return read;
}

}  // namespace replug::planner
