// Configuration, suppression, baseline and fixes, seen from outside.

#include <algorithm>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "process.h"
#include "scratch_folder.h"

namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A plan that is right in everything but that it disables mounts; the step that follows begins at line 11.
const std::string head =
    "replug: 1\n"
    "name: Empty a mount\n"
    "cluster: {server: {product: vault, version: 1.16.3}, nodes: {v0: {role: active}}, storage: raft,\n"
    "  catalog: [{type: secret, name: p, version: v1.0.0, sha256: 5b6d, command: p}],\n"
    "  secrets: {a/: {type: p, plugin_version: v1.0.0}, b/: {type: p, plugin_version: v1.0.0},\n"
    "    c/: {type: p, plugin_version: v1.0.0}}}\n"
    "expect: [{mount: c/, running_version: v1.0.0}]\n";
const std::string ready =
    "steps:\n"
    "  - backup: {name: before}\n"
    "  - request: {path: c/x}\n";
const std::string wipes = head + ready + "  - disable: {path: a/}\n";

Outcome run_in(const ScratchFolder& folder, const std::vector<std::string>& arguments, Surroundings surroundings = {}) {
  surroundings.folder = folder.path().string();
  return run_replug(arguments, surroundings);
}

json json_in(const ScratchFolder& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--format", "json"});
  return json::parse(run_in(folder, arguments).out, nullptr, false);
}

/// The severity of disable-wipes-data, and who decided on it.
std::string decided(const ScratchFolder& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "config");
  const auto all = json_in(folder, arguments);
  if (!all.contains("rules")) return all.dump();
  for (const auto& rule : all.at("rules")) {
    if (rule.at("rule") != "disable-wipes-data") continue;
    const auto& from = rule.at("from");
    auto text = rule.at("severity").get<std::string>() + " by " + from.at("kind").get<std::string>();
    if (from.contains("place")) {
      text += " " + from.at("place").at("file").get<std::string>() + ":" + from.at("place").at("line").dump();
    }
    return text;
  }
  return "";
}

// --- Configuration ---

TEST(Configured, ByTheNearestFileUpToTheRepository) {
  const ScratchFolder folder;
  folder.write("plans/a/p.yaml", wipes);
  EXPECT_EQ(decided(folder, {"plans/a/p.yaml"}), "error by default");
  folder.write(".replug.yaml", "rules: {disable-wipes-data: note}\n");
  EXPECT_EQ(decided(folder, {"plans/a/p.yaml"}), "note by file .replug.yaml:1");
  EXPECT_EQ(run_in(folder, {"lint", "plans"}).exit_code, 0);
  folder.write("plans/.replug.yaml", "\nrules: {disable-wipes-data: warning}\n");
  EXPECT_EQ(decided(folder, {"plans/a/p.yaml"}), "warning by file plans/.replug.yaml:2");
  EXPECT_EQ(decided(folder, {"plans"}), "warning by file plans/.replug.yaml:2") << "a folder";
  EXPECT_EQ(decided(folder, {}), "note by file .replug.yaml:1") << "the current folder";
  std::filesystem::create_directory(folder.path() / "plans/a/.git");
  EXPECT_EQ(decided(folder, {"plans/a/p.yaml"}), "error by default") << "above the root of the repository";
}

TEST(Configured, ByFlagsBeforeTheFile) {
  const ScratchFolder folder;
  folder.write(".replug.yaml", "rules: {disable-wipes-data: note}\npaths: {'p*': {disable-wipes-data: warning}}\n");
  folder.write("p.yaml", wipes);
  EXPECT_EQ(decided(folder, {"p.yaml"}), "warning by file .replug.yaml:2");
  EXPECT_EQ(decided(folder, {"p.yaml", "--rule", "disable-wipes-data=off"}), "off by flag");
  EXPECT_EQ(run_in(folder, {"lint", "p.yaml", "--rule", "disable-wipes-data=error"}).exit_code, 1);
  EXPECT_EQ(run_in(folder, {"lint", "p.yaml", "--rule=disable-wipes-data=error", "--rule", "disable-wipes-data=off"})
                .exit_code,
            0);
  EXPECT_EQ(json_in(folder, {"config", "--profile", "all"}).at("profile").at("value"), "all");
}

TEST(Configured, SeveritiesCountWhereARuleWouldBeMilder) {
  const ScratchFolder folder;
  folder.write("p.yaml",
               head + "steps:\n  - backup: {name: before}\n  - confirm: All of it\n  - disable: {path: a/}\n");
  const auto error = json_in(folder, {"lint", "p.yaml", "--rule", "disable-wipes-data=error"});
  EXPECT_EQ(error.at("summary").at("error"), 1);
}

TEST(Configured, StandardInputByTheCurrentFolder) {
  const ScratchFolder folder;
  folder.write(".replug.yaml", "rules: {disable-wipes-data: note}\n");
  EXPECT_EQ(run_in(folder, {"lint", "-"}, {.input = wipes}).exit_code, 0);
  EXPECT_EQ(decided(folder, {"-"}), "note by file .replug.yaml:1");
}

TEST(Configured, WithMistakesIsTroubleWithThePlace) {
  const ScratchFolder folder;
  folder.write(".replug.yaml", "rules:\n  disable-wipe-data: off\n");
  folder.write("p.yaml", wipes);
  for (const std::string command : {"lint", "check", "simulate", "config"}) {
    const auto outcome = run_in(folder, {command, "p.yaml"});
    EXPECT_EQ(outcome.exit_code, 3) << command;
    EXPECT_THAT(outcome.out, AllOf(HasSubstr(".replug.yaml:2:3"), HasSubstr("Did you mean `disable-wipes-data`?")))
        << command;
  }
  const auto all = json_in(folder, {"lint", "p.yaml"});
  EXPECT_EQ(all.at("verdict"), "problems");
  EXPECT_EQ(all.at("problems").at(0).at("place").at("file"), ".replug.yaml");
  EXPECT_EQ(run_in(folder, {"fix", "p.yaml"}).exit_code, 3);
}

TEST(Configured, ByAFolderOrAFileThatCannotBeReadIsTrouble) {
  const ScratchFolder folder;
  folder.write("p.yaml", wipes);
  std::filesystem::create_directory(folder.path() / ".replug.yaml");
  const auto outcome = run_in(folder, {"lint", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("cannot read .replug.yaml: it is a folder."));
}

TEST(Configured, FlagsThatAreWrongAreWrongUsage) {
  const ScratchFolder folder;
  folder.write("p.yaml", wipes);
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"disable-wipe-data=off", "Did you mean \"disable-wipes-data\"?"},
      {"disable-wipes-data=of", "Did you mean \"off\"?"},
      {"disable-wipes-data", "For example: --rule immutable-version=warning"},
      {"\x1b[31m=off", "there is no rule"},
  };
  for (const auto& [value, answer] : wrong) {
    const auto outcome = run_in(folder, {"lint", "p.yaml", "--rule", value});
    EXPECT_EQ(outcome.exit_code, 2) << value;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(answer), Not(HasSubstr("\x1b")))) << value;
  }
}

TEST(Configured, HostileNamesStayNames) {
  const ScratchFolder folder;
  folder.write(".replug.yaml", "rules: {\"\\e[31mred\": off}\npaths: {\"\\e[31m**\": {disable-wipes-data: off}}\n");
  EXPECT_THAT(run_in(folder, {"config"}).out, Not(HasSubstr("\x1b")));
  folder.write(".replug.yaml", "paths: {\"**\\e\\n*\": {disable-wipes-data: off}}\n");
  EXPECT_THAT(run_in(folder, {"config", "a\x1b\nb.yaml"}).out, AllOf(HasSubstr("off"), Not(HasSubstr("\x1b"))));
}

// --- Suppression ---

TEST(Suppressed, FindingsDoNotCount) {
  const ScratchFolder folder;
  folder.write("p.yaml", head + ready + "  - disable: {path: a/} # replug: allow disable-wipes-data: it is empty\n");
  const auto outcome = run_in(folder, {"lint", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("0 errors, 0 warnings, 0 notes, 1 suppressed."), Not(HasSubstr("disable-wipes-data"))));
  EXPECT_THAT(run_in(folder, {"lint", "p.yaml", "--show-suppressed"}).out,
              AllOf(HasSubstr("suppressed error[disable-wipes-data]"), HasSubstr("= suppressed: it is empty")));
  const auto all = json_in(folder, {"lint", "p.yaml", "--show-suppressed"});
  EXPECT_EQ(all.at("summary"), (json{{"error", 0}, {"warning", 0}, {"note", 0}, {"suppressed", 1}}));
  EXPECT_EQ(all.at("findings"), json::array());
  EXPECT_EQ(all.at("verdict"), "clean");
}

// --- Baseline ---

TEST(Baseline, AcceptsWhatIsThereAndReportsWhatIsNew) {
  const ScratchFolder folder;
  folder.write("p.yaml", wipes);
  const auto written = run_in(folder, {"lint", "p.yaml", "--write-baseline", "baseline.json"});
  EXPECT_EQ(written.exit_code, 0);
  EXPECT_THAT(written.out, HasSubstr("1 suppressed."));
  folder.write("moved/q.yaml",
               head + "# moved, and renamed\n" + ready + "  - request: {path: b/x}\n  - disable: {path: a/}\n");
  EXPECT_EQ(run_in(folder, {"lint", "moved/q.yaml", "--baseline", "baseline.json"}).exit_code, 0);
  folder.write("p.yaml", wipes + "  - disable: {path: b/}\n");
  const auto more = run_in(folder, {"lint", "p.yaml", "--baseline", "baseline.json"});
  EXPECT_EQ(more.exit_code, 1);
  EXPECT_THAT(more.out, AllOf(HasSubstr("1 error,"), HasSubstr("1 suppressed."), HasSubstr("p.yaml:12:")));
}

TEST(Baseline, CanBeWhatLintWrote) {
  const ScratchFolder folder;
  folder.write("p.yaml", wipes);
  folder.write("baseline.json", run_in(folder, {"lint", "p.yaml", "--format", "json"}).out);
  EXPECT_EQ(run_in(folder, {"lint", "p.yaml", "--baseline", "baseline.json"}).exit_code, 0);
  EXPECT_THAT(run_in(folder, {"lint", "p.yaml", "--baseline", "baseline.json", "--show-suppressed"}).out,
              HasSubstr("= suppressed: in the baseline"));
}

TEST(Baseline, AcceptsAFindingAsOftenAsItHasIt) {
  const ScratchFolder folder;
  folder.write("p.yaml", wipes);
  run_in(folder, {"lint", "p.yaml", "--write-baseline", "baseline.json"});
  folder.write("copy.yaml", wipes);
  const auto both = run_in(folder, {"lint", ".", "--baseline", "baseline.json"});
  EXPECT_EQ(both.exit_code, 1);
  EXPECT_THAT(both.out, AllOf(HasSubstr("1 error,"), HasSubstr("1 suppressed.")));
}

TEST(Baseline, ThatIsNoneIsWrongUsage) {
  const ScratchFolder folder;
  folder.write("p.yaml", wipes);
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"{", "it is no JSON"},
      {"[]", "it has no key \"replug\""},
      {"{\"replug\": 1}", "it has no list \"findings\""},
      {"{\"replug\": 1, \"findings\": [{\"rule\": \"x\"}]}", "a finding has no \"fingerprint\""},
      {"{\"replug\": 1, \"findings\": [{\"fingerprint\": 1}]}", "a finding has no \"fingerprint\""},
      {std::string(100'000, '['), "it is no JSON"},
  };
  for (const auto& [text, answer] : wrong) {
    folder.write("b.json", text);
    const auto outcome = run_in(folder, {"lint", "p.yaml", "--baseline", "b.json"});
    EXPECT_EQ(outcome.exit_code, 2) << text.substr(0, 80);
    EXPECT_THAT(outcome.err, HasSubstr("b.json is no baseline: " + answer)) << text.substr(0, 80);
  }
  EXPECT_EQ(run_in(folder, {"lint", "p.yaml", "--baseline", "none.json"}).exit_code, 3);
}

TEST(Baseline, ThatCannotBeWrittenIsTrouble) {
  const ScratchFolder folder;
  folder.write("p.yaml", wipes);
  EXPECT_EQ(run_in(folder, {"lint", "p.yaml", "--write-baseline", "no/such/folder.json"}).exit_code, 3);
  EXPECT_EQ(run_in(folder, {"lint", "p.yaml", "--write-baseline", "/dev/null"}).exit_code, 3);
}

// --- Fixes ---

const std::string slips =
    "# The top comment.\n"
    "replug: 1\n"
    "cluster: {server: {product: vault, version: 1.16.3}, nodes: {v0: {role: active}},\n"
    "  catalog: [{type: secret, name: p, version: v1.0.0, sha256: 5b6d, command: p}],\n"
    "  secrets: {a/: {type: p, plugin_version: v1.0.0}}}\n"
    "stesp:   # in this order\n"
    "  -   reuqest:   {path: a/x}   # odd spaces stay\n"
    "      notes: \"first\"\n";
const std::string repaired =
    "# The top comment.\n"
    "replug: 1\n"
    "cluster: {server: {product: vault, version: 1.16.3}, nodes: {v0: {role: active}},\n"
    "  catalog: [{type: secret, name: p, version: v1.0.0, sha256: 5b6d, command: p}],\n"
    "  secrets: {a/: {type: p, plugin_version: v1.0.0}}}\n"
    "steps:   # in this order\n"
    "  -   request:   {path: a/x}   # odd spaces stay\n"
    "      note: \"first\"\n";

TEST(Fix, RepairsSlipsInRoundsAndKeepsLayoutAndMode) {
  const ScratchFolder folder;
  folder.write("p.yaml", slips);
  std::filesystem::permissions(folder.path() / "p.yaml", std::filesystem::perms(0640));
  const auto outcome = run_in(folder, {"fix", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "p.yaml:6:1 `steps` is what was meant\np.yaml:7:7 `request` is what was meant\n"
            "p.yaml:8:7 `note` is what was meant\np.yaml: 3 repairs made.\n");
  EXPECT_EQ(folder.read("p.yaml"), repaired);
  EXPECT_EQ(std::filesystem::status(folder.path() / "p.yaml").permissions(), std::filesystem::perms(0640));
  EXPECT_EQ(run_in(folder, {"fix", "p.yaml"}).out, "p.yaml: 0 repairs made.\n");
}

TEST(Fix, WithDryRunShowsADiffAndWritesNothing) {
  const ScratchFolder folder;
  folder.write("p.yaml", slips);
  const auto outcome = run_in(folder, {"fix", "--dry-run", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, AllOf(StartsWith("--- p.yaml\n+++ p.yaml\n@@ -3,6 +3,6 @@\n"),
                                 HasSubstr("-stesp:   # in this order\n"), HasSubstr("+steps:   # in this order\n")));
  EXPECT_THAT(outcome.err, HasSubstr("p.yaml: 3 repairs possible."));
  EXPECT_EQ(folder.read("p.yaml"), slips);
  EXPECT_EQ(run_in(folder, {"fix", "--dry-run", "-"}, {.input = slips}).exit_code, 0);
  EXPECT_EQ(run_in(folder, {"fix", "-"}, {.input = slips}).exit_code, 2);
}

TEST(Fix, LeavesALinkALink) {
  const ScratchFolder folder;
  folder.write("there/p.yaml", slips);
  std::filesystem::create_symlink("there/p.yaml", folder.path() / "p.yaml");
  EXPECT_EQ(run_in(folder, {"fix", "p.yaml"}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path() / "p.yaml"));
  EXPECT_EQ(folder.read("there/p.yaml"), repaired);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path() / "there")) ++files;
  EXPECT_EQ(files, 1U) << "no temporary file is left";
}

TEST(Fix, TellsWhatIsLeft) {
  const ScratchFolder folder;
  folder.write("p.yaml", head + "stesp:\n  - qqq: {}\n");
  const auto outcome = run_in(folder, {"fix", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.out, HasSubstr("p.yaml: 1 repair made. It is no plan yet: 1 problem left."));
}

TEST(Fix, ReloadsWhatWasTunedButNotWhatIsSuppressed) {
  const ScratchFolder folder;
  const std::string registered = "  - register: {type: secret, name: p, version: v1.0.1, sha256: 1c02, command: p2}\n";
  const std::string plan = head + "steps:\n" + registered + "  # both\n  - tune: {path: a/, plugin_version: v1.0.1}\n";
  folder.write("p.yaml", plan);
  const auto outcome = run_in(folder, {"fix", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("[tuned-not-reloaded]"));
  EXPECT_THAT(folder.read("p.yaml"), AllOf(StartsWith(plan), HasSubstr("  - reload:")));
  folder.write("p.yaml", plan + "allow: [{rule: tuned-not-reloaded, reason: the next plan does it}]\n");
  EXPECT_EQ(run_in(folder, {"fix", "p.yaml"}).out, "p.yaml: 0 repairs made.\n");
}

TEST(Fix, IsPartOfTheFindingsAsJson) {
  const ScratchFolder folder;
  folder.write("p.yaml", slips);
  const auto all = json_in(folder, {"lint", "p.yaml"});
  const auto& problems = all.at("problems");
  const auto problem = std::ranges::find_if(problems, [](const json& one) { return one.contains("fix"); });
  ASSERT_NE(problem, problems.end());
  const auto& fix = problem->at("fix");
  EXPECT_EQ(fix.at("safe"), true);
  EXPECT_EQ(fix.at("edits").at(0).at("text"), "steps");
  EXPECT_EQ(fix.at("edits").at(0).at("place").at("line"), 6);
}

}  // namespace
