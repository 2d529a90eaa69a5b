// acme.sh's settings files: KEY='value', one on a line. People write export, double quotes and no quotes,
// too.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace certo::imports {

using Conf = std::map<std::string, std::string>;

/// Values are not escaped: a quoted one ends at the last quote of its line. Base64 between acme.sh's marks is
/// decoded. Other lines are skipped.
Conf parse_conf(std::string_view text);
/// "" if there is none.
std::string value(const Conf& conf, const std::string& key);

}  // namespace certo::imports
