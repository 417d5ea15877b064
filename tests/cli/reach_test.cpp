// What a stranger's plan can make replug read and tell.

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "process.h"
#include "scratch_folder.h"

namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> commands = {"check", "lint", "simulate", "graph", "fix"};
const std::string secret = "hunter2";

Outcome run_in(const fs::path& folder, const std::vector<std::string>& arguments, Surroundings surroundings = {}) {
  surroundings.folder = folder.string();
  surroundings.environment.push_back("CI_TOKEN=" + secret);
  return run_replug(arguments, surroundings);
}

std::string everything(const Outcome& outcome) { return outcome.out + outcome.err; }

/// With what was broken into lines put together again.
std::string in_one_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n';
    if (!space || !line.ends_with(' ')) line += space ? ' ' : c;
  }
  return line;
}

/// A plan whose cluster has that under the key.
std::string plan_with(const std::string& key, const std::string& value) {
  const std::string cluster = "cluster: {server: {product: vault, version: 1.16.3}, nodes: {v0: {role: active}}";
  const std::string steps = "steps: [{confirm: Go on}]\n";
  if (key == "cluster") return "replug: 1\ncluster: " + value + "\n" + steps;
  if (key == "releases") return "replug: 1\n" + cluster + "}\nreleases: " + value + "\n" + steps;
  return "replug: 1\n" + cluster + ", " + key + ": " + value + "}\n" + steps;
}

const std::vector<std::string> keys = {"cluster", "releases", "catalog", "pins", "secrets", "auth", "databases"};

const std::string cluster_file =
    "replug: 1\ncluster: {server: {product: vault, version: 1.16.3}, nodes: {v0: {role: active}}}\n";

/// Files as they lie about on a machine that runs CI.
const std::vector<std::pair<std::string, std::string>> credentials = {
    {"shadow", "root:hunter2:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n"},
    {"shadow-like", "root: hunter2\ndaemon: hunter2\n"},
    {".netrc", "machine api.github.com login me password hunter2\n"},
    {".netrc-lines", "machine api.github.com\n  login me\n  password hunter2\n"},
    {".npmrc", "//registry.npmjs.org/:_authToken=hunter2\nemail: hunter2\n"},
    {"docker.json", "{\"auths\": {\"https://index.docker.io/v1/\": {\"auth\": \"hunter2\"}}}\n"},
    {"aws", "[default]\naws_access_key_id = hunter2\naws_secret_access_key = hunter2\n"},
    {"git", "[core]\n\tbare = false\n[http]\n\textraheader = AUTHORIZATION: basic hunter2\n"},
    {"key", "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2==\n-----END OPENSSH PRIVATE KEY-----\n"},
    {"kube.yaml", "apiVersion: v1\nusers: [{name: me, user: {token: hunter2}}]\n"},
    {"list.yaml", "- hunter2\n- {token: hunter2}\n"},
    {"token", "hunter2"},
    {"settings.yaml", "user: hunter2\ncluster: prod\n"},
    {"tokens.json", "[{\"name\": \"me\", \"token\": \"hunter2\"}]"},
    {"cloud.json", "{\"type\": \"service_account\", \"private_key\": \"hunter2\"}"},
    {"terraform.json", "{\"credentials\": {\"app.terraform.io\": {\"token\": \"hunter2\"}}}"},
    {"environ", std::string("PATH=/bin\0CI_TOKEN=hunter2\0", 27)},
};

TEST(Reach, OutsideTheRepositoryNothingIsRead) {
  const ScratchFolder folder;
  folder.write("secret.yaml", "replug: 1\ncluster: " + secret + "\n");
  fs::create_directories(folder.path() / "repository/.git");
  fs::create_symlink("../secret.yaml", folder.path() / "repository/link.yaml");
  fs::create_symlink("..", folder.path() / "repository/up");
  const std::vector<std::string> ways = {"../secret.yaml",
                                         "link.yaml",
                                         "up/secret.yaml",
                                         "/proc/self/environ",
                                         "../../../../../../../../proc/self/environ",
                                         "/etc/shadow",
                                         "../no-such-file"};
  for (const auto& way : ways) {
    for (const auto& key : keys) {
      folder.write("repository/p.yaml", plan_with(key, way));
      for (const auto& command : key == "cluster" ? commands : std::vector<std::string>{"lint"}) {
        const auto outcome = run_in(folder.path() / "repository", {command, "p.yaml"});
        EXPECT_EQ(outcome.exit_code, 3) << command << ' ' << key << ' ' << way;
        EXPECT_THAT(everything(outcome), Not(HasSubstr(secret))) << command << ' ' << key << ' ' << way;
      }
      const auto told = in_one_line(everything(run_in(folder.path() / "repository", {"check", "--quiet", "p.yaml"})));
      const bool absolute = way.starts_with('/');
      EXPECT_THAT(told,
                  AllOf(HasSubstr("--> p.yaml:"), HasSubstr(absolute ? "a plan names files by" : "it lies outside"),
                        HasSubstr("--include-root")))
          << told;
      EXPECT_THAT(told, Not(HasSubstr("No such file"))) << "not even whether it is there: " << way;
    }
  }
}

TEST(Reach, IsThePlansFolderWithoutARepository) {
  const ScratchFolder folder;
  fs::remove(folder.path() / ".git");
  folder.write("secret.yaml", cluster_file);
  folder.write("plans/p.yaml", plan_with("cluster", "../secret.yaml"));
  folder.write("plans/q.yaml", plan_with("cluster", "there/cluster.yaml"));
  folder.write("plans/there/cluster.yaml", cluster_file);
  EXPECT_EQ(run_in(folder.path(), {"check", "plans/p.yaml"}).exit_code, 3);
  EXPECT_EQ(run_in(folder.path(), {"check", "plans/q.yaml"}).exit_code, 0);
}

TEST(Reach, HasTheWholeRepository) {
  const ScratchFolder folder;
  folder.write("clusters/prod.yaml", cluster_file);
  folder.write("plans/p.yaml", plan_with("cluster", "../clusters/prod.yaml"));
  for (const auto& command : commands) {
    EXPECT_EQ(run_in(folder.path(), {command, "plans/p.yaml"}).exit_code, 0) << command;
    EXPECT_EQ(run_in("/", {command, (folder.path() / "plans/p.yaml").string()}).exit_code, 0) << command;
  }
}

TEST(Reach, OfAPlanFromStandardInputIsTheCurrentRepository) {
  const ScratchFolder folder;
  folder.write("clusters/prod.yaml", cluster_file);
  fs::create_directory(folder.path() / "plans");
  Surroundings given{.input = plan_with("cluster", "../clusters/prod.yaml")};
  EXPECT_EQ(run_in(folder.path() / "plans", {"check", "-"}, given).exit_code, 0);
  fs::create_directory(folder.path() / "plans/.git");
  EXPECT_EQ(run_in(folder.path() / "plans", {"check", "-"}, given).exit_code, 3);
}

TEST(Reach, IsWidenedByTheFlagAlone) {
  const ScratchFolder folder;
  folder.write("shared/prod.yaml", cluster_file);
  folder.write("repository/p.yaml", plan_with("cluster", "../shared/prod.yaml"));
  fs::create_directory(folder.path() / "repository/.git");
  const auto repository = folder.path() / "repository";
  EXPECT_EQ(run_in(repository, {"check", "p.yaml"}).exit_code, 3);
  for (const auto& command : commands) {
    EXPECT_EQ(run_in(repository, {command, "p.yaml", "--include-root", "../shared"}).exit_code, 0) << command;
    EXPECT_EQ(run_in(repository, {command, "--include-root", ".", "--include-root", "../shared", "p.yaml"}).exit_code,
              0);
  }
  EXPECT_EQ(run_in(repository, {"check", "p.yaml", "--include-root", "p.yaml"}).exit_code, 2);
  EXPECT_EQ(run_in(repository, {"check", "p.yaml", "--include-root", "nowhere"}).exit_code, 2);
  folder.write("repository/.replug.yaml", "include-root: ../shared\n");
  EXPECT_EQ(run_in(repository, {"check", "p.yaml"}).exit_code, 3);
}

TEST(Reach, OfAFileThatIsSomethingElseNothingIsTold) {
  const ScratchFolder folder;
  for (const auto& [name, text] : credentials) {
    folder.write(name, text);
    for (const auto& key : keys) {
      folder.write("p.yaml", plan_with(key, name));
      for (const auto& command : key == "cluster" ? commands : std::vector<std::string>{"lint"}) {
        const auto outcome = run_in(folder.path(), {command, "p.yaml"});
        EXPECT_EQ(outcome.exit_code, 3) << command << ' ' << key << ' ' << name;
        EXPECT_THAT(everything(outcome), Not(HasSubstr(secret))) << command << ' ' << key << ' ' << name;
      }
      const auto json = run_in(folder.path(), {"check", "--format", "json", "p.yaml"});
      EXPECT_THAT(everything(json), AllOf(Not(HasSubstr(secret)), HasSubstr("does not begin as")))
          << key << ' ' << name;
    }
  }
}

TEST(Reach, OfAPlanThatIsALinkEndsAtItsRepository) {
  const ScratchFolder folder;
  folder.write("secret", "token: " + secret + "\n");
  folder.write("repository/there/p.yaml", plan_with("cluster", "cluster.yaml"));
  folder.write("repository/cluster.yaml", cluster_file);
  folder.write("repository/token", secret);
  const auto repository = folder.path() / "repository";
  fs::create_directory(repository / ".git");
  fs::create_symlink("../secret", repository / "out.yaml");
  fs::create_symlink("token", repository / "in.yaml");
  fs::create_symlink("there/p.yaml", repository / "good.yaml");
  for (const auto& command : commands) {
    for (const auto* plan : {"out.yaml", "in.yaml"}) {
      const auto outcome = run_in(repository, {command, plan});
      EXPECT_EQ(outcome.exit_code, 3) << command << ' ' << plan;
      EXPECT_THAT(everything(outcome), AllOf(Not(HasSubstr(secret)), HasSubstr("it is a link"))) << command << plan;
    }
    EXPECT_EQ(run_in(repository, {command, "good.yaml"}).exit_code, 0) << command;
  }
  const auto all = run_in(repository, {"check", "."});
  EXPECT_THAT(everything(all), AllOf(Not(HasSubstr(secret)), HasSubstr("out.yaml:1:1")));
}

TEST(Reach, DoesNotFollowAFolderThatLeadsToAnotherRepository) {
  const ScratchFolder folder;
  folder.write("other/p.yaml", plan_with("cluster", "nothing.yaml") + "# " + secret + "\n");
  fs::create_directory(folder.path() / "other/.git");
  fs::create_directories(folder.path() / "repository/.git");
  fs::create_symlink("../other", folder.path() / "repository/plans");
  const auto outcome = run_in(folder.path() / "repository", {"check", "plans/p.yaml"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("it is a link that leads outside its repository"));
}

TEST(Reach, OfAConfigurationThatIsALinkEndsAtItsRepository) {
  const ScratchFolder folder;
  folder.write("secret", "token: " + secret + "\n");
  folder.write("repository/p.yaml", plan_with("cluster", "cluster.yaml"));
  folder.write("repository/cluster.yaml", cluster_file);
  folder.write("repository/token", "token: " + secret + "\n");
  folder.write("repository/shared.yaml", "profile: strict\n");
  const auto repository = folder.path() / "repository";
  fs::create_directory(repository / ".git");
  for (const auto* target : {"../secret", "token", "/proc/self/environ"}) {
    fs::remove(repository / ".replug.yaml");
    fs::create_symlink(target, repository / ".replug.yaml");
    for (const std::string command : {"check", "lint", "simulate", "fix", "config"}) {
      const auto outcome = run_in(repository, {command, "p.yaml"});
      EXPECT_EQ(outcome.exit_code, 3) << command << ' ' << target;
      EXPECT_THAT(everything(outcome), AllOf(Not(HasSubstr(secret)), HasSubstr("it is a link"))) << command << target;
    }
  }
  fs::remove(repository / ".replug.yaml");
  fs::create_symlink("shared.yaml", repository / ".replug.yaml");
  EXPECT_EQ(run_in(repository, {"config", "p.yaml"}).exit_code, 0);
}

TEST(Reach, HasRegularFilesOnly) {
  const ScratchFolder folder;
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  fs::create_directory(folder.path() / "folder");
  for (const auto* name : {"pipe", "folder"}) {
    folder.write("p.yaml", plan_with("cluster", name));
    EXPECT_EQ(run_in(folder.path(), {"check", "p.yaml"}).exit_code, 3) << name;
    fs::remove(folder.path() / "p.yaml");
    const auto named = run_in(folder.path(), {"check", name});
    EXPECT_EQ(named.exit_code, 3) << name;
  }
  EXPECT_THAT(run_in(folder.path(), {"check", "pipe"}).err, HasSubstr("cannot read pipe: it is no regular file."));
  EXPECT_THAT(run_in(folder.path(), {"check", "/dev/null"}).err, HasSubstr("it is no regular file."));
  EXPECT_THAT(run_in(folder.path(), {"check", "/dev/zero"}).err, HasSubstr("it is no regular file."));
}

}  // namespace
