#include "planner/reading/yaml/tags.h"

namespace replug::planner::yaml {

Tag resolve_tag(std::string_view tag) {
  if (tag.empty() || tag == "?") return Tag::none;
  if (tag == "!") return Tag::text;  // also what yaml-cpp gives to every text in quotes
  constexpr std::string_view yaml_tags = "tag:yaml.org,2002:";
  if (!tag.starts_with(yaml_tags)) return Tag::unknown;
  tag.remove_prefix(yaml_tags.size());
  if (tag == "str") return Tag::text;
  if (tag == "null") return Tag::null;
  if (tag == "bool" || tag == "int" || tag == "float") return Tag::plain;
  if (tag == "map") return Tag::mapping;
  return tag == "seq" ? Tag::sequence : Tag::unknown;
}

}  // namespace replug::planner::yaml
