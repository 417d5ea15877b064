// The table of what servers say, and the texts that are made from it.

#include "simulator/vault/messages.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace replug::simulator {
namespace {

namespace fs = std::filesystem;

class Messages : public testing::Test {
 protected:
  Text text(std::string_view characters) { return texts_.intern(characters); }

  /// A message with every argument that a format can take.
  Message full(Code code) {
    Message message{code, text("9.8.7"), text("two"), text("three")};
    message.word = "word";
    message.numbers = {71, 72};
    message.inner = {{Code::connection_name, text("first")}, {Code::connection_name, text("last")}};
    return message;
  }

  Texts texts_;
};

std::set<std::string> placeholders(std::string_view format) {
  const std::string text(format);
  static const std::regex placeholder(R"(\{(\w+)(:\w+)?\})");
  std::set<std::string> names;
  for (std::sregex_iterator found(text.begin(), text.end(), placeholder), end; found != end; ++found)
    names.insert((*found)[1]);
  return names;
}

/// What the arguments of `full` look like in a text, whatever the format makes of them.
std::string shown(const std::string& placeholder) {
  if (placeholder == "0") return "9";
  if (placeholder == "1") return "two";
  if (placeholder == "2") return "three";
  if (placeholder == "word") return "word";
  if (placeholder == "why" || placeholder == "names") return "first";
  if (placeholder == "last") return "last";
  if (placeholder == "count") return "1";
  if (placeholder == "first") return "71";
  if (placeholder == "second") return "72";
  return "2 errors occurred:\n\t* first\n\t* last\n\n";  // list
}

TEST_F(Messages, EachHasATextWithAllThatItTakes) {
  for (const MessageRow& row : message_table()) {
    const std::string made = text_of(full(row.code));
    EXPECT_EQ(made.empty(), row.code == Code::none);
    EXPECT_EQ(made.find_first_of("{}"), std::string::npos) << made;
    for (const std::string& placeholder : placeholders(row.format))
      EXPECT_THAT(made, testing::HasSubstr(shown(placeholder))) << row.format;
  }
}

TEST_F(Messages, NoTwoAreTheSameText) {
  std::set<std::string_view> formats;
  for (const MessageRow& row : message_table()) EXPECT_TRUE(formats.insert(row.format).second) << row.format;
}

TEST_F(Messages, WhatIsNotModelledOrNotVerifiedIsNamedSo) {
  std::ifstream file(fs::path(REPLUG_SOURCE_DIR) / "simulator/vault/messages.cpp");
  const std::regex row(R"(^    \{Code::(\w+), (\w+),)");
  std::size_t rows = 0;
  for (std::string line; std::getline(file, line);) {
    std::smatch match;
    if (!std::regex_search(line, match, row)) continue;
    ++rows;
    const std::string code = match[1];
    EXPECT_EQ(code.ends_with("_not_modelled"), match[2] == "not_modelled") << code;
    EXPECT_EQ(code.ends_with("_unverified"), match[2] == "unverified") << code;
  }
  EXPECT_EQ(rows, message_table().size());
}

std::string contents(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(Messages, EachIsSaidSomewhere) {
  const fs::path root = fs::path(REPLUG_SOURCE_DIR) / "simulator";
  const std::regex code(R"(Code::(\w+))");
  const auto codes_in = [&](const std::string& source) {
    std::set<std::string> codes;
    for (std::sregex_iterator found(source.begin(), source.end(), code), end; found != end; ++found)
      codes.insert((*found)[1]);
    return codes;
  };
  std::string said = "Code::none Code::errors_occurred";  // the latter by error_list, beside the table
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".cpp" && entry.path().filename() != "messages.cpp") said += contents(entry.path());
  }
  EXPECT_EQ(codes_in(contents(root / "vault/messages.cpp")), codes_in(said));
}

TEST_F(Messages, TakeTextsAsTheyAreAndQuoteThem) {
  EXPECT_EQ(text_of({Code::protected_mount, text("a\"b\n/")}), R"(cannot mount "a\"b\n/")");
  EXPECT_EQ(text_of({Code::no_route_to_engine, "config/", text("my \"db\"/"), text("a\\b")}),
            R"(no handler for route "my \"db\"/config/a\\b". route entry not found.)");
  EXPECT_EQ(text_of({Code::existing_mount, "auth/token/", text("team-a/")}), "existing mount at team-a/auth/token/");
  EXPECT_EQ(text_of({Code::existing_mount, text("team-a/my/")}), "existing mount at team-a/my/");
  EXPECT_EQ(text_of({Code::not_in_catalog, text("{0}{why}")}), "plugin not found in the catalog: {0}{why}");
}

TEST_F(Messages, CutAndExplainWhatTheyTake) {
  EXPECT_EQ(text_of({Code::command_not_found, text("folder/file -flag a/b")}),
            "error while validating the command path: lstat <plugin_directory>/folder: no such file or directory");
  EXPECT_EQ(text_of({Code::not_hex_because, text("0x")}),
            "Could not decode SHA256 value from Hex 0x: encoding/hex: invalid byte: U+0078 'x'");
  EXPECT_EQ(text_of({Code::newer_vault_unverified, "2.0", text("v9.1.0+ent")}),
            "Vault Enterprise 9.1.0 is newer than what is known; it is simulated as 2.0");
  EXPECT_EQ(text_of({Code::newer_openbao_unverified, "2.7", text("9.1.0")}),
            "OpenBao 9.1.0 is newer than what is known; it is simulated as 2.7");
}

TEST_F(Messages, ListErrorsAsGoDoes) {
  const Message missing{Code::not_in_catalog, text("toy")};
  EXPECT_EQ(text_of(error_list({missing})), "1 error occurred:\n\t* plugin not found in the catalog: toy\n\n");
  EXPECT_EQ(error_list({missing}), failed(missing).message) << "a bare error is a list of one";
  EXPECT_EQ(text_of(error_list({missing, Code::plugin_shutdown})),
            "2 errors occurred:\n\t* plugin not found in the catalog: toy\n\t* plugin shutdown\n\n");
  EXPECT_EQ(text_of(error_list({error_list({Code::plugin_shutdown})})),
            "1 error occurred:\n\t* 1 error occurred:\n\t* plugin shutdown\n\n\n\n");
  EXPECT_EQ(text_of({Code::invalid_backend_version, error_list({missing, missing})}),
            "invalid backend version: 2 errors occurred:\n\t* plugin not found in the catalog: toy\n\t* plugin not "
            "found in the catalog: toy\n\n");
}

TEST_F(Messages, CountTheConnectionsReloadedSoFar) {
  const Message failure{Code::connection_not_reloaded, text("c"), {Code::instance_not_created, Code::checksums_differ}};
  EXPECT_EQ(text_of(failure),
            "failed to reload connection \"c\": unable to create database instance: checksums did not match");
  const std::vector<Message> all = {{Code::connection_name, text("a")}, {Code::connection_name, text("b")}, failure};
  EXPECT_EQ(text_of({Code::reloaded_so_far, all}),
            "successfully reloaded 2 connection(s): a, b; failed to reload connection \"c\": unable to create database "
            "instance: checksums did not match");
}

TEST_F(Messages, AreToldByKind) {
  Reply reply = failed(Code::undecodable_entry);
  reply.remarks = {Code::unlisted_catalog_unverified, Code::own_mounts_not_modelled};
  EXPECT_EQ(errors_of(reply).size(), 1U);
  EXPECT_TRUE(warnings_of(reply).empty());
  EXPECT_THAT(unverified_in(reply), testing::ElementsAre(testing::HasSubstr("cannot be listed")));
  EXPECT_THAT(not_modelled_in(reply), testing::ElementsAre(testing::HasSubstr("own mounts")));
  EXPECT_TRUE(says(reply, "failed to decode"));
  EXPECT_FALSE(says(reply, "cannot be listed"));

  EXPECT_THAT(warnings_of(warned(200, Code::nothing_reloaded)), testing::ElementsAre("no plugins were reloaded"));
  EXPECT_FALSE(says(warned(200, Code::nothing_reloaded), "no plugins"));
  EXPECT_TRUE(errors_of(succeeded(204)).empty());
}

TEST_F(Messages, RepliesAreComparedByWhatTheySay) {
  const auto missing = [&](std::string_view name) { return refused(400, {Code::not_in_catalog, text(name)}); };
  EXPECT_EQ(missing("toy"), missing("toy"));
  EXPECT_NE(missing("toy"), missing("toys"));
  EXPECT_NE(missing("toy"), failed({Code::not_in_catalog, text("toy")}, 400));
  EXPECT_NE(succeeded(200), succeeded(204));
  Reply answered = succeeded(200);
  answered.answered_by = {text("v1.0.0"), text("a0")};
  EXPECT_NE(answered, succeeded(200));
}

}  // namespace
}  // namespace replug::simulator
