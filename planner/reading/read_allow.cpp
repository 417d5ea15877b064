#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "planner/reading/reader.h"

namespace replug::planner {

namespace {

using simulator::Text;

constexpr std::array<std::string_view, 3> item_keys{"rule", "reason", "step"};

/// Reads the items one by one. Which rules there are is not known here: a name that is none is a finding.
class AllowReader {
 public:
  AllowReader(const Values& values, const Plan& plan) : values_(values) {
    for (const auto* steps : {&plan.steps, &plan.rollback}) {
      for (const PlannedStep& planned : *steps) steps_.add(planned.step.id.view(), 0);
    }
  }

  void read(const Node& item, std::vector<Allowed>& allow) const {
    if (!values_.is_mapping(item, "allow", "Write `- {rule: RULE, reason: why it is accepted here}`.")) return;
    values_.only_keys(item, "An item of `allow`", item_keys);
    const auto* rule = item.find("rule");
    if (rule == nullptr) return values_.missing(item, "An item of `allow`", "rule");
    Allowed allowed;
    allowed.node = &item;
    allowed.rule_node = rule->value;
    allowed.rule = values_.name(*rule->value, "rule").value_or(Text{});
    if (const Node* reason = given(item, "reason")) allowed.reason = values_.text(*reason, "reason").value_or(Text{});
    if (const auto* step = item.find("step")) allowed.step = read_step(*step->value);
    allow.push_back(allowed);
  }

 private:
  [[nodiscard]] Text read_step(const Node& value) const {
    const auto id = values_.name(value, "step");
    if (!id || steps_.find(id->view())) return id.value_or(Text{});
    values_.problem(value, fmt::format("There is no step {}.", quoted_name(id->view())),
                    values_.did_you_mean(id->view(), steps_.all(), "Write the `id` of a step, or leave `step` out."));
    return {};
  }

  const Values& values_;
  Names steps_;
};

}  // namespace

std::vector<Allowed> read_allow(const Values& values, const Node& list, const Plan& plan) {
  std::vector<Allowed> allow;
  if (!values.is_list(list, "allow")) return allow;
  const AllowReader reader(values, plan);
  for (const Node* item : list.items()) reader.read(*item, allow);
  return allow;
}

}  // namespace replug::planner
