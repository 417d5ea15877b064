#include <array>
#include <string>
#include <vector>

#include "tests/generated/draft.h"

namespace replug::generated {
namespace {

void draft_claims(Random& random, Stock& stock, Flow& item) {
  const std::size_t begun = random.below(5);
  if (begun == 0 || random.percent(20)) item.add_text("plugin_version", stock.plugin_version());
  if (begun == 1 || random.percent(20)) item.add_text("running_version", stock.plugin_version());
  if (begun == 2 || random.percent(10)) item.add_text("running_sha256", stock.sha256());
  if (begun == 3 || random.percent(20)) item.add("serving", random.percent(80) ? "true" : "false");
  if (begun == 4 || random.percent(10))
    item.add_text("status", random.pick(std::to_array<std::string_view>({"running", "respawns", "broken", "absent"})));
}

void draft_entry_claims(Random& random, Stock& stock, Flow& item) {
  Flow plugin;
  const Build& build = stock.build();
  plugin.add_text("type", build.type);
  plugin.add_text("name", build.name);
  if (random.percent(80)) plugin.add_text("version", random.percent(80) ? build.version : stock.odd_version());
  item.add("plugin", plugin.mapping());
  const bool registered = random.percent(50);
  if (registered) item.add("registered", random.percent(70) ? "true" : "false");
  if (!registered || random.percent(30)) item.add_text("sha256", random.percent(80) ? build.sha256() : stock.sha256());
}

std::string draft_expectation(Random& random, Stock& stock) {
  Flow item;
  const std::size_t subject = random.below(10);
  if (subject < 2) {
    draft_entry_claims(random, stock, item);
    return item.mapping();
  }
  if (subject < 4) {
    item.add_text("database", stock.connection_path());
  } else {
    item.add_text("mount", stock.mount_path());
  }
  if (random.percent(15)) item.add_text("plugin", stock.plugin_name());
  if (random.percent(25)) item.add_text("at", stock.node());
  draft_claims(random, stock, item);
  return item.mapping();
}

}  // namespace

std::string draft_expectations(Random& random, Stock& stock) {
  std::vector<std::string> items;
  for (std::size_t i = random.below(4); i-- > 0;) items.push_back(draft_expectation(random, stock));
  return flow_list(items);
}

}  // namespace replug::generated
