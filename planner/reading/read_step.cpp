#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "planner/reading/reader.h"
#include "simulator/medium/field.h"
#include "simulator/medium/server.h"
#include "simulator/steps/kinds.h"
#include "simulator/steps/step.h"
#include "text/printable.h"
#include "text/suggest.h"

namespace replug::planner {

namespace {

using simulator::Action;
using simulator::At;
using simulator::KeyValue;
using simulator::Meaning;
using simulator::Need;
using simulator::Text;

constexpr std::array<std::string_view, 7> common_keys{"id", "needs", "at", "namespace", "fails", "expect", "note"};

bool is_common_key(std::string_view key) { return std::ranges::find(common_keys, key) != common_keys.end(); }

/// What reading one action needs.
struct Context {
  const Values& values;
  const KnownCluster& cluster;
};

// --- One action ---

/// A value as it can be written behind a key: in quotes where it has more than letters, digits and a few signs.
std::string as_yaml(std::string_view text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
  const bool is_plain = !text.empty() && text.find_first_not_of(plain) == std::string_view::npos && !is_number(text);
  return is_plain ? text::printable(text) : fmt::format("\"{}\"", text::printable(text));
}

/// Reads the mapping of an action, field by field.
class FieldReader {
 public:
  FieldReader(const Context& context, const Node& key, const Node& value)
      : values_(context.values), cluster_(context.cluster), key_(key), value_(value) {}

  /// Nothing behind the action is as good as `{}`: then the fields that are required are missing.
  [[nodiscard]] bool is_mapping(const std::vector<std::string_view>& required) const {
    if (value_.kind() == Node::Kind::mapping || value_.kind() == Node::Kind::null) return true;
    std::string fields;
    for (const auto field : required) {
      const bool is_it = required.size() == 1 && value_.kind() == Node::Kind::scalar;
      fields += fmt::format("{}{}: {}", fields.empty() ? "" : ", ", field, is_it ? as_yaml(value_.text()) : "…");
    }
    values_.wrong_kind(value_, fmt::format("`{}`", key_.text()), "a mapping",
                       fmt::format("Write `{}: {{{}}}`.", key_.text(), fields));
    return false;
  }

  template <class Step, class Member>
  void read(const simulator::Field<Step, Member>& field, Member& member) {
    if constexpr (std::is_same_v<Member, std::vector<KeyValue>>) {
      if (field.argument == simulator::pairs) {  // its keys stand beside those of the other fields
        others_ = &member;
        return;
      }
    }
    names_.push_back(field.name);
    const auto* entry = value_.find(field.name);
    if (entry != nullptr) {
      read_value(*entry->value, {field.name, field.meaning, field.need}, member);
    } else if (field.need == Need::required) {
      missing_.push_back({field.name, field.sentence});
    }
  }

  /// Tells what is missing and what is too much.
  void finish() const {
    if (!missing_.empty()) tell_missing();
    for (const auto& entry : value_.entries()) {
      if (std::ranges::find(names_, entry.key->text()) == names_.end()) read_other(entry);
    }
  }

 private:
  struct Spec {
    std::string_view name;
    Meaning meaning;
    Need need;
  };
  struct Missing {
    std::string_view name;
    std::string_view sentence;
  };

  [[nodiscard]] std::optional<Text> one(const Node& value, const Spec& spec) const {
    switch (spec.meaning) {
      case Meaning::path:
        return values_.path(value, spec.name);
      case Meaning::database:
        return values_.connection_path(value, spec.name);
      case Meaning::api_path:
        return values_.api_path(value, spec.name);
      case Meaning::version:
        return values_.version(value, spec.name);
      case Meaning::node:
      case Meaning::successor:
        return values_.node(value, spec.name, cluster_);
      case Meaning::file:
        return spec.need == Need::required ? values_.name(value, spec.name) : values_.text(value, spec.name);
      case Meaning::text:
      case Meaning::plugin:
      case Meaning::connection:
      case Meaning::snapshot:
      case Meaning::runtime:
      case Meaning::sha256:
      case Meaning::type:
      case Meaning::product:
      case Meaning::flag:
      case Meaning::settings:
      case Meaning::expectations:
        return values_.text(value, spec.name);
    }
    return std::nullopt;
  }

  void read_value(const Node& value, const Spec& spec, Text& member) const {
    if (const auto read = one(value, spec)) member = *read;
  }
  void read_value(const Node& value, const Spec& spec, std::optional<Text>& member) const { member = one(value, spec); }
  void read_value(const Node& value, const Spec& spec, std::optional<bool>& member) const {
    member = values_.flag(value, spec.name);
  }
  void read_value(const Node& value, const Spec& spec, std::optional<std::vector<Text>>& member) const {
    member.emplace();
    read_value(value, spec, *member);
  }
  void read_value(const Node& value, const Spec& spec, std::vector<Text>& member) const {
    if (value.kind() == Node::Kind::scalar) return read_item(value, spec, member);
    if (!values_.is_list(value, spec.name)) return;
    if (value.items().empty() && spec.need == Need::required) {
      values_.problem(value, fmt::format("`{}` is an empty list.", spec.name));
    }
    for (const Node* item : value.items()) read_item(*item, spec, member);
  }
  void read_item(const Node& item, const Spec& spec, std::vector<Text>& member) const {
    if (const auto read = one(item, spec)) member.push_back(*read);
  }
  void read_value(const Node& value, const Spec& spec, std::vector<KeyValue>& member) const {
    if (!values_.is_mapping(value, spec.name)) return;
    for (const auto& entry : value.entries()) {
      member.push_back({values_.intern(entry.key->text()), values_.any(*entry.value)});
    }
  }

  void tell_missing() const {
    std::vector<std::string_view> names;
    std::string help;
    for (const auto& field : missing_) {
      names.push_back(field.name);
      help += fmt::format("{}`{}` is {}", help.empty() ? "" : "; ", field.name, field.sentence);
    }
    values_.problem(key_, fmt::format("`{}` needs {}.", key_.text(), listing(names)), help + '.');
  }

  /// A key that is no field of the action. Where others are allowed, those that only a step can mean are not, nor near
  /// misses of Vault's own: it has no further one that begins with `plugin`.
  void read_other(const Node::Entry& entry) const {
    const std::string_view key = entry.key->text();
    const bool for_step =
        others_ == nullptr ? is_common_key(key) : key == "at" || key == "needs" || key == "fails" || key == "expect";
    const bool unknown = others_ == nullptr || (key.starts_with("plugin") && text::nearest(key, names_));
    const std::string action = quoted_name(key_.text());
    if (for_step) {
      values_.problem(*entry.key, fmt::format("`{}` stands inside {}.", key, action),
                      fmt::format("Move `{}` out, so that it stands beside {}.", key, action));
    } else if (unknown) {
      values_.unknown_key(value_, *entry.key, action, names_);
    } else {
      others_->push_back({values_.intern(key), values_.any(*entry.value)});
    }
  }

  const Values& values_;
  const KnownCluster& cluster_;
  const Node& key_;
  const Node& value_;
  std::vector<std::string_view> names_;
  std::vector<Missing> missing_;
  std::vector<KeyValue>* others_ = nullptr;
};

/// `mount` or `database`, and not both.
void check_one_of(const Context& context, const Node& key, const Node& value, std::string_view first,
                  std::string_view second) {
  const auto* one = value.find(first);
  const auto* other = value.find(second);
  if ((one == nullptr) != (other == nullptr)) return;
  const Node& at = other == nullptr ? key : *other->key;
  context.values.problem(
      at, fmt::format("`{}` needs `{}` or `{}`{}.", key.text(), first, second, other == nullptr ? "" : ", not both"));
}

// What a kind of step asks beyond its fields; of these nothing.
template <
    simulator::AnyOf<simulator::Uninstall, simulator::Register, simulator::Deregister, simulator::Enable,
                     simulator::Tune, simulator::Disable, simulator::Move, simulator::Reload, simulator::Pin,
                     simulator::Unpin, simulator::ConfigureDatabase, simulator::ResetDatabase, simulator::RotateRoot,
                     simulator::RevokeLeases, simulator::ReloadDatabase, simulator::Restart, simulator::Seal,
                     simulator::Unseal, simulator::StepDown, simulator::Backup, simulator::Restore>
        Kind>
void check_kind(const Context& /*context*/, const Node& /*key*/, const Node& /*value*/, const Kind& /*step*/) {}

void check_kind(const Context& context, const Node& key, const Node& value, const simulator::Request& /*step*/) {
  check_one_of(context, key, value, "path", "database");
}

void check_kind(const Context& context, const Node& key, const Node& value, const simulator::Crash& /*step*/) {
  check_one_of(context, key, value, "mount", "database");
}

void check_kind(const Context& context, const Node& /*key*/, const Node& value, const simulator::Install& step) {
  const auto* sha256 = value.find("sha256");
  if (sha256 != nullptr && sha256->value->kind() == Node::Kind::scalar && step.sha256.empty()) {
    context.values.problem(*sha256->value, "`sha256` is empty.",
                           "A file is told from another by its sha256; `sha256sum FILE` prints it.");
  }
}

void check_kind(const Context& context, const Node& /*key*/, const Node& value, const simulator::UpgradeServer& step) {
  auto product = context.cluster.product;
  if (const auto* entry = value.find("product")) {
    const auto read = read_product(context.values, *entry->value);
    if (!read) return;
    product = *read;
  }
  const auto* version = value.find("version");
  if (version != nullptr && !step.version.empty()) (void)read_server(context.values, *version->value, product);
}

template <class Kind>
std::vector<std::string_view> required_fields() {
  std::vector<std::string_view> names;
  simulator::for_each_field<Kind>([&](const auto& field) {
    if (field.need == Need::required) names.push_back(field.name);
  });
  return names;
}

template <class Kind>
Action read_kind(const Context& context, const Node& key, const Node& value) {
  Kind step;
  FieldReader reader(context, key, value);
  if (!reader.is_mapping(required_fields<Kind>())) return step;
  simulator::for_each_field<Kind>([&](const auto& field) { reader.read(field, step.*(field.member)); });
  reader.finish();
  check_kind(context, key, value, step);
  return step;
}

template <>
Action read_kind<simulator::Check>(const Context& context, const Node& key, const Node& value) {
  return simulator::Check{read_expectations(context.values, value, key.text(), context.cluster)};
}

template <>
Action read_kind<simulator::Confirm>(const Context& context, const Node& key, const Node& value) {
  if (value.kind() == Node::Kind::scalar) return simulator::Confirm{context.values.intern(value.text())};
  context.values.wrong_kind(value, fmt::format("`{}`", key.text()), "a text", "Write what a person is asked here.");
  return simulator::Confirm{};
}

// --- The kinds of actions ---

template <class Kind>
bool has_field(std::string_view name) {
  bool found = false;
  simulator::for_each_field<Kind>([&](const auto& field) { found = found || (!name.empty() && field.name == name); });
  return found;
}

struct ActionKind {
  std::string_view name;
  Action (*read)(const Context&, const Node& key, const Node& value);
  bool (*has_field)(std::string_view name);
};

template <class Variant>
struct AllKinds;
template <class... Kinds>
struct AllKinds<std::variant<Kinds...>> {
  static constexpr std::array list{ActionKind{Kinds::action, &read_kind<Kinds>, &has_field<Kinds>}...};
};
constexpr auto& action_kinds = AllKinds<Action>::list;

const ActionKind* action_kind(std::string_view name) {
  const auto* found = std::ranges::find(action_kinds, name, &ActionKind::name);
  return found == action_kinds.end() ? nullptr : found;
}

std::vector<std::string_view> action_names() {
  std::vector<std::string_view> names;
  names.reserve(action_kinds.size());
  for (const auto& kind : action_kinds) names.push_back(kind.name);
  return names;
}

// --- One step ---

/// Reads one item of `steps`; ids and needs are given by the list.
class StepReader {
 public:
  StepReader(const Context& context, const Node& node) : context_(context), values_(context.values), node_(node) {}

  PlannedStep read() {
    result_.node = &node_;
    find_action();
    for (const auto& entry : node_.entries()) read_key(entry);
    if (kind_ != nullptr) {
      result_.step.action = kind_->read(context_, *result_.action_key, *result_.action_value);
    } else if (!has_unknown_) {
      values_.problem(node_, "This step has no action.", fmt::format("Add one: {}.", listing(action_names(), "or")));
    }
    return std::move(result_);
  }

 private:
  void find_action() {
    for (const auto& entry : node_.entries()) {
      const auto* kind = action_kind(entry.key->text());
      if (kind == nullptr) continue;
      if (kind_ == nullptr) {
        kind_ = kind;
        result_.action_key = entry.key;
        result_.action_value = entry.value;
      } else {
        values_.problem(*entry.key,
                        fmt::format("A step has one action; this one has `{}` and `{}`.", kind_->name, kind->name),
                        "Make two steps of it.", {{"the first action", values_.place(*result_.action_key)}});
      }
    }
  }

  void read_key(const Node::Entry& entry) {
    const std::string_view key = entry.key->text();
    const Node& value = *entry.value;
    if (key == "at") return read_at(value);
    if (key == "fails") return read_fails(value);
    if (key == "namespace") {
      result_.step.name_space = values_.name_space(value, key).value_or(Text{});
    } else if (key == "note") {
      result_.step.note = values_.text(value, key).value_or(Text{});
    } else if (key == "expect") {
      result_.step.expect = read_expectations(values_, value, key, context_.cluster);
    } else if (key != "id" && key != "needs" && action_kind(key) == nullptr) {
      tell_unknown(*entry.key);
    }
  }

  void tell_unknown(const Node& key) {
    has_unknown_ = true;
    if (values_.problems().full()) return values_.problem(key, {});
    if (kind_ != nullptr && kind_->has_field(key.text())) {
      values_.problem(key, fmt::format("`{}` stands beside `{}`, not in it.", key.text(), kind_->name),
                      fmt::format("Indent `{}` further than `{}`.", key.text(), kind_->name));
      return;
    }
    auto words = action_names();
    words.insert(words.end(), common_keys.begin(), common_keys.end());
    values_.key_problem(node_, key, fmt::format("There is no action or key {}.", quoted_name(key.text())),
                        values_.did_you_mean(key.text(), words,
                                             fmt::format("A step has one action ({}) and may have {}.",
                                                         listing(action_names(), "or"), listing(common_keys))),
                        words);
  }

  void read_fails(const Node& value) {
    if (value.kind() != Node::Kind::scalar) {
      values_.wrong_kind(value, "`fails`", "true, or a part of the error's text");
      return;
    }
    const std::string_view text = value.text();
    const bool plain = !value.quoted();
    if (plain && (text == "yes" || text == "no" || text == "on" || text == "off")) {
      values_.problem(value, fmt::format("In YAML 1.2 {} is a text, not true or false.", quoted_name(text)),
                      fmt::format("Write `true` or `false`; or \"{}\" in quotes for an error that says so.", text));
    }
    if (plain && (text == "false" || text == "False" || text == "FALSE")) return;
    const bool any_error = plain && (text == "true" || text == "True" || text == "TRUE");
    result_.step.fails = simulator::Fails{any_error ? Text{} : values_.intern(text)};
  }

  void read_at(const Node& value) {
    At& at = result_.step.at;
    if (value.kind() == Node::Kind::scalar) {
      const std::string_view word = value.text();
      if (word == "active") return set_who(At::Who::active);
      if (word == "each") return set_who(At::Who::each);
      if (word == "load_balancer") return set_who(At::Who::load_balancer);
      at.who = At::Who::nodes;
      return read_node(value);
    }
    if (value.kind() != Node::Kind::sequence) {
      values_.wrong_kind(value, "`at`", "`active`, `each`, `load_balancer`, a node or a list of nodes");
      return;
    }
    if (value.items().empty()) values_.problem(value, "`at` is an empty list.", "Write `at: each` for every node.");
    at.who = At::Who::nodes;
    for (const Node* item : value.items()) read_node(*item);
  }

  void set_who(At::Who who) { result_.step.at.who = who; }

  void read_node(const Node& value) {
    const auto& cluster = context_.cluster;
    if (value.kind() == Node::Kind::scalar && cluster.nodes_known && !cluster.nodes.find(value.text()) &&
        !value.text().empty()) {
      if (values_.problems().full()) return values_.problem(value, {});
      std::vector<std::string_view> words(cluster.nodes.all().begin(), cluster.nodes.all().end());
      words.insert(words.end(), {"active", "each", "load_balancer"});
      values_.problem(
          value, fmt::format("There is no node {}.", quoted_name(value.text())),
          values_.did_you_mean(value.text(), words, fmt::format("The nodes are {}.", listing(cluster.nodes.all()))));
    } else if (const auto node = values_.node(value, "at", cluster)) {
      result_.step.at.nodes.push_back(*node);
    }
  }

  const Context& context_;
  const Values& values_;
  const Node& node_;
  const ActionKind* kind_ = nullptr;
  bool has_unknown_ = false;
  PlannedStep result_;
};

// --- The list of steps ---

/// Reads `steps` or `rollback`.
class StepsReader {
 public:
  StepsReader(const Values& values, std::string_view list_name, const KnownCluster& cluster, Seen& ids)
      : context_{values, cluster}, values_(values), list_name_(list_name), ids_(ids) {}

  std::vector<PlannedStep> read(const Node& list) {
    steps_.reserve(list.items().size());
    for (const Node* item : list.items()) {
      if (item->kind() == Node::Kind::mapping) {
        steps_.push_back(StepReader(context_, *item).read());
      } else {
        tell_no_step(*item);
        steps_.emplace_back();  // keeps the numbers of those after it
        steps_.back().node = item;
      }
    }
    name_steps();
    for (auto& step : steps_) read_needs(step);
    return std::move(steps_);
  }

 private:
  void tell_no_step(const Node& item) const {
    const bool is_action = item.kind() == Node::Kind::scalar && action_kind(item.text()) != nullptr;
    values_.wrong_kind(item, "A step", "a mapping with one action",
                       is_action ? fmt::format("Write `{}: {{}}`.", item.text()) : "");
  }

  /// First the ids that are written, so that one that is taken for a default is told at the place that can be changed.
  void name_steps() {
    for (auto& step : steps_) {
      const auto* entry = step.node->find("id");
      if (entry == nullptr) continue;
      const auto id = values_.name(*entry->value, "id");
      if (!id) continue;
      step.step.id = *id;
      tell_if_taken(*id, *entry->value, "this id", "");
    }
    const std::string_view prefix = list_name_ == "steps" ? "step" : list_name_;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (!steps_[i].step.id.empty()) continue;
      steps_[i].step.id = values_.intern(fmt::format("{}-{}", prefix, i + 1));
      name_by_place(steps_[i]);
    }
    for (std::size_t i = 0; i < steps_.size(); ++i) names_.add(steps_[i].step.id.view(), i);
  }

  void tell_if_taken(Text id, const Node& at, std::string_view first_message, std::string help) {
    if (const auto first = ids_.again(id.str(), values_.place(at))) {
      values_.problem(at, fmt::format("There are two steps {}.", quoted_name(id.view())), std::move(help),
                      {{fmt::format("{} is given here first", first_message), *first}});
    }
  }

  void name_by_place(const PlannedStep& step) {
    const Node& at = step.action_key != nullptr ? *step.action_key : *step.node;
    if (const auto taken = ids_.again(step.step.id.str(), values_.place(at))) {
      values_.problems().add({*taken,
                              fmt::format("There are two steps {}.", quoted_name(step.step.id.view())),
                              "Give it another id: a step without one is named by its place in the list.",
                              {{"this step has no id", values_.place(at)}}});
    }
  }

  void read_needs(PlannedStep& step) {
    const auto* entry = step.node->find("needs");
    if (entry == nullptr) return;
    const Node& value = *entry->value;
    std::string help;
    if (value.kind() == Node::Kind::scalar) help = fmt::format("Write `needs: [{}]`.", text::printable(value.text()));
    if (value.kind() == Node::Kind::null) help = "Write `needs: []` for a step that may start at once.";
    if (!values_.is_list(value, "needs", help)) return;
    step.needs.emplace();
    all_needs_ += value.items().size();
    if (all_needs_ > ReadLimits::needs) return tell_too_many(value);
    step.needs->reserve(value.items().size());
    for (const Node* item : value.items()) {
      if (const auto place = find_step(*item)) step.needs->push_back(*place);
    }
  }

  void tell_too_many(const Node& value) {
    if (told_too_many_) return;
    told_too_many_ = true;
    values_.problem(value, fmt::format("The steps have more than {} needs in all.", ReadLimits::needs));
  }

  std::optional<std::size_t> find_step(const Node& item) {
    const auto id = values_.name(item, "needs");
    if (!id) return std::nullopt;
    const auto place = names_.find(id->view());
    if (!place) tell_no_such_step(item, id->view());
    return place;
  }

  void tell_no_such_step(const Node& item, std::string_view id) {
    if (values_.problems().full()) return values_.problem(item, {});
    values_.problem(item, fmt::format("There is no step {} in `{}`.", quoted_name(id), list_name_),
                    values_.did_you_mean(id, names_.all()));
  }

  Context context_;
  const Values& values_;
  std::string_view list_name_;
  Seen& ids_;
  std::vector<PlannedStep> steps_;
  Names names_;
  std::size_t all_needs_ = 0;
  bool told_too_many_ = false;
};

}  // namespace

std::vector<PlannedStep> read_steps(const Values& values, const Node& list, std::string_view list_name,
                                    const KnownCluster& cluster, Seen& ids) {
  if (!values.is_list(list, list_name,
                      fmt::format("Write one item for each step: `{}: [{{step_down: {{}}}}]`.", list_name)))
    return {};
  if (list.items().size() > ReadLimits::steps) {
    values.problem(
        list, fmt::format("`{}` has {} steps; at most {} are read.", list_name, list.items().size(), ReadLimits::steps),
        "Make several plans of it.");
    return {};
  }
  return StepsReader(values, list_name, cluster, ids).read(list);
}

}  // namespace replug::planner
