#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace replug::simulator {

/// An interned string: a name, path, version or sha256 as the plan or a server writes it. Eight bytes, compared by
/// address, with a small dense number for tables. The default is the empty text, which has number 0 in every `Texts`.
class Text {
 public:
  Text() = default;

  [[nodiscard]] std::string_view view() const { return entry_ == nullptr ? std::string_view{} : entry_->text; }
  [[nodiscard]] std::string str() const { return std::string(view()); }
  [[nodiscard]] bool empty() const { return entry_ == nullptr; }
  /// Dense from 0 (the empty text) within its `Texts`.
  [[nodiscard]] std::uint32_t id() const { return entry_ == nullptr ? 0 : entry_->id; }
  friend bool operator==(Text, Text) = default;

 private:
  friend class Texts;
  struct Entry {
    std::string text;
    std::uint32_t id;
  };
  explicit Text(const Entry* entry) : entry_(entry) {}
  const Entry* entry_ = nullptr;
};

/// The strings of one plan, each kept once. Texts point into it: it outlives them and is not copied.
class Texts {
 public:
  Texts() = default;
  Texts(const Texts&) = delete;
  Texts& operator=(const Texts&) = delete;

  Text intern(std::string_view text);
  /// The text if it was interned before, else the empty one.
  [[nodiscard]] Text find(std::string_view text) const;
  [[nodiscard]] Text at(std::uint32_t id) const { return id == 0 ? Text{} : Text(&entries_[id - 1]); }
  /// One more than the largest number given out.
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(entries_.size()) + 1; }

 private:
  std::deque<Text::Entry> entries_;
  std::unordered_map<std::string_view, const Text::Entry*> by_text_;
};

}  // namespace replug::simulator
