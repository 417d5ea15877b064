#include "rules/judging/fingerprint.h"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <xxhash.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using planner::Node;
using planner::PlannedStep;

std::string hash_of(std::string_view text) { return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size())); }

/// A value as one text, however it is laid out. `left`: how many nodes may still be told; aliases can make a value very
/// large.
void tell(const Node& node, std::string& text, std::size_t& left) {
  if (left == 0) return;
  --left;
  if (node.kind() == Node::Kind::scalar) text += fmt::format("{}:{}", node.text().size(), node.text());
  text += node.kind() == Node::Kind::sequence ? "[" : node.kind() == Node::Kind::mapping ? "{" : ",";
  for (const Node* item : node.items()) tell(*item, text, left);
  for (const Node::Entry& entry : node.entries()) {
    tell(*entry.key, text, left);
    tell(*entry.value, text, left);
  }
  text += ';';
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; }

/// Turns the ids that steps have by their numbers into something that stays when the numbers change.
class StableSteps {
 public:
  explicit StableSteps(const planner::Plan& plan) : plan_(plan) {}

  /// The text with every such id replaced.
  std::string replaced(std::string_view text) {
    std::string result;
    while (!text.empty()) {
      const auto word = static_cast<std::size_t>(std::ranges::find_if_not(text, is_word) - text.begin());
      result += word == 0 ? std::string(text.substr(0, 1)) : told(text.substr(0, word));
      text.remove_prefix(std::max<std::size_t>(word, 1));
    }
    return result;
  }
  /// What the step does, or its own id.
  const std::string& identity(const PlannedStep& step) {
    std::string& known = known_[&step];
    if (!known.empty()) return known;
    if (step.node->find("id") != nullptr) return known = step.step.id.str();
    std::size_t left = 10'000;
    std::string content;
    if (step.action_key != nullptr) content = step.action_key->text();
    if (step.action_value != nullptr) tell(*step.action_value, content, left);
    return known = "step " + hash_of(content);
  }

 private:
  std::string told(std::string_view word) {
    for (const auto& [prefix, steps] :
         {std::pair{std::string_view("step-"), &plan_.steps}, {std::string_view("rollback-"), &plan_.rollback}}) {
      if (!word.starts_with(prefix)) continue;
      std::size_t number = 0;
      const auto digits = word.substr(prefix.size());
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
      if (error != std::errc{} || end != digits.data() + digits.size() || number == 0 || number > steps->size())
        continue;
      if ((*steps)[number - 1].step.id.view() == word) return identity((*steps)[number - 1]);
    }
    return std::string(word);
  }

  const planner::Plan& plan_;
  std::unordered_map<const PlannedStep*, std::string> known_;
};

/// What the finding is about: its subject; else its step; else its message.
std::string about(const Finding& finding, const planner::Plan& plan, StableSteps& steps) {
  if (!finding.subject.empty()) return steps.replaced(finding.subject);
  return finding.step ? steps.identity(plan.steps[*finding.step]) : steps.replaced(finding.message);
}

}  // namespace

void add_fingerprints(std::vector<Finding>& findings, const planner::Plan& plan) {
  StableSteps steps(plan);
  std::unordered_map<std::string, std::size_t> seen;
  for (Finding& finding : findings) {
    const std::string text = fmt::format("{}\n{}\n{}", finding.rule->id, plan.name.view(), about(finding, plan, steps));
    const std::size_t number = seen[text]++;
    finding.fingerprint = hash_of(fmt::format("{}\n{}", text, number));
  }
}

}  // namespace replug::rules
