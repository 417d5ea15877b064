#include "planner/reading/yaml/anchors.h"

namespace replug::planner::yaml {

void Anchors::remember(AnchorNumber anchor, const Node* node, Size size) {
  if (anchor == no_anchor) return;
  if (anchor >= anchored_.size()) anchored_.resize(anchor + 1);
  anchored_[anchor] = {node, size};
}

const Anchors::Anchored* Anchors::find(AnchorNumber anchor) const {
  return anchor < anchored_.size() && anchored_[anchor].node != nullptr ? &anchored_[anchor] : nullptr;
}

}  // namespace replug::planner::yaml
