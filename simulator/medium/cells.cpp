#include "simulator/medium/cells.h"

namespace replug::simulator {

std::string_view to_string(CellField field) {
  switch (field) {
#define NAME(name)      \
  case CellField::name: \
    return #name;
    NAME(registered)
    NAME(sha256)
    NAME(command)
    NAME(args)
    NAME(env)
    NAME(oci_image)
    NAME(version)
    NAME(type)
    NAME(plugin_name)
    NAME(plugin_version)
    NAME(tainted)
    NAME(running_plugin_version)
    NAME(running_sha256)
    NAME(actual_version)
    NAME(actual_sha256)
    NAME(status)
    NAME(role)
    NAME(sealed)
    NAME(server_version)
#undef NAME
  }
  return "";
}

}  // namespace replug::simulator
