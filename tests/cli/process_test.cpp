// The program seen from outside: exit codes, what goes to standard output and what to standard error, files, folders
// and standard input, colours, and names that want to be more than names.

#include "process.h"

#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string fixtures = REPLUG_SOURCE_DIR "/tests/fixtures/cli/";

std::string contents(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

Outcome run_in_fixtures(const std::vector<std::string>& arguments, Surroundings surroundings = {}) {
  surroundings.folder = fixtures;
  return run_replug(arguments, surroundings);
}

json json_of(const Outcome& outcome) { return json::parse(outcome.out, nullptr, false); }

std::vector<std::string> plans_of(const json& report) {
  std::vector<std::string> plans;
  for (const auto& forecast : report.at("forecasts")) plans.push_back(forecast.at("plan"));
  return plans;
}

// --- Exit codes
// -----------------------------------------------------------------------------------------------------------------

TEST(ExitCode, CleanPlanIs0) {
  const auto outcome = run_in_fixtures({"check", "clean.yaml"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, HasSubstr("1 plan, 4 steps: ok."));
}

TEST(ExitCode, ARefusedStepIs1) {
  for (const auto* command : {"check", "lint", "simulate"}) {
    EXPECT_EQ(run_in_fixtures({command, "refused.yaml"}).exit_code, 1) << command;
  }
}

TEST(ExitCode, ARefusalThatIsMeantIs0) {
  EXPECT_EQ(run_in_fixtures({"simulate", "refused-as-meant.yaml"}).exit_code, 0);
}

TEST(ExitCode, AnExpectationThatDoesNotHoldIs1) {
  EXPECT_EQ(run_in_fixtures({"check", "unexpected.yaml"}).exit_code, 1);
  EXPECT_EQ(run_in_fixtures({"simulate", "unexpected.yaml"}).exit_code, 1);
}

TEST(ExitCode, WithFailOnNeverFindingsAndVerdictsAre0) {
  for (const auto* command : {"check", "lint", "simulate"}) {
    EXPECT_EQ(run_in_fixtures({command, "--fail-on", "never", "refused.yaml"}).exit_code, 0) << command;
  }
}

TEST(ExitCode, WrongUsageIs2) {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"chekc"},
      {"check"},
      {"check", "--formt", "json", "clean.yaml"},
      {"check", "--format", "xml", "clean.yaml"},
      {"check", "--format"},
      {"graph", "clean.yaml", "refused.yaml"},
      {"explain"},
      {"explain", "no-such-rule"},
      {"capabilities", "nomad-1.0.0"},
      {"--quiet", "check", "clean.yaml"},
      {"version", "clean.yaml"},
  };
  for (const auto& arguments : wrong) {
    const auto outcome = run_in_fixtures(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << testing::PrintToString(arguments);
    EXPECT_EQ(outcome.out, "") << testing::PrintToString(arguments);
    EXPECT_THAT(outcome.err, StartsWith("replug: ")) << testing::PrintToString(arguments);
  }
}

TEST(ExitCode, WhatCannotBeReadIs3) {
  for (const auto* file : {"no-such-file.yaml", "nothing"}) {
    const auto outcome = run_in_fixtures({"check", file});
    EXPECT_EQ(outcome.exit_code, 3) << file;
    EXPECT_EQ(outcome.out, "") << file;
    EXPECT_THAT(outcome.err, HasSubstr(file));
  }
}

TEST(ExitCode, AFileThatIsNoPlanIs3AndBeats1) {
  for (const auto* command : {"check", "lint", "simulate"}) {
    EXPECT_EQ(run_in_fixtures({command, "unknown-key.yaml"}).exit_code, 3) << command;
    EXPECT_EQ(run_in_fixtures({command, "no-yaml.yaml"}).exit_code, 3) << command;
    EXPECT_EQ(run_in_fixtures({command, "refused.yaml", "unknown-key.yaml"}).exit_code, 3) << command;
  }
  EXPECT_EQ(run_in_fixtures({"graph", "unknown-key.yaml"}).exit_code, 3);
}

TEST(ExitCode, WhatIsNotModelledIs4) {
  const auto outcome = run_in_fixtures({"simulate", "incomplete.yaml"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.out, HasSubstr("Not modelled\n  - step-1: "));
}

TEST(ExitCode, FindingsBeatWhatIsNotModelled) {
  EXPECT_EQ(run_in_fixtures({"simulate", "incomplete.yaml", "refused.yaml"}).exit_code, 1);
}

TEST(ExitCode, AReaderThatWentAwayChangesNothing) {
  const auto outcome = run_in_fixtures({"simulate", "refused.yaml"}, {.reader_is_gone = true});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "");
}

TEST(ExitCode, AFullDiskIs3) {
  std::ofstream full("/dev/full");
  if (!full) GTEST_SKIP() << "no /dev/full here";
  Outcome outcome;
  outcome.exit_code = WEXITSTATUS(std::system(("'" REPLUG_BINARY "' rules > /dev/full 2> /dev/null")));
  EXPECT_EQ(outcome.exit_code, 3);
}

// --- What is said where
// -----------------------------------------------------------------------------------------------------------

TEST(Usage, NearMissesGetASuggestion) {
  EXPECT_THAT(run_in_fixtures({"chekc"}).err, HasSubstr("Did you mean \"check\"?"));
  EXPECT_THAT(run_in_fixtures({"check", "--formt=json", "clean.yaml"}).err, HasSubstr("Did you mean \"--format\"?"));
  EXPECT_THAT(run_in_fixtures({"check", "--format", "jsn", "clean.yaml"}).err, HasSubstr("Did you mean \"json\"?"));
  EXPECT_THAT(run_in_fixtures({"explain", "step-refuse"}).err, HasSubstr("Did you mean \"step-refused\"?"));
  EXPECT_THAT(run_in_fixtures({"help", "simulat"}).err, HasSubstr("Did you mean \"simulate\"?"));
}

TEST(Usage, HelpIsAResultAndHasAnExample) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"--help"}, {"-h"}, {"help"}, {"check", "--help"}, {"help", "check"}}) {
    const auto outcome = run_replug(arguments);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("Example:\n  replug check plans/"));
    EXPECT_EQ(outcome.err, "");
  }
}

TEST(Usage, BehindTwoHyphensEverythingIsAFile) {
  EXPECT_THAT(run_in_fixtures({"check", "--", "--quiet"}).err, HasSubstr("cannot read --quiet"));
}

TEST(Usage, AFlagThatCanBeRepeatedTakesOneValueAtATime) {
  EXPECT_EQ(
      run_in_fixtures({"check", "--rule", "no-backup=off", "--rule", "step-refused=note", "clean.yaml"}).exit_code, 0);
}

TEST(Usage, ACommandsNameCanBeAFile) {
  EXPECT_THAT(run_in_fixtures({"check", "lint"}).err, HasSubstr("cannot read lint"));
}

TEST(Version, IsOneLine) {
  const auto outcome = run_replug({"version"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, AllOf(StartsWith("replug "), EndsWith("\n")));
  EXPECT_EQ(run_replug({"--version"}).out, outcome.out);
}

// --- Files, folders, standard input
// ------------------------------------------------------------------------------------------------

TEST(Plans, AFolderIsSearchedForPlansInTheOrderOfTheirPaths) {
  const auto outcome = run_in_fixtures({"check", "--format", "json", "tree"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(plans_of(json_of(outcome)), ElementsAre("tree/a/a.yml", "tree/b.yaml", "tree/c.json"));
}

TEST(Plans, TheCurrentFolderIsNotPartOfTheirNames) {
  Surroundings there;
  there.folder = fixtures + "tree";
  EXPECT_THAT(plans_of(json_of(run_replug({"check", "--format", "json", "."}, there))),
              ElementsAre("a/a.yml", "b.yaml", "c.json"));
}

TEST(Plans, AFileThatIsNamedTwiceIsCheckedOnce) {
  const auto outcome = run_in_fixtures({"check", "--format", "json", "tree/c.json", "tree", "./tree/b.yaml"});
  EXPECT_THAT(plans_of(json_of(outcome)), ElementsAre("tree/c.json", "tree/a/a.yml", "tree/b.yaml"));
}

TEST(Plans, ComeFromStandardInput) {
  const auto outcome = run_in_fixtures({"simulate", "-"}, {.input = contents(fixtures + "clean.yaml")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("<stdin>"));
}

TEST(Plans, FilesThatAPlanNamesAreFoundBesideIt) {
  EXPECT_EQ(run_replug({"simulate", fixtures + "tree/a/a.yml"}, {.folder = "/"}).exit_code, 0);
}

TEST(Plans, AFileThatAPlanNamesMustBeAFile) {
  for (const auto* file : {"/dev/zero", "/", "no-such-file.yaml"}) {
    const auto plan = std::string("replug: 1\ncluster: ") + file + "\nsteps: [{confirm: Go on}]\n";
    const auto outcome = run_in_fixtures({"check", "-"}, {.input = plan});
    EXPECT_EQ(outcome.exit_code, 3) << file;
    EXPECT_THAT(outcome.out, HasSubstr("<stdin>:2:10")) << file;
  }
}

// --- JSON
// -------------------------------------------------------------------------------------------------------------------------

TEST(Json, OfSimulateHasTheStateAfterTheLastStepOnly) {
  const auto report = json_of(run_in_fixtures({"simulate", "--format", "json", "clean.yaml"}));
  EXPECT_EQ(report.at("replug"), 1);
  EXPECT_EQ(report.at("plan"), "clean.yaml");
  EXPECT_EQ(report.at("verdict"), "ok");
  ASSERT_EQ(report.at("steps").size(), 4U);
  EXPECT_FALSE(report.at("steps")[0].contains("state"));
  const auto& mount = report.at("steps")[3].at("state").at("mounts").at("my-secret/");
  EXPECT_EQ(mount.at("type"), "my-secret-plugin");
  EXPECT_EQ(mount.at("plugin_version"), "v1.0.1");
  const auto& there = mount.at("nodes").at("vault-0");
  EXPECT_EQ(there.at("status"), "running");
  EXPECT_EQ(there.at("running_plugin_version"), "v1.0.1");
  EXPECT_EQ(there.at("actual_version"), "v1.0.1");
  EXPECT_EQ(report.at("expectations")[0].at("holds"), true);
  EXPECT_EQ(report.at("expectations")[0].at("place"), "clean.yaml:26:25");
}

TEST(Json, WithAllStatesEveryStepHasOneAndTheLastIsTheSame) {
  const auto last = json_of(run_in_fixtures({"simulate", "--format", "json", "clean.yaml"}));
  const auto all = json_of(run_in_fixtures({"simulate", "--format", "json", "--states", "all", "clean.yaml"}));
  for (const auto& step : all.at("steps")) EXPECT_TRUE(step.contains("state"));
  EXPECT_EQ(all.at("steps").back(), last.at("steps").back());
}

TEST(Json, OfSeveralSimulationsIsAnObjectWithForecasts) {
  EXPECT_THAT(plans_of(json_of(run_in_fixtures({"simulate", "--format", "json", "clean.yaml", "refused.yaml"}))),
              ElementsAre("clean.yaml", "refused.yaml"));
}

TEST(Json, OfCheckSaysWhatWasFound) {
  const auto outcome = run_in_fixtures({"check", "--format", "json", "refused.yaml"});
  const auto report = json_of(outcome);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(report.at("verdict"), "findings");
  EXPECT_GE(report.at("summary").at("error"), 1);
  const auto& finding = report.at("findings").at(0);
  EXPECT_EQ(finding.at("severity"), "error");
  EXPECT_EQ(finding.at("step"), "mount");
  EXPECT_EQ(finding.at("place").at("line"), 8);
  EXPECT_EQ(report.at("forecasts").at(0).at("verdict"), "refused");
}

TEST(Json, OfLintHasNoForecasts) {
  EXPECT_FALSE(json_of(run_in_fixtures({"lint", "--format", "json", "refused.yaml"})).contains("forecasts"));
}

TEST(Json, OfAFileThatIsNoPlanHasItsProblems) {
  const auto report = json_of(run_in_fixtures({"check", "--format", "json", "unknown-key.yaml", "clean.yaml"}));
  EXPECT_EQ(report.at("verdict"), "problems");
  const auto& problem = report.at("problems").at(0);
  EXPECT_EQ(problem.at("place").at("line"), 6);
  EXPECT_EQ(problem.at("place").at("file"), "unknown-key.yaml");
  EXPECT_THAT(plans_of(report), ElementsAre("clean.yaml"));
  const auto forecast = json_of(run_in_fixtures({"simulate", "--format", "json", "unknown-key.yaml"}));
  EXPECT_EQ(forecast.at("verdict"), "problems");
}

TEST(Json, IsTheSameEveryTime) {
  const auto first =
      run_in_fixtures({"check", "--format", "json", "--states", "all", "clean.yaml", "refused.yaml", "tree"});
  EXPECT_EQ(run_in_fixtures({"check", "--format", "json", "--states", "all", "clean.yaml", "refused.yaml", "tree"}).out,
            first.out);
}

// --- Text
// -------------------------------------------------------------------------------------------------------------------------

TEST(Text, IsAtMost80ColumnsWide) {
  for (const auto* file : {"clean.yaml", "refused.yaml", "unexpected.yaml", "unknown-key.yaml"}) {
    std::istringstream lines(run_in_fixtures({"check", file}).out);
    for (std::string line; std::getline(lines, line);) {
      const auto characters =
          std::ranges::count_if(line, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; });
      EXPECT_LE(characters, 80) << file << ": " << line;
    }
  }
}

TEST(Text, QuietSaysOnlyWhatIsWrongAndTheSummary) {
  EXPECT_THAT(run_in_fixtures({"check", "--quiet", "clean.yaml"}).out, StartsWith("1 plan, 4 steps: ok."));
  EXPECT_THAT(run_in_fixtures({"check", "-q", "refused.yaml"}).out,
              AllOf(HasSubstr("refused.yaml:8:5"), HasSubstr("refused at mount")));
}

TEST(Text, GraphIsDotOrMermaid) {
  EXPECT_THAT(run_in_fixtures({"graph", "clean.yaml"}).out, StartsWith("digraph"));
  EXPECT_THAT(run_in_fixtures({"graph", "--format", "mermaid", "clean.yaml"}).out, HasSubstr("flowchart"));
}

TEST(Text, CapabilitiesAreToldForAServer) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"vault-1.16.3"}, {"vault", "1.16.3"}, {"vault", "1.16.3", "openbao"}}) {
    auto all = arguments;
    all.insert(all.begin(), "capabilities");
    const auto outcome = run_replug(all);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("Vault 1.16.3"), HasSubstr("has_pins")));
  }
}

// --- Colours
// ----------------------------------------------------------------------------------------------------------------------

constexpr auto escape = "\x1b";

TEST(Color, IsThereOnATerminal) {
  const auto outcome = run_in_fixtures({"check", "refused.yaml"}, {.environment = {"TERM=xterm"}, .terminal = true});
  EXPECT_THAT(outcome.out, HasSubstr(escape));
}

TEST(Color, IsNotThereWithNoColorADumbTerminalOrNoTerminal) {
  EXPECT_THAT(
      run_in_fixtures({"check", "refused.yaml"}, {.environment = {"TERM=xterm", "NO_COLOR=1"}, .terminal = true}).out,
      Not(HasSubstr(escape)));
  EXPECT_THAT(run_in_fixtures({"check", "refused.yaml"}, {.environment = {"TERM=dumb"}, .terminal = true}).out,
              Not(HasSubstr(escape)));
  EXPECT_THAT(run_in_fixtures({"check", "refused.yaml"}, {.environment = {"TERM=xterm"}}).out, Not(HasSubstr(escape)));
}

TEST(Color, FollowsTheFlagFirst) {
  EXPECT_THAT(run_in_fixtures({"check", "--color=always", "refused.yaml"}, {.environment = {"NO_COLOR=1"}}).out,
              HasSubstr(escape));
  EXPECT_THAT(
      run_in_fixtures({"check", "--color=never", "refused.yaml"}, {.environment = {"TERM=xterm"}, .terminal = true})
          .out,
      Not(HasSubstr(escape)));
}

// --- Names that want to be more
// ---------------------------------------------------------------------------------------------------

/// GitHub takes a line that begins with :: for a command; a terminal takes ESC, a control character or a change of
/// direction for one.
void expect_harmless(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_FALSE(line.substr(std::min(line.find_first_not_of(' '), line.size())).starts_with("::")) << line;
    EXPECT_THAT(line, Not(HasSubstr("\xe2\x80\xae"))) << "U+202E";
    for (const char byte : line) EXPECT_FALSE(static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f) << line;
  }
}

TEST(HostileNames, StayNames) {
  for (const auto* command : {"check", "lint", "simulate", "graph"}) {
    const auto outcome = run_in_fixtures({command, "hostile.yaml"});
    expect_harmless(outcome.out);
    expect_harmless(outcome.err);
  }
}

TEST(HostileNames, InJsonAreEscaped) {
  const auto outcome = run_in_fixtures({"check", "--format", "json", "hostile.yaml"});
  EXPECT_FALSE(json_of(outcome).is_discarded());
  for (const char byte : outcome.out) EXPECT_FALSE(byte != '\n' && static_cast<unsigned char>(byte) < 0x20);
}

TEST(HostileNames, OfFilesStayNames) {
  const auto outcome = run_in_fixtures({"check", "no\x1b[31m-such\n::error::file"});
  EXPECT_EQ(outcome.exit_code, 3);
  expect_harmless(outcome.err);
}

TEST(HostileNames, OfFlagsAndCommandsStayNames) {
  expect_harmless(run_replug({"\x1b[31m\n::error::x"}).err);
  expect_harmless(run_replug({"check", "--\x1b[31m\n::error::x"}).err);
  expect_harmless(run_replug({"check", "--format", "\x1b[31m\n::error::x", "-"}).err);
  expect_harmless(run_replug({"check", "--quiet=\x1b[31m\n::error::x", "-"}).err);
}

}  // namespace
