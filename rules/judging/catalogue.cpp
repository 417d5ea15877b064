#include <array>

#include "rules/judging/rule.h"

namespace replug::rules {

// An explicit list: a rule that is listed but has no file does not link, and no linker drops one that is.
#define RULE(name) extern const Rule name;
#include "rules/judging/catalogue.def"
#undef RULE

namespace {

constexpr std::array all_rules = {
#define RULE(name) &(name),
#include "rules/judging/catalogue.def"
#undef RULE
};

}  // namespace

std::span<const Rule* const> catalogue() { return all_rules; }

const Rule* find_rule(std::string_view id) {
  for (const Rule* rule : all_rules) {
    if (rule->id == id) return rule;
  }
  return nullptr;
}

}  // namespace replug::rules
