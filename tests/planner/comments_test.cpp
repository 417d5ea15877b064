#include "planner/reading/comments.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace replug::planner {
namespace {

/// The comments with `mark`, one a line; `+` where something stands before it on its line.
std::string found(std::string text) {
  const Source source("x.yaml", std::move(text));
  Problems problems;
  const Document document = Document::parse(source, problems);
  EXPECT_TRUE(problems.empty());
  std::string result;
  for (const Comment& comment : comments_with(document, "mark")) {
    result += comment.alone ? "" : "+";
    result += source.text().substr(comment.span.begin, comment.span.end - comment.span.begin);
    result += '\n';
  }
  return result;
}

TEST(Comments, AreFoundAloneAndBehindValues) {
  EXPECT_EQ(found("# mark 1\na: 1  # mark 2\n  # mark 3\nb: 2 # other\n"), "# mark 1\n+# mark 2\n# mark 3\n");
  EXPECT_EQ(found("\xEF\xBB\xBF# mark\na: 1\n"), "# mark\n");
  EXPECT_EQ(found("a: 1 # mark\r\nb: 2\r\n# mark\r\n"), "+# mark\n# mark\n");
  EXPECT_EQ(found("[1, # mark\n 2]\n# mark"), "+# mark\n# mark\n");
}

TEST(Comments, AreNotWhatStandsInAValue) {
  EXPECT_EQ(found("a: \"x # mark\"\n"), "");
  EXPECT_EQ(found("a: 'x # mark' # mark\n"), "+# mark\n");
  EXPECT_EQ(found("a: \"one\n # mark\n  two\" # mark\n"), "+# mark\n") << "a text over several lines";
  EXPECT_EQ(found("a: |\n  # mark\n  text # mark\nb: 1 # mark\n"), "+# mark\n") << "a block text";
  EXPECT_EQ(found("a: >-\n  x\n  # mark\n"), "");
  EXPECT_EQ(found("\"# mark\": 1\n"), "") << "a key";
  EXPECT_EQ(found("a: x#mark\n"), "") << "without a blank before it";
}

TEST(Comments, BeginAtTheirFirstSign) {
  EXPECT_EQ(found("a: 1 # see # mark\n"), "+# see # mark\n");
  EXPECT_EQ(found("a: 'mark' # other\n"), "");
  EXPECT_EQ(found("mark: 1 # other\n"), "");
}

TEST(Comments, AreFoundBesideAliases) {
  EXPECT_EQ(found("a: &x [1, '# mark'] # mark\nb: [*x, *x] # mark\nc: {<<: {d: '# mark'}} # mark\n"),
            "+# mark\n+# mark\n+# mark\n");
}

TEST(Comments, InFrontOfABlockTextAreFound) { EXPECT_EQ(found("a: | # mark\n  text\n"), "+# mark\n"); }

}  // namespace
}  // namespace replug::planner
