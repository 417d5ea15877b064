#include "planner/reading/document.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace replug::planner {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

/// A text that was read. The document refers to the source, so that must not move.
struct Reading {
  std::unique_ptr<Source> source;
  Problems problems;
  Document document;

  [[nodiscard]] const Node& root() const { return *document.root(); }
};

Reading read(std::string text, const DocumentLimits& limits = {}) {
  auto source = std::make_unique<Source>("plan.yaml", std::move(text));
  Problems problems;
  Document document = Document::parse(*source, problems, limits);
  return {std::move(source), std::move(problems), std::move(document)};
}

std::string shown(const Place& place) {
  return fmt::format("{}:{}-{}:{}", place.begin().line, place.begin().column, place.end().line, place.end().column);
}

std::string shown(const Reading& reading, const Node& node) { return shown(reading.document.place(node)); }

/// The problems, one a line: place, message, help, related places.
std::string problems_of(const Reading& reading) {
  std::string all;
  for (const Problem& problem : reading.problems) {
    all += fmt::format("{} {} {}\n", shown(problem.place), problem.message, problem.help);
    for (const Related& related : problem.related)
      all += fmt::format("  {} {}\n", shown(related.place), related.message);
  }
  return all;
}

std::string problems_of(std::string text, const DocumentLimits& limits = {}) {
  return problems_of(read(std::move(text), limits));
}

/// The values on one line: quoted text in quotes, null as ~.
std::string outline(const Node& node) {
  std::string all;
  switch (node.kind()) {
    case Node::Kind::null:
      return "~";
    case Node::Kind::scalar:
      return node.quoted() ? fmt::format("'{}'", node.text()) : std::string(node.text());
    case Node::Kind::sequence:
      for (const Node* item : node.items()) all += (all.empty() ? "" : " ") + outline(*item);
      return "[" + all + "]";
    case Node::Kind::mapping:
      for (const Node::Entry& entry : node.entries()) {
        all += (all.empty() ? "" : " ") + outline(*entry.key) + ":" + outline(*entry.value);
      }
      return "{" + all + "}";
  }
  return all;
}

std::string outline(std::string text) {
  const Reading reading = read(std::move(text));
  EXPECT_EQ(problems_of(reading), "");
  return reading.document.root() == nullptr ? "nothing" : outline(reading.root());
}

/// The place of the value behind the key of the root mapping.
std::string place_of(const Reading& reading, std::string_view key) {
  const Node::Entry* const entry = reading.root().find(key);
  return entry == nullptr ? "nowhere" : shown(reading, *entry->value);
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

// ---- values ----

TEST(Document, ReadsMappingsSequencesAndScalars) {
  EXPECT_EQ(outline("a: 1\nb:\n  - x\n  - y: z\nc: {d: [e, f]}\n"), "{a:1 b:[x {y:z}] c:{d:[e f]}}");
}

TEST(Document, TellsQuotedTextFromPlain) {
  const Reading reading = read("a: 1.10\nb: '1.10'\nc: \"1.10\"\nd: |\n  1.10\n");
  ASSERT_EQ(problems_of(reading), "");
  EXPECT_FALSE(reading.root().find("a")->value->quoted());
  EXPECT_TRUE(reading.root().find("b")->value->quoted());
  EXPECT_TRUE(reading.root().find("c")->value->quoted());
  EXPECT_TRUE(reading.root().find("d")->value->quoted());
}

TEST(Document, UnquotesText) {
  EXPECT_EQ(outline(R"(["a\tb\u00e9\"", 'it''s', "", ''])"), "['a\tbé\"' 'it's' '' '']");
  EXPECT_EQ(outline("- |\n  a\n   b\n- >-\n  c\n  d\n- e\n  f\n"), "['a\n b\n' 'c d' e f]");
}

TEST(Document, TakesTheNullWordsAndNothingForNull) {
  EXPECT_EQ(outline("[~, null, Null, NULL]"), "[~ ~ ~ ~]");
  EXPECT_EQ(outline("a:\nb: # nothing\nc: &x\nd: 1\n"), "{a:~ b:~ c:~ d:1}");
  EXPECT_EQ(outline("['null', \"~\", nil, nULL]"), "['null' '~' nil nULL]");
}

TEST(Document, ReadsJson) {
  EXPECT_EQ(outline("{\"a\": [1, null, {\"b\": true}],\n \"c\": \"x\"}\n"), "{'a':[1 ~ {'b':true}] 'c':'x'}");
  EXPECT_EQ(outline("\n  [1, 2]\n"), "[1 2]");
}

TEST(Document, FindsEveryKeyOfSmallAndLargeMappings) {
  for (const int size : {0, 1, 16, 17, 1000}) {
    std::string text = "{";
    for (int i = 0; i < size; ++i) text += fmt::format("k{}: v{}, ", i * 7919 % 1009, i);
    const Reading reading = read(text + "}");
    ASSERT_EQ(problems_of(reading), "");
    ASSERT_EQ(reading.root().entries().size(), static_cast<std::size_t>(size));
    for (int i = 0; i < size; ++i) {
      const Node::Entry* const entry = reading.root().find(fmt::format("k{}", i * 7919 % 1009));
      ASSERT_EQ(entry, &reading.root().entries()[static_cast<std::size_t>(i)]);
      EXPECT_EQ(entry->value->text(), fmt::format("v{}", i));
    }
    EXPECT_EQ(reading.root().find("k"), nullptr);
    EXPECT_EQ(reading.root().find("zzz"), nullptr);
  }
}

TEST(Document, GivesEmptyViewsForWhatANodeIsNot) {
  const Reading reading = read("a: [x]\n");
  EXPECT_TRUE(reading.root().items().empty());
  EXPECT_TRUE(reading.root().text().empty());
  EXPECT_TRUE(reading.root().find("a")->value->entries().empty());
  EXPECT_EQ(reading.root().find("a")->value->find("x"), nullptr);
  EXPECT_EQ(reading.root().find("a")->key->find("x"), nullptr);
}

TEST(Document, KeepsItsNodesWhenItMoves) {
  Reading reading = read("a: \"x\\ty\"\n");
  const Node* const value = reading.root().find("a")->value;
  const Document moved = std::move(reading.document);
  EXPECT_EQ(moved.root()->find("a")->value, value);
  EXPECT_EQ(value->text(), "x\ty");
}

TEST(Document, KeepsANodeSmall) { EXPECT_LE(sizeof(Node), 24U); }

// ---- places ----

TEST(DocumentPlaces, SpanScalarsExactly) {
  const Reading reading = read("a: one\nb: 'it''s'  # c\nc: \"x\\\"y\"\nlong key: two words # c\n");
  EXPECT_EQ(place_of(reading, "a"), "1:4-1:7");
  EXPECT_EQ(place_of(reading, "b"), "2:4-2:11");
  EXPECT_EQ(place_of(reading, "c"), "3:4-3:10");
  EXPECT_EQ(place_of(reading, "long key"), "4:11-4:20");
  EXPECT_EQ(shown(reading, *reading.root().find("long key")->key), "4:1-4:9");
}

TEST(DocumentPlaces, SpanTextOverSeveralLines) {
  const Reading reading = read(
      "a: one\n  two # c\nb: \"one\n  two\"\nc: |\n  one\n\n  two # no comment\n\n# c\nd: >-\n  one\n  two\ne: |+ # "
      "c\n\n"
      "f: 1\n");
  EXPECT_EQ(place_of(reading, "a"), "1:4-2:6");
  EXPECT_EQ(place_of(reading, "b"), "3:4-4:7");
  EXPECT_EQ(place_of(reading, "c"), "5:4-8:19");
  EXPECT_EQ(place_of(reading, "d"), "11:4-13:6");
  EXPECT_EQ(place_of(reading, "e"), "14:4-14:6");
  EXPECT_EQ(place_of(reading, "f"), "16:4-16:5");
}

TEST(DocumentPlaces, EndBracketsBehindTheClosingBracket) {
  const Reading reading = read("a: [x, [y, ], {}, # ]\n  ]\nb: {c: {d: }, e , }\nf: [ ]\ng: [h: i, ? j]\n");
  EXPECT_EQ(place_of(reading, "a"), "1:4-2:4");
  EXPECT_EQ(shown(reading, *reading.root().find("a")->value->items()[1]), "1:8-1:13");
  EXPECT_EQ(place_of(reading, "b"), "3:4-3:20");
  EXPECT_EQ(shown(reading, *reading.root().find("b")->value->find("c")->value), "3:8-3:13");
  EXPECT_EQ(place_of(reading, "f"), "4:4-4:7");
  EXPECT_EQ(place_of(reading, "g"), "5:4-5:15");
  EXPECT_EQ(shown(reading, *reading.root().find("g")->value->items()[0]), "5:5-5:9");
}

TEST(DocumentPlaces, EndBlocksAtTheEndOfTheLastChild) {
  const Reading reading = read("a:\n  b: 1\n  c:\n    - x\n    - y  # c\n\n# c\nd: 2\n");
  EXPECT_EQ(shown(reading, reading.root()), "1:1-8:5");
  EXPECT_EQ(place_of(reading, "a"), "2:3-5:8");
}

TEST(DocumentPlaces, LeaveAnchorsAndTagsOut) {
  const Reading reading = read("a: &x {b: 1}\nc: !!map &y {d: 1}\ne: &z !!str 'f'\ng: &m\n  &k h: 1\ni: &s\n- j\n");
  EXPECT_EQ(place_of(reading, "a"), "1:7-1:13");
  EXPECT_EQ(place_of(reading, "c"), "2:13-2:19");
  EXPECT_EQ(place_of(reading, "e"), "3:13-3:16");
  EXPECT_EQ(place_of(reading, "g"), "5:3-5:10");
  EXPECT_EQ(shown(reading, *reading.root().find("g")->value->find("h")->key), "5:6-5:7");
  EXPECT_EQ(place_of(reading, "i"), "7:1-7:4");
}

TEST(DocumentPlaces, PutAMissingValueAtTheEndOfItsKey) {
  const Reading reading = read("a:\nb: # c\n\nnullable: 1\nc: {d, e: , f: ~}\ng: &x\n");
  EXPECT_EQ(place_of(reading, "a"), "1:2-1:2");
  EXPECT_EQ(place_of(reading, "b"), "2:2-2:2");
  const Node& c = *reading.root().find("c")->value;
  EXPECT_EQ(shown(reading, *c.find("d")->value), "5:6-5:6");
  EXPECT_EQ(shown(reading, *c.find("e")->value), "5:9-5:9");
  EXPECT_EQ(shown(reading, *c.find("f")->value), "5:16-5:17");
  EXPECT_EQ(place_of(reading, "g"), "6:6-6:6");
}

TEST(DocumentPlaces, PutAMissingItemBehindItsDash) {
  const Reading reading = read("-\n- a\n-  # c\n- b:\n-\n  - \n- ~\n");
  ASSERT_EQ(problems_of(reading), "");
  const auto items = reading.root().items();
  EXPECT_EQ(shown(reading, *items[0]), "1:2-1:2");
  EXPECT_EQ(shown(reading, *items[2]), "3:2-3:2");
  EXPECT_EQ(shown(reading, *items[3]), "4:3-4:4");
  EXPECT_EQ(shown(reading, *items[4]), "6:3-6:4");
  EXPECT_EQ(shown(reading, *items[4]->items()[0]), "6:4-6:4");
  EXPECT_EQ(shown(reading, *items[5]), "7:3-7:4");
}

TEST(DocumentPlaces, CountCharactersNotBytes) {
  const Reading reading = read("été: \"日本\" # ü\n😀: x\n");
  EXPECT_EQ(place_of(reading, "été"), "1:6-1:10");
  EXPECT_EQ(place_of(reading, "😀"), "2:4-2:5");
}

TEST(DocumentPlaces, AreRightWithWindowsLineEnds) {
  const Reading reading = read("a: 1\r\nb:\r\n  - x\r\n\r\n  - 'y\r\n    z'\r\nc: |\r\n  t\r\nd: u\r\n  v\r\n");
  EXPECT_EQ(problems_of(reading), "");
  EXPECT_EQ(outline(reading.root()), "{a:1 b:[x 'y z'] c:'t\n' d:u v}");
  EXPECT_EQ(place_of(reading, "a"), "1:4-1:5");
  EXPECT_EQ(place_of(reading, "b"), "3:3-6:7");
  EXPECT_EQ(place_of(reading, "c"), "7:4-8:4");
  EXPECT_EQ(place_of(reading, "d"), "9:4-10:4");
}

TEST(DocumentPlaces, DoNotCountTheByteOrderMark) {
  const Reading reading = read("\xEF\xBB\xBF"s + "a: 1\nb: x\n");
  EXPECT_EQ(problems_of(reading), "");
  EXPECT_EQ(shown(reading, *reading.root().find("a")->key), "1:1-1:2");
  EXPECT_EQ(place_of(reading, "a"), "1:4-1:5");
  EXPECT_EQ(place_of(reading, "b"), "2:4-2:5");
  EXPECT_EQ(place_of(read("\xEF\xBB\xBF"s + "{a: [b]}"), "a"), "1:5-1:8");
}

TEST(DocumentPlaces, AreRightBehindLeadingBlanksAndComments) {
  EXPECT_EQ(place_of(read("# c\n\n  {a: 1}\n"), "a"), "3:7-3:8");
  EXPECT_EQ(place_of(read("%YAML 1.2\n---\n# c\na: 1\n...\n"), "a"), "4:4-4:5");
}

// ---- aliases and merge keys ----

TEST(DocumentAliases, ShareTheNode) {
  const Reading reading = read("a: &x {b: 1}\nc: *x\nd: [*x, *x]\n");
  ASSERT_EQ(problems_of(reading), "");
  const Node* const a = reading.root().find("a")->value;
  EXPECT_EQ(reading.root().find("c")->value, a);
  EXPECT_EQ(reading.root().find("d")->value->items()[1], a);
}

TEST(DocumentAliases, MeanTheNearestAnchorBefore) {
  EXPECT_EQ(outline("- &x 1\n- *x\n- &x 2\n- *x\n- *x : *x\n"), "[1 1 2 2 {2:2}]");
}

TEST(DocumentAliases, EndTheSpanOfWhatHoldsThem) {
  const Reading reading = read("a: &x 1\nb: [*x ]\nc:\n  d: *x\ne: {*x : *x}\n");
  ASSERT_EQ(problems_of(reading), "");
  EXPECT_EQ(place_of(reading, "b"), "2:4-2:9");
  EXPECT_EQ(place_of(reading, "c"), "4:3-4:8");
  EXPECT_EQ(place_of(reading, "e"), "5:4-5:13");
}

TEST(DocumentAliases, WithoutAnchorAreAProblem) {
  EXPECT_EQ(problems_of("a: &defaults 1\nb: *default\n"),
            "2:4-2:12 The alias \"*default\" has no anchor before it. Did you mean *defaults?\n");
  EXPECT_EQ(
      problems_of("a: *.example.com\n"),
      "1:4-1:17 The alias \"*.example.com\" has no anchor before it. Write &.example.com before the value that is "
      "meant, or put the text in quotes.\n");
  EXPECT_EQ(problems_of("a: &x 1\n*x: 2\n"),
            "2:1-2:4 The alias \"*x:\" has no anchor before it. Put a space before the colon; without it the colon "
            "belongs to the name.\n");
}

TEST(DocumentAliases, ToThemselvesAreAProblem) {
  const Reading reading = read("a: &x\n  - *x\n");
  EXPECT_EQ(
      problems_of(reading),
      "2:5-2:7 The alias \"*x\" stands inside the value that it repeats. Write the value out, or move the anchor.\n");
  EXPECT_EQ(reading.document.root(), nullptr);
}

TEST(DocumentAliases, CannotExplode) {
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 30; ++i) bomb += fmt::format("a{0}: &a{0} [*a{1},*a{1},*a{1},*a{1}]\n", i, i - 1);
  const Reading reading = read(bomb);
  ASSERT_EQ(reading.problems.size(), 1U);
  EXPECT_EQ(reading.problems[0].message, "Up to here aliases repeat 250000 values more than 10 times what is written.");
  EXPECT_EQ(reading.problems[0].place.begin().line, 9U);
  EXPECT_EQ(reading.document.root(), nullptr);
}

TEST(DocumentAliases, CountWhatTheyRepeatExactly) {
  const std::string text = "- &x [1, 2]\n- *x\n";  // 1 + 3 + 3
  EXPECT_EQ(problems_of(text, {.expanded = 7}), "");
  EXPECT_EQ(problems_of(text, {.expanded = 6}),
            "2:3-2:5 With its aliases followed the file has more than 6 values. Use fewer aliases to values that "
            "contain aliases themselves.\n");
}

TEST(DocumentAliases, MayNotRepeatFarMoreThanIsWritten) {
  // 102 values are written; with eleven aliases there are 1213.
  const std::string text = "- &x [" + repeated("1, ", 100) + "]\n" + repeated("- *x\n", 11);
  EXPECT_EQ(problems_of(text, {.repeated = 91}), "");
  EXPECT_EQ(problems_of(text, {.repeated = 90}),
            "12:3-12:5 Up to here aliases repeat 90 values more than 10 times what is written. Follow fewer aliases to "
            "long lists or mappings, or split the file.\n");
  std::string wide = "a: &a [" + repeated("x, ", 1500) + "]\nb: [" + repeated("*a, ", 1500) + "]\n";
  EXPECT_EQ(read(wide).problems.at(0).message,
            "Up to here aliases repeat 250000 values more than 10 times what is written.");
}

TEST(DocumentAliases, CountForTheDepthTheyReach) {
  const std::string text = "- &x [[1]]\n- &y [*x]\n- [*y]\n";
  EXPECT_EQ(problems_of(text, {.depth = 5}), "");
  EXPECT_EQ(problems_of(text, {.depth = 4}),
            "3:4-3:6 The values are nested deeper than 4 levels. Nest them less deeply.\n");
}

TEST(DocumentMergeKeys, AddWhatIsNotWritten) {
  EXPECT_EQ(outline("- &a {x: 1, y: 2}\n- <<: *a\n  x: 3\n- {z: 4, <<: {w: 5}}\n"), "[{x:1 y:2} {x:3 y:2} {z:4 w:5}]");
}

TEST(DocumentMergeKeys, TakeAListWhereTheFirstWins) {
  EXPECT_EQ(outline("- &a {x: 1}\n- &b {x: 2, y: 2}\n- {<<: [*a, *b], z: 3}\n- {<<: []}\n"),
            "[{x:1} {x:2 y:2} {z:3 x:1 y:2} {}]");
}

TEST(DocumentMergeKeys, ReachThroughOneAnother) {
  EXPECT_EQ(outline("- &a {x: 1}\n- &b {<<: *a, y: 2}\n- {<<: *b}\n"), "[{x:1} {y:2 x:1} {y:2 x:1}]");
}

TEST(DocumentMergeKeys, WorkInLargeMappings) {
  std::string text = "base: &b {";
  for (int i = 0; i < 30; ++i) text += fmt::format("k{}: base, ", i);
  text += "}\nmore:\n  <<: *b\n";
  for (int i = 20; i < 50; ++i) text += fmt::format("  k{}: more\n", i);
  const Reading reading = read(text);
  ASSERT_EQ(problems_of(reading), "");
  const Node& more = *reading.root().find("more")->value;
  EXPECT_EQ(more.entries().size(), 50U);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(more.find(fmt::format("k{}", i))->value->text(), i < 20 ? "base" : "more") << i;
  }
}

TEST(DocumentMergeKeys, TakeOnlyMappings) {
  const std::string wrong =
      "The merge key \"<<\" takes a mapping or a list of mappings. Write an alias to a mapping behind it, such as "
      "\"<<: *defaults\".\n";
  EXPECT_EQ(problems_of("a: 1\n<<: x\n"), "2:1-2:3 " + wrong);
  EXPECT_EQ(problems_of("<<:\na: 1\n"), "1:1-1:3 " + wrong);
  EXPECT_EQ(problems_of("a: &a 1\nb:\n  <<: [{c: 1}, *a]\n"), "3:3-3:5 " + wrong);
}

TEST(DocumentMergeKeys, AreOrdinaryKeysInQuotes) { EXPECT_EQ(outline("{\"<<\": x}"), "{'<<':x}"); }

TEST(DocumentMergeKeys, CountAsValues) {
  std::string text = "a: &a {k0: 1, k1: 1, k2: 1, k3: 1}\nb:\n" + repeated("  - <<: *a\n", 100);
  EXPECT_EQ(problems_of(text, {.nodes = 1000}), "");
  const Reading reading = read(text, {.nodes = 500});
  ASSERT_EQ(reading.problems.size(), 1U);
  EXPECT_EQ(reading.problems[0].message, "The file has more than 500 values.");
}

// ---- keys ----

TEST(DocumentKeys, WrittenTwiceAreAProblemAtTheSecond) {
  const Reading reading = read("steps: 1\ncluster:\n  a: 1\n  \"a\": 2\nsteps: 2\n");
  EXPECT_EQ(problems_of(reading),
            "4:3-4:6 The key \"a\" is written twice. Remove one of the two, or rename it.\n"
            "  3:3-3:4 First written here.\n"
            "5:1-5:6 The key \"steps\" is written twice. Remove one of the two, or rename it.\n"
            "  1:1-1:6 First written here.\n");
  EXPECT_EQ(outline(reading.root()), "{steps:1 cluster:{a:1}}") << "the first is kept";
}

TEST(DocumentKeys, WrittenThreeTimesAllReferToTheFirst) {
  EXPECT_EQ(problems_of("{a: 1, b: 1, a: 2, a: 3}"),
            "1:14-1:15 The key \"a\" is written twice. Remove one of the two, or rename it.\n"
            "  1:2-1:3 First written here.\n"
            "1:20-1:21 The key \"a\" is written twice. Remove one of the two, or rename it.\n"
            "  1:2-1:3 First written here.\n");
  EXPECT_EQ(problems_of("<<: {}\n<<: {}\n"),
            "2:1-2:3 The key \"<<\" is written twice. Remove one of the two, or rename it.\n"
            "  1:1-1:3 First written here.\n");
}

TEST(DocumentKeys, WrittenTwiceAreFoundInLargeMappings) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += fmt::format("k{}: {}\n", i, i);
  const Reading reading = read(text + "k42: x\n");
  EXPECT_EQ(problems_of(reading),
            "101:1-101:4 The key \"k42\" is written twice. Remove one of the two, or rename it.\n"
            "  43:1-43:4 First written here.\n");
  EXPECT_EQ(reading.root().entries().size(), 100U);
  EXPECT_EQ(reading.root().find("k42")->value->text(), "42");
  EXPECT_EQ(reading.root().find("k99")->value->text(), "99");
}

TEST(DocumentKeys, MustBeText) {
  EXPECT_EQ(problems_of("? [a]\n: b\nc: d\n"),
            "1:3-1:6 A key must be a text, not a list. Write a simple key; put it in quotes if it begins with a "
            "bracket.\n");
  EXPECT_EQ(problems_of("a: {{b: c}: d}\n"),
            "1:5-1:11 A key must be a text, not a mapping. Write a simple key; put it in quotes if it begins with a "
            "bracket.\n");
  EXPECT_EQ(problems_of("[a]: b\n"),
            "1:1-1:4 A key must be a text, not a list or a mapping. Put it in quotes if it is meant as a text.\n");
  EXPECT_EQ(problems_of("a: 1\nnull: 2\n"),
            "2:1-2:5 A key cannot be null. Put it in quotes if it is meant as a text.\n");
  EXPECT_EQ(problems_of("a: 1\n: 2\n"), "2:1-2:1 A key is missing here. Write the key.\n");
}

TEST(DocumentKeys, ThatAreWrongDoNotHideTheOthers) {
  const Reading reading = read("? [a]\n: b\nc: d\n");
  EXPECT_EQ(outline(reading.root()), "{c:d}");
}

// ---- tags ----

TEST(DocumentTags, OfYamlAreRead) {
  EXPECT_EQ(outline("[!!str 1, !!int 2, !!float 3.5, !!bool true, !!null ~, !!map {}, !!seq [], ! x]"),
            "['1' 2 3.5 true ~ {} [] 'x']");
  EXPECT_EQ(outline("a: !!str\nb: !!null\nc: !!int '3'\nd: !<tag:yaml.org,2002:str> 4\n"), "{a:'' b:~ c:3 d:'4'}");
}

TEST(DocumentTags, OfOthersAreAProblem) {
  const std::string help = " Remove the tag; only !!str, !!null, !!bool, !!int, !!float, !!map and !!seq are read.\n";
  EXPECT_EQ(problems_of("a: !secret x\nb: !!binary aGk=\nc: &x !y {d: 1}\n"),
            "1:4-1:11 The tag \"!secret\" is unknown." + help + "2:4-2:12 The tag \"!!binary\" is unknown." + help +
                "3:7-3:9 The tag \"!y\" is unknown." + help);
}

TEST(DocumentTags, ThatDoNotFitAreAProblem) {
  EXPECT_EQ(problems_of("a: !!map x\nb: !!str [y]\nc: !!null z\n"),
            "1:4-1:9 The tag \"!!map\" does not fit its value. Remove the tag.\n"
            "2:4-2:9 The tag \"!!str\" does not fit its value. Remove the tag.\n"
            "3:4-3:10 The tag \"!!null\" does not fit its value. Remove the tag.\n");
}

TEST(DocumentTags, AloneStandForAnEmptyValue) {
  const Reading reading = read("a: !!str\n\"b\": 1\nc: !!str \"\"\n");
  EXPECT_EQ(outline(reading.root()), "{a:'' 'b':1 c:''}");
  EXPECT_EQ(place_of(reading, "a"), "1:9-1:9");
  EXPECT_EQ(place_of(reading, "c"), "3:10-3:12");
}

// ---- documents ----

TEST(Document, ReadsOneDocumentOnly) {
  const std::string help = " A second document begins here. Write every document into a file of its own.\n";
  const Reading reading = read("a: 1\n---\nb: 2\n");
  EXPECT_EQ(problems_of(reading), "2:1-2:4" + help);
  EXPECT_EQ(outline(reading.root()), "{a:1}");
  EXPECT_EQ(problems_of("a: 1\n---\n"), "2:1-2:4" + help);
  EXPECT_EQ(problems_of("a: 1\n...\nb: 2\n"), "3:1-3:5" + help);
  EXPECT_EQ(problems_of("--- # only one\na: 1\n...\n# c\n"), "");
}

TEST(Document, NeedsSomethingToRead) {
  for (const std::string_view text :
       {""sv, "\n\n"sv, "# only a comment\n"sv, "---\n"sv, "---\n...\n"sv, "\xEF\xBB\xBF"sv}) {
    const Reading reading = read(std::string(text));
    EXPECT_EQ(problems_of(reading), "1:1-1:1 There is nothing to read. Write a plan into it.\n") << text;
    EXPECT_EQ(reading.document.root(), nullptr);
  }
  EXPECT_EQ(outline("~"), "~");
}

TEST(Document, EndsBeforeALineThatFitsNothing) {
  EXPECT_EQ(problems_of("- a\nb: 1\n"),
            "2:1-2:3 The document has ended before this. Check the indentation: all of a document belongs to one "
            "mapping, one list or one value.\n"
            "  1:1-1:2 The document begins here.\n");
  EXPECT_EQ(problems_of("  a: 1\nb: 2\n"),
            "2:1-2:3 The document has ended before this. Check the indentation: all of a document belongs to one "
            "mapping, one list or one value.\n"
            "  1:3-1:4 The document begins here.\n");
  EXPECT_EQ(read("- a\nb: 1\n").document.root(), nullptr);
}

// ---- characters ----

TEST(DocumentCharacters, MustBeUtf8) {
  const std::string help = "Save the file as UTF-8.\n";
  EXPECT_EQ(problems_of("a: é\nb: x\xFFy\n"), "2:5-2:6 The byte 0xFF is not valid UTF-8. " + help);
  EXPECT_EQ(problems_of("# caf\xE9 and more\n"), "1:6-1:7 The byte 0xE9 is not valid UTF-8. " + help);
  EXPECT_EQ(problems_of("a: \xC0\x80\n"), "1:4-1:5 The byte 0xC0 is not valid UTF-8. " + help) << "overlong";
  EXPECT_EQ(problems_of("a: \xED\xA0\x80\n"), "1:4-1:5 The byte 0xED is not valid UTF-8. " + help) << "surrogate";
  EXPECT_EQ(problems_of("a: \xF4\x90\x80\x80\n"), "1:4-1:5 The byte 0xF4 is not valid UTF-8. " + help) << "too large";
  EXPECT_EQ(problems_of("a: \xE2\x82"), "1:4-1:5 The byte 0xE2 is not valid UTF-8. " + help) << "cut off";
}

TEST(DocumentCharacters, OfUtf16AndUtf32AreAProblem) {
  const std::string problem = "1:1-1:1 The file is written in UTF-16 or UTF-32. Save it as UTF-8.\n";
  EXPECT_EQ(problems_of("\xFF\xFE"s + "a\0:\0"s), problem);
  EXPECT_EQ(problems_of("\xFE\xFF\0a"s), problem);
  EXPECT_EQ(problems_of("\0\0\xFE\xFF\0\0\0a"s), problem);
  EXPECT_EQ(problems_of("a\0:\0"s), problem) << "without a byte order mark";
  EXPECT_EQ(problems_of("\0a\0:"s), problem) << "without a byte order mark";
}

TEST(DocumentCharacters, OfControlAreNamedNeverShown) {
  const std::string help =
      " is not allowed in YAML. Remove it; in a text in double quotes it can be written as an escape.\n";
  EXPECT_EQ(problems_of("a: \x1B[31m\nb: \x07\n# \x7F\n"), "1:4-1:5 The control character U+001B" + help +
                                                               "2:4-2:5 The control character U+0007" + help +
                                                               "3:3-3:4 The control character U+007F" + help);
  EXPECT_EQ(problems_of("a: b\0c\n"s), "1:5-1:6 The control character U+0000" + help);
  EXPECT_EQ(problems_of("a: \xC2\x9B\n"), "1:4-1:5 The control character U+009B" + help);
  EXPECT_EQ(problems_of("a: \xC2\x85\n"), "1:4-1:5 The control character U+0085" + help);
  EXPECT_EQ(problems_of("a: \xEF\xBF\xBE\n"), "1:4-1:5 The control character U+FFFE" + help);
  EXPECT_EQ(problems_of("a: \xEF\xBF\xBF\n"), "1:4-1:5 The control character U+FFFF" + help);
  EXPECT_EQ(outline("a: \"\\e\\0\"\n"), "{a:'\x1B\0'}"s) << "an escape is text";
}

TEST(DocumentCharacters, OfEveryScriptAreFine) {
  EXPECT_EQ(outline("a: ñ日本語😀\xE2\x80\xA8\xF4\x8F\xBF\xBD\n"), "{a:ñ日本語😀\xE2\x80\xA8\xF4\x8F\xBF\xBD}");
}

TEST(DocumentCharacters, ALoneCarriageReturnIsAProblem) {
  EXPECT_EQ(
      problems_of("a: 1\rb: 2\r"),
      "1:5-1:6 A carriage return (U+000D) without a line feed is not a line end here. Save the file with LF or CRLF "
      "line ends.\n");
}

TEST(DocumentCharacters, AByteOrderMarkInTheMiddleIsAProblem) {
  EXPECT_EQ(
      problems_of("a: 1\n\xEF\xBB\xBF"s + "b: 2\n"),
      "2:1-2:2 A byte order mark (U+FEFF) stands in the middle of the file. Remove this invisible character; it is "
      "often left behind where two files were joined.\n");
}

TEST(DocumentCharacters, ATabCannotIndent) {
  const std::string problem = " This line is indented with a tab. Use spaces; YAML allows no tabs here.\n";
  EXPECT_EQ(problems_of("a:\n\tb: 1\n"), "2:1-2:2" + problem);
  EXPECT_EQ(problems_of("a:\n\t- b\n"), "2:1-2:2" + problem);
  EXPECT_EQ(problems_of("a:\n\tb\n"), "2:1-2:2" + problem);
  EXPECT_EQ(problems_of("- \ta: 1\n"), "1:3-1:4" + problem);
  EXPECT_EQ(problems_of("a: |\n\tb\n"), "2:1-2:2" + problem);
  EXPECT_EQ(problems_of("a:\n  b: 1\n  \tc: 1\n"), "3:3-3:4" + problem);
}

TEST(DocumentCharacters, ATabElsewhereIsFine) {
  EXPECT_EQ(outline("a:\tb\t# c\nd: [\n\te,\n\tf]\ng: |\n  h\ti\n"), "{a:b d:[e f] g:'h\ti\n'}");
}

// ---- limits ----

TEST(DocumentLimits, BoundTheBytes) {
  EXPECT_EQ(problems_of("a: 1\n", {.bytes = 5}), "");
  EXPECT_EQ(problems_of("a: 12\n", {.bytes = 5}),
            "1:1-1:1 The file has 6 bytes; at most 5 are read. Split it into several files.\n");
}

TEST(DocumentLimits, BoundTheNodes) {
  EXPECT_EQ(problems_of("- a\n- b\n", {.nodes = 3}), "");
  EXPECT_EQ(problems_of("- a\n- b\n- c\n", {.nodes = 3}),
            "3:3-3:4 The file has more than 3 values. Split it into several files.\n");
}

TEST(DocumentLimits, BoundTheDepth) {
  EXPECT_EQ(problems_of("[[[x]]]", {.depth = 3}), "");
  EXPECT_EQ(problems_of("a:\n  - b: [x]\n", {.depth = 3}),
            "2:8-2:9 The values are nested deeper than 3 levels. Nest them less deeply.\n");
}

TEST(DocumentLimits, StopDeepNestingBeforeTheStackEnds) {
  const std::string expected = "The values are nested deeper than 64 levels.";
  for (const std::string_view step : {"["sv, "{a: "sv, "- "sv, "? "sv, "[{a: "sv, ": "sv, "[a: "sv}) {
    const Reading reading = read(repeated(step, 100'000));
    ASSERT_EQ(reading.problems.size(), 1U) << step;
    EXPECT_EQ(reading.problems[0].message, expected) << step;
    EXPECT_EQ(reading.document.root(), nullptr) << step;
  }
  std::string stairs;
  for (std::size_t i = 0; i < 1000; ++i) stairs += std::string(i, ' ') + "a:\n";
  EXPECT_EQ(read(stairs).problems.at(0).message, expected);
}

TEST(DocumentLimits, OfDepthStopYamlCppEvenIfLarge) {
  EXPECT_EQ(read(repeated("[", 100'000), {.depth = 1'000'000}).problems.at(0).message,
            "The values are nested deeper than 400 levels.");
  EXPECT_EQ(problems_of(repeated("[", 400) + repeated("]", 400), {.depth = 1'000'000}), "");
}

TEST(DocumentLimits, StopWhatYamlCppWouldKeepInMemory) {
  const Reading reading = read("a: 1\nb:\n  - [" + repeated(",", 4'200'000) + "]\n");
  ASSERT_EQ(reading.problems.size(), 1U);
  EXPECT_EQ(reading.problems[0].message, "A bracket that is opened behind this place has too much in it to be read.");
  EXPECT_EQ(reading.problems[0].place.begin(), (Position{3, 3}));
  EXPECT_EQ(reading.document.root(), nullptr);
}

TEST(DocumentLimits, BoundTheProblems) {
  const Reading reading = read(repeated("a: 1\n", 1001));
  ASSERT_EQ(reading.problems.size(), 101U);
  EXPECT_EQ(reading.problems[99].place.begin().line, 101U);
  EXPECT_EQ(reading.problems[100].message, "There are 900 more problems in the file.");
}

TEST(DocumentLimits, LeaveTheProblemsOfOthersAlone) {
  const Source source("plan.yaml", "a: 1\na: 2\n");
  Problems problems = {{{}, "Another problem.", "", {}}};
  (void)Document::parse(source, problems);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].message, "Another problem.");
  EXPECT_EQ(problems[1].message, "The key \"a\" is written twice.");
}

TEST(DocumentLimits, ReadABigPlanInLinearTime) {
  // Quadratic behaviour anywhere would take minutes here.
  const std::string text = "a: 1\nsteps:\n" +
                           repeated("  - {register: x, version: !!str '', keep: ~, old: }\n", 20'000) + "b: [" +
                           repeated("~, ", 100'000) + "]\n";
  const Reading reading = read(text);
  ASSERT_EQ(problems_of(reading), "");
  EXPECT_EQ(reading.root().find("steps")->value->items().size(), 20'000U);
  EXPECT_EQ(reading.root().find("b")->value->items().size(), 100'000U);
}

// ---- what is no YAML ----

TEST(DocumentSyntax, AMissingSpaceBehindAColonIsNamed) {
  const std::string help = " Put a space after the colon, or put the text in quotes.\n";
  const std::string problem = "In \"version:1.2\" the space after the colon is missing." + help;
  EXPECT_EQ(problems_of("a: 1\nversion:1.2\nb: 2\n"), "2:1-2:12 " + problem);
  EXPECT_EQ(problems_of("version:1.2\nb: 2\n"), "1:1-1:12 " + problem);
  EXPECT_EQ(problems_of("a: 1\nversion:1.2\n"), "2:1-2:12 " + problem);
  EXPECT_EQ(problems_of("- version:1.2\n  b: 2\n"), "1:3-1:14 " + problem);
  EXPECT_EQ(problems_of("a: {version:1.2}\n"), "1:5-1:16 " + problem);
  EXPECT_EQ(problems_of("a: 1\n\"b\":2\n"), "2:4-2:5 Behind this \":\" a space is missing. Put a space there.\n");
  EXPECT_EQ(problems_of("\"b\":2\n"), "1:4-1:5 Behind this \":\" a space is missing. Put a space there.\n");
  EXPECT_EQ(outline("a: {x: http://b:1}\nc: d:e\n"), "{a:{x:http://b:1} c:d:e}");
}

TEST(DocumentSyntax, AMissingSpaceBehindADashIsNamed) {
  EXPECT_EQ(problems_of("- a\n-b\n"), "2:1-2:2 Behind this \"-\" a space is missing. Put a space there.\n");
}

TEST(DocumentSyntax, ALineWithoutColonIsNamed) {
  const std::string problem = "This line is no \"key: value\". Write a key, a colon and a space before the value.\n";
  EXPECT_EQ(problems_of("a: 1\nfoo bar\nb: 2\n"), "2:1-2:8 " + problem);
  EXPECT_EQ(problems_of("a: 1\nfoo\n"), "2:1-2:4 " + problem);
}

TEST(DocumentSyntax, AnOpenQuoteIsFound) {
  const std::string problem =
      "This quote is never closed. Close it; inside single quotes write '' for a quote, inside double quotes \\\".\n";
  EXPECT_EQ(problems_of("a: \"b"), "1:4-1:5 " + problem);
  EXPECT_EQ(problems_of("a: \"b\n"), "1:4-1:5 " + problem) << "yaml-cpp takes this";
  EXPECT_EQ(problems_of("a: 1\nb: [x, 'y', {z: 'w]\n"), "2:17-2:18 " + problem);
  EXPECT_EQ(problems_of("a: \"b\nc: 1\n---\n"), "1:4-1:5 " + problem);
  EXPECT_EQ(problems_of("a: \"b\\"), "1:4-1:5 " + problem);
}

TEST(DocumentSyntax, TextBehindAQuoteIsNamed) {
  const std::string help =
      "Put the whole value in quotes; inside single quotes write '' for a quote, inside double quotes \\\".\n";
  EXPECT_EQ(problems_of("a: 'don't'\n"), "1:9-1:11 Nothing can follow the closing quote. " + help);
  EXPECT_EQ(problems_of("a: \"b\" c\n"), "1:8-1:9 Nothing can follow the closing quote. " + help);
  EXPECT_EQ(problems_of("a: 'x\nb: 'y'\n"),
            "2:5-2:7 Nothing can follow the closing quote. " + help + "  1:4-1:5 The quote is opened here.\n");
  EXPECT_EQ(problems_of("a: [b] c\n"),
            "1:8-1:9 Nothing can follow the closing bracket. Put the whole value in quotes, or remove the rest.\n");
}

TEST(DocumentSyntax, AnOpenBracketIsFound) {
  EXPECT_EQ(problems_of("a: [1, {b: 2}\n"), "1:4-1:5 This \"[\" is never closed. Add the missing \"]\".\n");
  EXPECT_EQ(problems_of("{\"a\": {\"b\": 1}\n"), "1:1-1:2 This \"{\" is never closed. Add the missing \"}\".\n");
  EXPECT_EQ(
      problems_of("a: [1, 2\nb: 3\n"),
      "2:2-2:3 A comma or \"]\" is expected here. Separate values by commas and close the bracket with \"]\"; put "
      "a text with a colon, a comma or a bracket in quotes.\n"
      "  1:4-1:5 The bracket is opened here.\n");
}

TEST(DocumentSyntax, AWrongClosingBracketIsNamed) {
  EXPECT_EQ(problems_of("a: 1]\nb: ]\n"),
            "2:4-2:5 This \"]\" closes nothing. Remove it, or put the text in quotes if it belongs to one.\n");
  EXPECT_EQ(problems_of("a: {b: 1]\n"),
            "1:9-1:10 This \"]\" closes nothing. Close the bracket with \"}\" first.\n"
            "  1:4-1:5 This bracket is open.\n");
}

TEST(DocumentSyntax, BadIndentationIsNamed) {
  EXPECT_EQ(
      problems_of("a: 1\n  b: 2\n"),
      "2:3-2:4 This key is indented deeper than the line above, which already has its value. Begin all keys of one "
      "mapping in the same column.\n"
      "  1:1-1:5 The line above.\n");
  const std::string problem =
      " The indentation of this line fits none of the lines above. Begin it in the same column as the lines it belongs "
      "to.\n";
  EXPECT_EQ(problems_of("a:\n    b: 1\n  c: 2\n"), "3:3-3:5" + problem);
  EXPECT_EQ(problems_of("steps:\n  - a: 1\n  b: 2\n"), "3:3-3:5" + problem);
  EXPECT_EQ(problems_of("a:\n  - x\n - y\n"), "3:2-3:3" + problem);
}

TEST(DocumentSyntax, AColonInAPlainValueIsNamed) {
  EXPECT_EQ(
      problems_of("a: b: c\n"),
      "1:5-1:6 A second \"key: value\" cannot begin inside a value. Put the value in quotes if the colon belongs to "
      "it, or write the inner key on a line of its own.\n");
}

TEST(DocumentSyntax, AnItemInTheWrongPlaceIsNamed) {
  EXPECT_EQ(problems_of("a: - b\n"),
            "1:4-1:5 A list item (\"- \") cannot stand here. Write each item on a line of its own below the key; put a "
            "text that begins with \"- \" in quotes.\n");
  EXPECT_EQ(problems_of("a: [b, , c]\n"),
            "1:7-1:7 A value is missing in this list. Write the value, or remove the comma.\n");
}

TEST(DocumentSyntax, AnUnknownEscapeIsNamed) {
  const std::string help = " Write \\\\ for a backslash, or use single quotes, where a backslash means itself.\n";
  EXPECT_EQ(problems_of("a: \"C:\\dir\"\n"), "1:7-1:9 \"\\d\" is not an escape that YAML knows." + help);
  EXPECT_EQ(problems_of("a: \"\\é\"\n"), "1:5-1:7 \"\\é\" is not an escape that YAML knows." + help);
  EXPECT_EQ(problems_of("a: \"\\ud83d\"\n"), "1:5-1:11 \"\\ud83d\" is not an escape that YAML knows." + help);
  EXPECT_EQ(problems_of("a: \"\\xzz\"\n"), "1:5-1:9 \"\\xzz\" is not an escape that YAML knows." + help);
}

TEST(DocumentSyntax, ASignThatCannotBeginATextIsNamed) {
  EXPECT_EQ(problems_of("a: @b\n"), "1:4-1:5 A text cannot begin with \"@\" here. Put the text in quotes.\n");
  EXPECT_EQ(problems_of("a: 1\nb: `c`\n"), "2:4-2:5 A text cannot begin with \"`\" here. Put the text in quotes.\n");
  EXPECT_EQ(problems_of("a: %b\n"), "1:4-1:5 A text cannot begin with \"%\" here. Put the text in quotes.\n");
  EXPECT_EQ(problems_of("a: * b\n"), "1:5-1:6 After \"*\" the name of an anchor is missing. Put the text in quotes.\n");
}

TEST(DocumentSyntax, ALongKeyIsNamed) {
  EXPECT_EQ(problems_of(std::string(2000, 'k') + ": v\n"),
            "1:2001-1:2002 A key can have at most 1024 bytes. Shorten the key.\n");
}

TEST(DocumentSyntax, HostileTextIsNeverShownRaw) {
  const Reading reading = read("\"\xE2\x80\xAE\": 1\n\"\\u202e\": 2\na: *\xE2\x80\xAE\n");
  ASSERT_FALSE(reading.problems.empty());
  for (const Problem& problem : reading.problems) {
    EXPECT_EQ(problem.message.find("\xE2\x80\xAE"), std::string::npos);
    EXPECT_EQ(problem.help.find("\xE2\x80\xAE"), std::string::npos);
  }
}

TEST(DocumentSyntax, WhatHasNoWordsOfOursKeepsThoseOfYamlCpp) {
  EXPECT_EQ(
      problems_of("a: &x &y b\n"),
      "1:7-1:8 This is not valid YAML: cannot assign multiple anchors to the same node. Check this line and the one "
      "above.\n");
}

// ---- source ----

TEST(Source, FindsLinesAndPositions) {
  const Source source("plan.yaml", "ab\r\né\n\nx");
  EXPECT_EQ(source.line_count(), 4U);
  EXPECT_EQ(source.line(1), "ab");
  EXPECT_EQ(source.line(2), "é");
  EXPECT_EQ(source.line(3), "");
  EXPECT_EQ(source.line(4), "x");
  EXPECT_EQ(source.line(0), "");
  EXPECT_EQ(source.line(5), "");
  EXPECT_EQ(source.position(0), (Position{1, 1}));
  EXPECT_EQ(source.position(2), (Position{1, 3}));
  EXPECT_EQ(source.position(4), (Position{2, 1}));
  EXPECT_EQ(source.position(6), (Position{2, 2}));
  EXPECT_EQ(source.position(8), (Position{4, 1}));
  EXPECT_EQ(source.position(9), (Position{4, 2}));
  EXPECT_EQ(source.position(4'000'000'000), (Position{4, 2}));
  EXPECT_EQ(source.line_begin(2), 4U);
  EXPECT_EQ(source.line_begin(9), 9U);
}

TEST(Source, CountsALineBehindTheLastLineEnd) {
  const Source source("plan.yaml", "a\n");
  EXPECT_EQ(source.line_count(), 2U);
  EXPECT_EQ(source.position(2), (Position{2, 1}));
  EXPECT_EQ(Source("empty", "").line_count(), 1U);
  EXPECT_EQ(Source("empty", "").position(7), (Position{1, 1}));
}

TEST(Source, LeavesTheByteOrderMarkOut) {
  const Source source("plan.yaml", "\xEF\xBB\xBF"s + "ab\ncd");
  EXPECT_EQ(source.line(1), "ab");
  EXPECT_EQ(source.line_begin(1), 3U);
  EXPECT_EQ(source.position(0), (Position{1, 1}));
  EXPECT_EQ(source.position(4), (Position{1, 2}));
  EXPECT_EQ(source.position(6), (Position{2, 1}));
}

TEST(Source, FindsColumnsInLongLines) {
  const Source source("plan.json", repeated("é", 10'000) + "\n" + repeated("日", 10'000));
  EXPECT_EQ(source.position(8192), (Position{1, 4097}));
  EXPECT_EQ(source.position(19'998), (Position{1, 10'000}));
  EXPECT_EQ(source.position(20'001), (Position{2, 1}));
  EXPECT_EQ(source.position(20'001 + 29'997), (Position{2, 10'000}));
  EXPECT_EQ(source.position(20'001 + 30'000), (Position{2, 10'001}));
}

}  // namespace
}  // namespace replug::planner
