#pragma once

#include <cstddef>
#include <string_view>

namespace replug::text {

/// How many columns of a terminal a character takes: two for a wide one (Unicode Standard Annex 11, emoji), none for
/// one that is drawn onto the character before it, and none for a control character.
[[nodiscard]] std::size_t width(char32_t character);
/// The columns of all its characters. A byte that is no UTF-8 counts as the character of that number.
[[nodiscard]] std::size_t width(std::string_view text);

}  // namespace replug::text
