// Folders with files that cannot be read, and files that are replaced.

#include "cli/files.h"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/trouble.h"
#include "process.h"
#include "scratch_folder.h"

namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string slip =
    "replug: 1\n"
    "cluster: {server: {product: vault, version: 1.16.3}, nodes: {v0: {role: active}}}\n"
    "stesp: [{confirm: Go on}]\n";
const std::string good =
    "replug: 1\n"
    "cluster: {server: {product: vault, version: 1.16.3}, nodes: {v0: {role: active}}}\n"
    "steps: [{confirm: Go on}]\n";

Outcome run_in(const ScratchFolder& folder, const std::vector<std::string>& arguments) {
  return run_replug(arguments, {.folder = folder.path().string()});
}

std::size_t files_in(const fs::path& folder) {
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder)) files += entry.path().filename() == ".git" ? 0 : 1;
  return files;
}

/// Why the file could not be replaced; empty if it was.
std::string failure_of_replacing(const fs::path& file, const std::string& text = "new") {
  try {
    replug::cli::replace_file(file.string(), text);
  } catch (const replug::cli::Trouble& trouble) {
    return trouble.what();
  }
  return "";
}

// --- Folders ---

TEST(Folder, WithALinkToItselfStillHasItsPlansChecked) {
  const ScratchFolder folder;
  folder.write("plans/a.yaml", good);
  folder.write("plans/z.yaml", good);
  fs::create_symlink("loop.yaml", folder.path() / "plans/loop.yaml");
  for (const std::string command : {"check", "lint", "simulate", "fix"}) {
    const auto outcome = run_in(folder, {command, "plans"});
    EXPECT_EQ(outcome.exit_code, 3) << command;
    EXPECT_THAT(outcome.out + outcome.err, HasSubstr("plans/loop.yaml:1:1")) << command;
  }
  const auto outcome = run_in(folder, {"check", "plans"});
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("plans/a.yaml"), HasSubstr("plans/z.yaml"),
                                 HasSubstr("It cannot be read: Too many levels of symbolic links.")));
  EXPECT_THAT(run_in(folder, {"check", "--format", "json", "plans"}).out, HasSubstr("plans/loop.yaml"));
}

TEST(Folder, WithAFolderThatLeadsToItselfIsSearchedOnce) {
  const ScratchFolder folder;
  folder.write("plans/a.yaml", good);
  fs::create_symlink(".", folder.path() / "plans/again");
  fs::create_symlink("loop", folder.path() / "plans/loop");
  EXPECT_EQ(run_in(folder, {"check", "plans"}).exit_code, 0);
}

TEST(Folder, WithAFileThatCannotBeReadStillHasItsPlansChecked) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  const ScratchFolder folder;
  folder.write("plans/a.yaml", good);
  folder.write("plans/b.yaml", good);
  folder.write("plans/closed/c.yaml", good);
  fs::permissions(folder.path() / "plans/b.yaml", fs::perms::none);
  fs::permissions(folder.path() / "plans/closed", fs::perms::none);
  const auto outcome = run_in(folder, {"check", "plans"});
  fs::permissions(folder.path() / "plans/closed", fs::perms::owner_all);
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("plans/a.yaml"), HasSubstr("plans/b.yaml:1:1"),
                                 HasSubstr("plans/closed:1:1"), HasSubstr("Permission denied")));
}

// --- Replacing ---

TEST(Replacing, LeavesALinkToNothingAlone) {
  const ScratchFolder folder;
  folder.write("p.yaml", good);
  fs::create_symlink("nothing.json", folder.path() / "baseline.json");
  const auto outcome = run_in(folder, {"lint", "p.yaml", "--write-baseline", "baseline.json"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("cannot write baseline.json: it is a link to a file that is not there."));
  EXPECT_TRUE(fs::is_symlink(folder.path() / "baseline.json"));
}

TEST(Replacing, OfAFileWithHardLinksIsRefused) {
  const ScratchFolder folder;
  folder.write("p.yaml", slip);
  fs::create_hard_link(folder.path() / "p.yaml", folder.path() / "twin.yaml");
  const auto outcome = run_in(folder, {"fix", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("cannot write p.yaml: it has further hard links"));
  EXPECT_EQ(folder.read("p.yaml"), slip);
  EXPECT_EQ(files_in(folder.path()), 2U);
}

TEST(Replacing, OfAReadOnlyFileIsRefused) {
  const ScratchFolder folder;
  folder.write("p.yaml", slip);
  fs::permissions(folder.path() / "p.yaml", fs::perms(0444));
  const auto outcome = run_in(folder, {"fix", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("cannot write p.yaml: it is read-only."));
  EXPECT_EQ(folder.read("p.yaml"), slip);
}

TEST(Replacing, KeepsOwnerAndMode) {
  const ScratchFolder folder;
  folder.write("p.yaml", slip);
  const auto file = folder.path() / "p.yaml";
  const bool root = ::geteuid() == 0;
  if (root) {
    ASSERT_EQ(::chown(file.c_str(), 12345, 23456), 0);
  }
  ASSERT_EQ(::chmod(file.c_str(), 04640), 0);
  EXPECT_EQ(run_in(folder, {"fix", "p.yaml"}).exit_code, 0);
  EXPECT_EQ(folder.read("p.yaml"), good);
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 04640U);
  EXPECT_EQ(status.st_uid, root ? 12345U : ::geteuid());
  EXPECT_EQ(status.st_gid, root ? 23456U : ::getegid());
}

TEST(Replacing, WorksForTheLongestName) {
  const ScratchFolder folder;
  const auto name = std::string(250, 'n') + ".yaml";
  folder.write(name, slip);
  EXPECT_EQ(run_in(folder, {"fix", name}).exit_code, 0);
  EXPECT_EQ(folder.read(name), good);
}

TEST(Replacing, ThatFailsLeavesNoFileBehind) {
  const ScratchFolder folder;
  fs::create_directory(folder.path() / "folder");
  EXPECT_THAT(failure_of_replacing(folder.path() / "folder"), HasSubstr("it is no regular file"));
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(Replacing, LeavesNoFileBehindWhenASignalEndsTheProgram) {
  const ScratchFolder folder;
  const std::string text(1U << 20U, 'x');
  const auto file = folder.path() / "p.yaml";
  for (int round = 0; round < 20; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      while (true) replug::cli::replace_file(file.string(), text);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5 + round));
    ::kill(child, round % 2 == 0 ? SIGTERM : SIGINT);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "a signal that waits is still heard";
  }
  EXPECT_LE(files_in(folder.path()), 1U);
}

// --- Standard streams ---

TEST(StandardStreams, ThatAreClosedAreNotWrittenIntoThePlan) {
  const ScratchFolder folder;
  for (const std::string closed : {">&-", "2>&-", "<&-", "<&- >&- 2>&-"}) {
    folder.write("p.yaml", slip);
    const auto command = "cd '" + folder.path().string() + "' && '" REPLUG_BINARY "' fix p.yaml " + closed;
    const int status = std::system((command + (closed == ">&-" ? "" : " > /dev/null")).c_str());
    EXPECT_EQ(WEXITSTATUS(status), 0) << closed;
    EXPECT_EQ(folder.read("p.yaml"), good) << closed;
  }
  folder.write("q.yaml", slip);
  const auto command =
      "cd '" + folder.path().string() + "' && '" REPLUG_BINARY "' check q.yaml --write-baseline b.json >&- 2>&-";
  EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 3);
  EXPECT_THAT(folder.read("b.json"), Not(HasSubstr("stesp")));
}

}  // namespace
