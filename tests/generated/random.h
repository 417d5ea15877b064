#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string_view>

namespace replug::generated {

/// The same numbers for the same seed with every standard library: of `<random>` only the engine is so.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// From 0 to `end` - 1.
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(engine_() % end); }
  std::size_t between(std::size_t first, std::size_t last) { return first + below(last - first + 1); }
  /// True in so many of a hundred cases.
  bool percent(std::size_t chance) { return below(100) < chance; }

  std::string_view pick(std::span<const std::string_view> words) { return words[below(words.size())]; }
  template <class Item>
  const Item& pick_item(std::span<const Item> items) {
    return items[below(items.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace replug::generated
