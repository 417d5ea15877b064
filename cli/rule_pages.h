#pragma once

#include <string_view>

namespace replug::cli {

/// The text of docs/rules/ID.md as it was when this was built; empty where there is no such page.
std::string_view rule_page(std::string_view id);

}  // namespace replug::cli
