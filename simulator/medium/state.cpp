#include "simulator/medium/state.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace replug::simulator {

std::uint64_t State::hash() const { return XXH3_64bits(bytes(), canonical_); }

}  // namespace replug::simulator
