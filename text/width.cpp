#include "text/width.h"

#include <algorithm>

#include <utf8proc.h>

#include "text/printable.h"

namespace replug::text {

std::size_t width(char32_t character) {
  const int columns = utf8proc_charwidth(static_cast<utf8proc_int32_t>(character));
  return static_cast<std::size_t>(std::max(columns, 0));
}

std::size_t width(std::string_view text) {
  std::size_t sum = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    sum += width(character.value);
    text.remove_prefix(character.bytes);
  }
  return sum;
}

}  // namespace replug::text
