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
  const std::span<const std::uint32_t> order(content_.mapping->by_key, all.size());
  const auto found =
      std::lower_bound(order.begin(), order.end(), key,
                       [all](std::uint32_t index, std::string_view wanted) { return all[index].key->text() < wanted; });
  return found == order.end() || all[*found].key->text() != key ? nullptr : &all[*found];
}

Document Document::parse(const Source& source, Problems& problems, const DocumentLimits& limits) {
  Document document(source);
  yaml::DocumentProblems list(source, problems);
  if (yaml::is_readable(source.text(), limits, list)) yaml::DocumentBuilder(document, list, limits).read();
  list.finish();
  return document;
}

}  // namespace replug::planner
