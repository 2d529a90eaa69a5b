// The DNS service of ConoHa, which its second and its third generation have in common; sources are in the
// providers.
#pragma once

#include <string>

#include "sdk/keystone.h"

namespace certo::sdk {

struct ConohaDns {
  const Host& host;
  std::string url;  // "https://dns-service.tyo1.conoha.io"
  std::string token_header;
  const char* id;  // the member that has the id of a domain or a record
};

void change_conoha(const ConohaDns& api, Records records, Change change);

}  // namespace certo::sdk
