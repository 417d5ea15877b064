// A document as others see it; how it is read from the text stands in planner/reading/yaml/.

#include "planner/reading/document.h"

#include <algorithm>

#include "planner/reading/yaml/builder.h"
#include "planner/reading/yaml/characters.h"
#include "planner/reading/yaml/document_problems.h"
#include "planner/reading/yaml/mapping_entries.h"

namespace replug::planner {

const Node::Entry* Node::find(std::string_view key) const {
  const std::span<const Entry> all = entries();
  if (all.size() <= yaml::small_mapping) {
    const auto found =
        std::find_if(all.begin(), all.end(), [key](const Entry& entry) { return entry.key->text() == key; });
    return found == all.end() ? nullptr : &*found;
  }
  const std::span<const KeyPlace> order(content_.mapping->by_key, all.size());
  const std::uint32_t hash = yaml::key_hash(key);
  auto found = std::ranges::lower_bound(order, hash, {}, &KeyPlace::hash);
  for (; found != order.end() && found->hash == hash; ++found) {
    if (all[found->index].key->text() == key) return &all[found->index];
  }
  return nullptr;
}

Document Document::parse(const Source& source, Problems& problems, const DocumentLimits& limits) {
  Document document(source);
  yaml::DocumentProblems list(source, problems);
  if (yaml::is_readable(source.text(), limits, list)) yaml::DocumentBuilder(document, list, limits).read();
  list.finish();
  return document;
}

}  // namespace replug::planner
