// Who looks after a virtual host, if it is not the person who runs certo: a module of the server, another
// client, a control panel, or a program that writes the file again and again.
#pragma once

#include <string>

#include "webserver/apache_hosts.h"
#include "webserver/nginx_hosts.h"

namespace certo::webserver {

enum class OwnerKind {
  nobody,
  nginx_acme,  // the module orders the certificate
  mod_md,      // Apache's module does
  lua,         // code in the configuration chooses the certificate
  certbot,
  panel,
  generator  // the file says that it is generated
};

struct Owner {
  OwnerKind kind = OwnerKind::nobody;
  std::string name;  // "Plesk"; "" for nobody
};

Owner owner_of(const VirtualHost& host);
Owner owner_of(const ApacheHost& host);

/// Before lines are added for the proof. Throws Error{config} if another program orders the certificate of
/// the block; warns of a program that writes the file again and again.
void require_editable(const VirtualHost& host);
void require_editable(const ApacheHost& host);

}  // namespace certo::webserver
