#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tests/generated/generator.h"
#include "tests/generated/random.h"
#include "tests/generated/stock.h"
#include "tests/generated/yaml.h"

namespace replug::generated {

/// The mapping under `cluster`. What goes into files of its own is added to `files`; the nodes become known to `stock`.
Flow draft_cluster(Random& random, Stock& stock, Files& files);
/// The list under `steps` or `rollback`, as lines of a block.
std::string draft_steps(Random& random, Stock& stock, std::string_view list, std::size_t count);
/// A list of expectations.
std::string draft_expectations(Random& random, Stock& stock);

}  // namespace replug::generated
