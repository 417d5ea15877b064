#include "simulator/steps/commands.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "simulator/steps/shell.h"

namespace replug::simulator {

namespace {

using Form = Argument::Form;

bool is_secret(const KeyValue& setting) {
  return setting.key.view().find("password") != std::string_view::npos ||
         setting.key.view().find("key") != std::string_view::npos;
}

std::string joined(const std::vector<Text>& values) {
  std::string list;
  for (const Text value : values) list += fmt::format("{}{}", list.empty() ? "" : ",", value.view());
  return list;
}

// Commands of a group take paths without `auth/`. Between the groups nothing can be moved; the paths are then shown
// whole, as the server sees them.
class Group {
 public:
  explicit Group(const std::vector<TypedField>& fields) {
    for (const TypedField& field : fields) {
      if (field.meaning == Meaning::path) paths_.insert(paths_.end(), field.values.begin(), field.values.end());
    }
  }

  [[nodiscard]] std::string_view name() const { return paths_.empty() ? "secrets" : command_group(paths_.front()); }
  [[nodiscard]] std::string shown(Text path) const {
    const bool within = std::ranges::all_of(paths_, [&](Text each) { return command_group(each) == name(); });
    return within ? path_in_group(path) : path.str();
  }

 private:
  std::vector<Text> paths_;
};

/// Writes one command, argument by argument.
class Line {
 public:
  Line(const Command& command, const std::vector<TypedField>& fields) : path_(command.path) {
    constexpr std::string_view placeholder = "{group}";
    words_ = command.words;
    const std::size_t at = words_.find(placeholder);
    if (at == std::string::npos) return;
    group_.emplace(fields);
    words_.replace(at, placeholder.size(), group_->name());
  }

  void add(const TypedField& field) {
    switch (field.argument.form) {
      case Form::unwritten:
        return;
      case Form::positional:
        for (const Text value : field.values) positionals_ += ' ' + shell_quoted(shown(field, value));
        return;
      case Form::flag:
        flags_ += fmt::format(" {}={}", field.argument.name, value_of(field));
        return;
      case Form::repeated_flag:
        return add_repeated(field);
      case Form::in_path:
        return put_into_path(field);
      case Form::pair:
        return add_pairs(field);
    }
  }

  [[nodiscard]] std::string text(const Terminal& terminal) const {
    return vault_command(terminal, words_) + (path_.empty() ? "" : ' ' + path_) + flags_ + positionals_ + pairs_;
  }

 private:
  [[nodiscard]] std::string shown(const TypedField& field, Text value) const {
    return group_ && field.meaning == Meaning::path ? group_->shown(value) : value.str();
  }

  [[nodiscard]] std::string value_of(const TypedField& field) const {
    return shell_quoted(field.values.size() == 1 ? shown(field, field.values.front()) : joined(field.values));
  }

  void add_repeated(const TypedField& field) {
    for (const Text value : field.values) flags_ += fmt::format(" {}={}", field.argument.name, shell_quoted(value));
    for (const KeyValue& each : field.settings) {
      flags_ += fmt::format(" {}={}={}", field.argument.name, shell_quoted(each.key), shell_quoted(each.value));
    }
  }

  void put_into_path(const TypedField& field) {
    const std::string placeholder = fmt::format("{{{}}}", field.name);
    path_.replace(path_.find(placeholder), placeholder.size(), value_of(field));
  }

  // A password in a plan should not get into a runbook or a log by way of this line.
  void add_pairs(const TypedField& field) {
    if (!field.values.empty()) pairs_ += fmt::format(" {}={}", field.argument.name, value_of(field));
    for (const KeyValue& each : field.settings) {
      pairs_ += fmt::format(" {}={}", shell_quoted(each.key), is_secret(each) ? "…" : shell_quoted(each.value));
    }
  }

  std::string words_;
  std::string path_;
  std::string flags_, positionals_, pairs_;
  std::optional<Group> group_;
};

}  // namespace

std::string typed(const Command& command, const std::vector<TypedField>& fields, const Terminal& terminal) {
  Line line(command, fields);
  for (const TypedField& field : fields) line.add(field);
  return line.text(terminal);
}

}  // namespace replug::simulator
