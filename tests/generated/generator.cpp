#include "tests/generated/generator.h"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "rules/judging/rule.h"
#include "tests/generated/draft.h"

namespace replug::generated {
namespace {

std::size_t step_count(Random& random) {
  const std::size_t size = random.below(1000);
  if (size < 3) return random.between(150, 300);
  if (size < 30) return random.between(30, 80);
  return size < 60 ? random.below(2) : random.between(2, 12);
}

std::string draft_constraint(Random& random) {
  return scalar(random.pick(std::to_array<std::string_view>(
      {"any", "none", ">=1.0.1", ">=1.0.0, <2", "~> 1.0", "!=1.0.1", "=1.0.0", ">1.15", "<2.0.0-rc1"})));
}

std::string draft_release(Random& random, Stock& stock, const Build& build) {
  Flow release;
  if (random.percent(60)) release.add_text("sha256", random.percent(90) ? build.sha256() : stock.sha256());
  if (random.percent(60)) release.add("schema", fmt::format("{}", random.between(1, 3)));
  if (random.percent(40)) release.add("upgrade_from", draft_constraint(random));
  if (random.percent(40)) release.add("downgrade_to", draft_constraint(random));
  if (random.percent(30)) release.add("requires_server", draft_constraint(random));
  if (random.percent(20)) release.add("removed_secret_types", "[creds, token]");
  if (random.percent(20)) release.add_text("archive_sha256", std::string(64, 'e'));
  if (random.percent(20)) release.add_text("notes", "https://example.org/notes");
  return release.mapping();
}

std::string draft_releases(Random& random, Stock& stock) {
  std::vector<std::string> items;
  for (const std::string_view type : {"secret", "auth", "database"}) {
    if (!random.percent(70)) continue;
    Flow versions;
    Flow item;
    for (const Build& build : builds()) {
      if (build.type != type) continue;
      if (versions.empty()) item.add_text("name", build.name);
      if (versions.empty() || random.percent(85))
        versions.add(build.version, random.percent(5) ? "" : draft_release(random, stock, build));
    }
    item.add_text("type", type);
    item.add("versions", versions.mapping());
    items.push_back(item.mapping());
  }
  return flow_list(items);
}

std::string draft_allow(Random& random, Stock& stock) {
  std::vector<std::string> items;
  const auto rules = rules::catalogue();
  for (std::size_t i = random.between(1, 4); i-- > 0;) {
    Flow item;
    item.add_text("rule", random.percent(95) ? rules[random.below(rules.size())]->id : "no-such-rule");
    if (random.percent(80)) item.add_text("reason", "agreed with its owners");
    if (!stock.step_ids.empty() && random.percent(40))
      item.add_text("step", stock.step_ids[random.below(stock.step_ids.size())]);
    items.push_back(item.mapping());
  }
  return flow_list(items);
}

std::string list_of_steps(Random& random, Stock& stock, std::string_view list, std::size_t count) {
  if (count == 0) return fmt::format("{}: []\n", list);
  return fmt::format("{}:\n{}", list, draft_steps(random, stock, list, count));
}

/// A part of the plan as it stands in it, or as a file of its own.
std::string part(Random& random, Files& files, std::string_view key, const std::string& value) {
  if (!random.percent(15)) return fmt::format("{}: {}\n", key, value);
  const std::string file = fmt::format("{}.yaml", key);
  files[file] = fmt::format("replug: 1\n{}: {}\n", key, value);
  return fmt::format("{}: {}\n", key, file);
}

}  // namespace

Files random_plan(std::uint64_t seed) {
  Random random(seed);
  Stock stock(random);
  Files files;
  std::string plan = "replug: 1\n";
  if (random.percent(80)) plan += fmt::format("name: {}\n", scalar(stock.text()));
  if (random.percent(30)) {
    plan += fmt::format("cluster:\n{}", draft_cluster(random, stock, files).block(2));
  } else {
    plan += part(random, files, "cluster", draft_cluster(random, stock, files).mapping());
  }
  if (random.percent(30)) plan += part(random, files, "releases", draft_releases(random, stock));
  plan += list_of_steps(random, stock, "steps", step_count(random));
  if (random.percent(60)) plan += fmt::format("expect: {}\n", draft_expectations(random, stock));
  if (random.percent(20)) plan += list_of_steps(random, stock, "rollback", random.below(6));
  if (random.percent(15)) plan += fmt::format("allow: {}\n", draft_allow(random, stock));
  files["plan.yaml"] = std::move(plan);
  return files;
}

}  // namespace replug::generated
