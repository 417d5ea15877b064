#pragma once

#include <optional>
#include <span>
#include <vector>

#include "simulator/medium/expectation.h"
#include "simulator/medium/field.h"
#include "simulator/steps/step.h"

namespace replug::simulator {

/// What is asked of a step of whichever kind. The answers come from the kind's own list of fields, so that a new kind
/// has them as soon as its fields say what they mean.

Handling handling_of(const Action& action);

/// Everything that the step says in fields of that meaning, in their order: the plugins it names, its mounts, its
/// files.
std::vector<Text> named(const Action& action, Meaning meaning);
/// The first of them; nothing where the step does not say it.
std::optional<Text> first_named(const Action& action, Meaning meaning);

/// What the action itself lists as what must hold; beside `Step::expect`.
std::span<const Expectation> listed_expectations(const Action& action);

}  // namespace replug::simulator
