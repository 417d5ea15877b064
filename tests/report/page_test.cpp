#include "report/telling/page.h"

#include <gtest/gtest.h>

namespace replug::report {
namespace {

TEST(Page, WrapsProseBehindItsFirstWords) {
  Page page(36, false);
  page.paragraph("   = help: ", "reload the plugin on every node of the cluster");
  EXPECT_EQ(page.take(),
            "   = help: reload the plugin on\n"
            "           every node of the cluster\n");
}

TEST(Page, TheOtherLinesCanBeginElsewhere) {
  Page page(46, false);
  page.paragraph("error[immutable-version]: ", "a registered version is overwritten with another sha256", Ink::strong,
                 4);
  EXPECT_EQ(page.take(),
            "error[immutable-version]: a registered version\n"
            "    is overwritten with another sha256\n");
}

TEST(Page, ANarrowPageGetsLongLines) {
  Page page(10, false);
  page.paragraph("   = help: ", "reload the plugin on every node");
  EXPECT_EQ(page.take(), "   = help: reload the plugin on\n           every node\n");
}

TEST(Page, ColoursEachLineByItself) {
  Page page(30, true);
  page.paragraph("", "one two three four five six seven", Ink::strong);
  EXPECT_EQ(page.take(), "\x1b[1mone two three four five six\x1b[0m\n\x1b[1mseven\x1b[0m\n");
}

TEST(Page, WithoutColourThereIsNoEscape) {
  Page page(30, false);
  page.line(page.painted(Ink::bad, "REFUSED"));
  EXPECT_EQ(page.take(), "REFUSED\n");
}

TEST(Page, GapsDoNotAddUp) {
  Page page(30, false);
  page.gap();
  page.line("a");
  page.gap();
  page.gap();
  page.line("b   ");
  EXPECT_EQ(page.take(), "a\n\nb\n");
}

}  // namespace
}  // namespace replug::report
