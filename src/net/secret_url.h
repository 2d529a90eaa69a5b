// URLs that are secrets: to know one is a permission.
#pragma once

#include <string>

namespace certo::net {

/// From now on, the log gets the server of this URL only. Any thread may call.
void keep_url_secret(const std::string& url);
bool is_url_secret(const std::string& url);

}  // namespace certo::net
