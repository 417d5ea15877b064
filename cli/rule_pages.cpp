#include "cli/rule_pages.h"

#include <algorithm>
#include <array>

namespace replug::cli {

namespace {

struct Page {
  std::string_view id;
  std::string_view text;
};

constexpr Page pages[] = {
#include "cli/rule_pages.inc"
    {"", ""},
};

}  // namespace

std::string_view rule_page(std::string_view id) {
  const auto* found = std::ranges::find(pages, id, &Page::id);
  return found == std::end(pages) ? std::string_view{} : found->text;
}

}  // namespace replug::cli
