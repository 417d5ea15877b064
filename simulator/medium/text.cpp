#include "simulator/medium/text.h"

namespace replug::simulator {

Text Texts::intern(std::string_view text) {
  if (text.empty()) return {};
  if (const auto found = by_text_.find(text); found != by_text_.end()) return Text(found->second);
  entries_.push_back({std::string(text), size()});
  const Text::Entry* entry = &entries_.back();
  by_text_.emplace(entry->text, entry);
  return Text(entry);
}

Text Texts::find(std::string_view text) const {
  if (text.empty()) return {};
  const auto found = by_text_.find(text);
  return found == by_text_.end() ? Text{} : Text(found->second);
}

}  // namespace replug::simulator
