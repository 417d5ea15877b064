// The only source that sees yaml-cpp: its events as ours, and its refusals by name.

#include "planner/reading/yaml/events.h"

#include <algorithm>
#include <array>
#include <istream>
#include <string_view>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace replug::planner::yaml {
namespace {

static_assert(std::is_same_v<YAML::anchor_t, AnchorNumber> && YAML::NullAnchor == no_anchor);

std::size_t byte_of(const YAML::Mark& mark) { return mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos); }

/// Hands yaml-cpp's events on.
class Events final : public YAML::EventHandler {
 public:
  explicit Events(DocumentBuilder& builder) : builder_(builder) {}

  void OnDocumentStart(const YAML::Mark& mark) override { builder_.begin_document(byte_of(mark)); }
  void OnDocumentEnd() override { builder_.end_document(); }
  void OnAnchor(const YAML::Mark&, const std::string& name) override { builder_.name_anchor(name); }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { builder_.add_null(byte_of(mark), anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    builder_.add_scalar(byte_of(mark), tag, anchor, value);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override { builder_.add_alias(byte_of(mark), anchor); }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    builder_.open(Node::Kind::sequence, {byte_of(mark), tag, anchor, style == YAML::EmitterStyle::Flow});
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    builder_.open(Node::Kind::mapping, {byte_of(mark), tag, anchor, style == YAML::EmitterStyle::Flow});
  }
  void OnSequenceEnd() override { builder_.close(); }
  void OnMapEnd() override { builder_.close(); }

 private:
  DocumentBuilder& builder_;
};

/// What yaml-cpp says, or begins with.
struct Saying {
  std::string_view said;
  Refusal refusal;
};

namespace said = YAML::ErrorMsg;

const auto sayings = std::to_array<Saying>({
    {said::MAP_VALUE, Refusal::colon},
    {said::END_OF_MAP_FLOW, Refusal::mapping_in_braces},
    {said::END_OF_SEQ_FLOW, Refusal::list_in_brackets},
    {said::END_OF_MAP, Refusal::no_key},
    {said::END_OF_SEQ, Refusal::no_item},
    {said::FLOW_END, Refusal::closing_bracket},
    {said::EOF_IN_SCALAR, Refusal::end_in_text},
    {said::DOC_IN_SCALAR, Refusal::document_in_text},
    {said::INVALID_ESCAPE, Refusal::escape},
    {said::INVALID_HEX, Refusal::hexadecimal},
    {said::INVALID_UNICODE, Refusal::code_point},
    {said::UNKNOWN_ANCHOR, Refusal::unknown_anchor},
    {said::UNKNOWN_TOKEN, Refusal::unknown_token},
    {said::MAP_KEY, Refusal::question_mark},
    {said::BLOCK_ENTRY, Refusal::dash},
    {said::ALIAS_NOT_FOUND, Refusal::alias_without_name},
    {said::ANCHOR_NOT_FOUND, Refusal::anchor_without_name},
    {said::CHAR_IN_BLOCK, Refusal::text_behind_block},
    {said::CHAR_IN_TAG_HANDLE, Refusal::tag},
    {said::TAG_WITH_NO_SUFFIX, Refusal::tag},
    {said::END_OF_VERBATIM_TAG, Refusal::tag},
    {said::TAB_IN_INDENTATION, Refusal::tab},
    {said::BAD_FILE, Refusal::too_deep},  // what it throws where it would call itself too often
});

Refusal refusal_of(std::string_view words) {
  const auto found = std::find_if(sayings.begin(), sayings.end(),
                                  [words](const Saying& saying) { return words.starts_with(saying.said); });
  return found == sayings.end() ? Refusal::other : found->refusal;
}

}  // namespace

std::optional<Refused> read_events(Feed& feed, DocumentBuilder& builder) {
  std::istream stream(&feed);
  stream.exceptions(std::ios::badbit);  // lets Choked through
  Events events(builder);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) continue;
  } catch (const YAML::Exception& refusal) {
    return Refused{refusal_of(refusal.msg), refusal.msg, byte_of(refusal.mark)};
  }
  return std::nullopt;
}

}  // namespace replug::planner::yaml
