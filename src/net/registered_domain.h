// The domain that somebody registered, by the Public Suffix List (https://publicsuffix.org), which is
// compiled in.
#pragma once

#include <string>
#include <string_view>

namespace certo::net {

/// "www.example.co.uk" to "example.co.uk". Both sections of the list count, as they do for CAs: of
/// "a.b.github.io" it is "b.github.io". A name that is a public suffix itself, or has one label, is returned
/// as it is. `name`: lower case, A-labels, without "*.".
///
/// The list is a set of hashes: one unlisted name in 28 million may be taken for a listed one.
std::string registered_domain(std::string_view name);

/// The network that CAs count for an address: "2001:db8::/64" for IPv6, and the address itself for IPv4.
std::string counted_network(const std::string& address);

}  // namespace certo::net
