// The timeline holds what the played cluster held at every step, and the answers that rules build on.

#include "rules/evidence/timeline.h"

#include <set>
#include <tuple>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "planner/reading/planned_step.h"
#include "simulator/run/simulate.h"
#include "tests/rules/fixture.h"
#include "tests/rules/judged.h"

namespace replug::tests {
namespace {

using rules::Timeline;
using simulator::CellField;
using simulator::Change;

struct Cell {
  Change::What what;
  simulator::Text subject;
  CellField field;
  simulator::NodeId node;
};

// What changes tell of only at times: what is reported of a connection, of servers that report it; what a node knows of
// a mount's configuration, where it lags behind storage. No rule asks for them.
bool is_half_told(const Cell& cell) {
  if (cell.what == Change::What::database) return cell.field == CellField::running_plugin_version;
  return cell.what == Change::What::mount && cell.field == CellField::plugin_version && cell.node != simulator::no_node;
}

// Every cell that some step changed, and some of each mount and node whether or not they ever change.
std::vector<Cell> cells_of(const simulator::Forecast& forecast) {
  std::vector<Cell> cells;
  std::set<std::tuple<Change::What, std::uint32_t, CellField, simulator::NodeId>> known;
  const auto add = [&](const Cell& cell) {
    if (is_half_told(cell)) return;
    if (known.emplace(cell.what, cell.subject.id(), cell.field, cell.node).second) cells.push_back(cell);
  };
  for (const simulator::StepForecast& step : forecast.steps) {
    for (const Change& each : step.changes) add({each.what, each.subject, each.field, each.node});
  }
  const simulator::World& world = *forecast.world;
  for (simulator::MountId mount = 0; mount < world.mounts(); ++mount) {
    add({Change::What::mount, world.mount(mount).path, CellField::type, simulator::no_node});
    add({Change::What::mount, world.mount(mount).path, CellField::plugin_version, simulator::no_node});
  }
  for (simulator::NodeId node = 0; node < world.nodes(); ++node) {
    add({Change::What::node, world.node_name(node), CellField::role, node});
    for (simulator::FileId file = 0; file < world.files(); ++file)
      add({Change::What::file, world.file_name(file), CellField::sha256, node});
  }
  return cells;
}

std::string words(const simulator::Value& value) {
  return value.absent() ? "absent" : fmt::format("“{}”", value.view());
}

void expect_as_played(const analysis::Analysis& analysis, const std::string& plan) {
  const simulator::Forecast& forecast = *analysis.forecast;
  const Timeline timeline(analysis.plan(), forecast);
  const rules::CellReader reader(*forecast.world);
  const std::vector<Cell> cells = cells_of(forecast);
  simulator::Run run(forecast.world);
  for (std::size_t position = 0; position <= forecast.steps.size(); ++position) {
    for (const Cell& cell : cells) {
      const auto told = timeline.value(cell.what, cell.subject, cell.field, cell.node, position);
      const auto played = reader.read(run.cluster(), cell.what, cell.subject, cell.field, cell.node);
      EXPECT_EQ(told, played) << plan << " before step " << position << ": " << to_string(cell.what) << " "
                              << cell.subject.view() << " " << to_string(cell.field) << " is " << words(played)
                              << ", told is " << words(told);
    }
    for (simulator::NodeId node = 0; node < forecast.world->nodes(); ++node)
      EXPECT_EQ(timeline.server(node, position), run.cluster().node(node).server) << plan << " step " << position;
    if (position < forecast.steps.size()) run.advance(analysis.plan().steps[forecast.steps[position].step].step);
  }
}

TEST(Timeline, TellsOfEveryStepWhatThePlayedClusterHolds) {
  std::size_t plans = 0;
  for (const rules::Rule* rule : rules::catalogue()) {
    for (const std::string_view kind : {"fires", "quiet"}) {
      for (const auto& plan : fixtures_of(rule->id, kind)) {
        const analysis::Analysis analysis = analysed(plan, plan.filename().string());
        if (!analysis.forecast) continue;
        expect_as_played(analysis, plan.string());
        ++plans;
      }
    }
  }
  EXPECT_GT(plans, 200U);
}

constexpr std::string_view moving_plan = R"(
replug: 1
cluster:
  server: {product: vault, version: 1.16.3}
  nodes: {v0: {role: active}}
  plugin_directory: {p1: 5b6d, p2: 9a1c}
  catalog:
    - {type: secret, name: p, version: v1.0.0, sha256: 5b6d, command: p1}
    - {type: secret, name: p, version: v2.0.0, sha256: 9a1c, command: p2}
  secrets: {a/: {type: p, plugin_version: v1.0.0}}
releases:
  - {type: secret, name: p, versions: {v1.0.0: {schema: 1}, v2.0.0: {schema: 2}}}
steps:
  - move: {from: a/, to: b/}
  - tune: {path: b/, plugin_version: v2.0.0}
  - reload: {mounts: [b/]}
  - tune: {path: b/, plugin_version: v1.0.0}
  - reload: {mounts: [b/]}
  - disable: {path: b/}
)";

TEST(Timeline, DataGoesWithTheMountThatIsMovedAndKeepsTheNewestSchema) {
  const auto analysis = judged(std::string(moving_plan));
  ASSERT_TRUE(analysis.forecast) << findings_of(analysis, "");
  const Timeline timeline(analysis.plan(), *analysis.forecast);
  std::string told;
  for (const rules::Transition& each : timeline.mount_data().transitions) {
    told += fmt::format("{}: {} ({}) from {} to {}, schema {}\n", each.position, each.mount.view(),
                        each.described.view(), each.from.view(), each.to.view(), each.schema.value_or(0));
  }
  for (const rules::DataLoss& each : timeline.mount_data().losses)
    told += fmt::format("{}: {} is lost\n", each.position, each.mount.view());
  EXPECT_EQ(told,
            "2: b/ (a/) from v1.0.0 to v2.0.0, schema 1\n"
            "4: b/ (a/) from v2.0.0 to v1.0.0, schema 2\n"
            "5: b/ is lost\n");
}

TEST(Timeline, KnowsWhichStepMadeAValueAndWhatPluginIsBehindAPath) {
  const auto analysis = judged(std::string(moving_plan));
  ASSERT_TRUE(analysis.forecast) << findings_of(analysis, "");
  const Timeline timeline(analysis.plan(), *analysis.forecast);
  const simulator::Text path = analysis.plan().texts->find("b/");
  const auto made_by = [&](std::size_t position) {
    return timeline.made_by(Change::What::mount, path, CellField::plugin_version, simulator::no_node, position);
  };
  EXPECT_EQ(made_by(0), nullptr);
  EXPECT_EQ(made_by(1)->position, 0U) << "the move";
  EXPECT_EQ(made_by(3)->position, 1U);
  EXPECT_EQ(made_by(6)->position, 5U) << "the disable";
  EXPECT_EQ(timeline.plugin(Change::What::mount, path, 0).name.view(), "");
  EXPECT_EQ(timeline.plugin(Change::What::mount, path, 1).name.view(), "p");
  EXPECT_EQ(timeline.plugin(Change::What::mount, path, 6).name.view(), "");
  EXPECT_EQ(timeline.history(Change::What::mount, path, CellField::plugin_version, simulator::no_node).size(), 4U);
}

}  // namespace
}  // namespace replug::tests
