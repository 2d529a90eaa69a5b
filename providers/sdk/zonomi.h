// The API of Zonomi and RimuHosting, by https://zonomi.com/app/dns/dyndns.jsp
#pragma once

#include "sdk/provider.hpp"

namespace certo::sdk {

/// `key_setting` is the name of the setting with the API key.
void change_zonomi(const Host& host, const char* key_setting, Records records, Change change);

}  // namespace certo::sdk
