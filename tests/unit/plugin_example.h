// What providers/examples/example.c is given and must ask, as tests/unit/transcript.h plays it. Written from
// the API that its first comment describes.
#pragma once

#include <string>
#include <vector>

#include "provider/message.h"

namespace certo::test::plugin_example {

inline const provider::Values settings = {{"EXAMPLE_TOKEN", "s3cret"}};

/// Apex and wildcard: two values at one name.
inline const std::vector<provider::Record> records = {
    {"_acme-challenge.www.example.com", "LPJNul-wowbV-nnYdHmnvjSjvdUXN9FWzTMyxpnTfWo", 30},
    {"_acme-challenge.www.example.com", "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI", 300},
};

/// The zone is two labels below the name; the second record is there already.
inline const std::string present = R"(
> GET https://api.example/v1/zones?name=_acme-challenge.www.example.com
> Authorization: Bearer s3cret
< 200
< [{"id":8,"name":"other._acme-challenge.www.example.com"}]
> GET https://api.example/v1/zones?name=www.example.com
> Authorization: Bearer s3cret
< 200
< []
> GET https://api.example/v1/zones?name=example.com
> Authorization: Bearer s3cret
< 200
< [{"id":7,"name":"example.com"}]
> POST https://api.example/v1/zones/7/txt
> Authorization: Bearer s3cret
> Content-Type: application/json
> 
> {"name":"_acme-challenge.www.example.com","value":"LPJNul-wowbV-nnYdHmnvjSjvdUXN9FWzTMyxpnTfWo","ttl":60}
< 201
< {"id":31}
> GET https://api.example/v1/zones?name=_acme-challenge.www.example.com
> Authorization: Bearer s3cret
< 200
< []
> GET https://api.example/v1/zones?name=www.example.com
> Authorization: Bearer s3cret
< 200
< []
> GET https://api.example/v1/zones?name=example.com
> Authorization: Bearer s3cret
< 200
< [{"id":7,"name":"example.com"}]
> POST https://api.example/v1/zones/7/txt
> Authorization: Bearer s3cret
> Content-Type: application/json
> 
> {"name":"_acme-challenge.www.example.com","value":"9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI","ttl":300}
< 409
< {"error":"the record exists"}
)";

/// With the setting that names the zone. A foreign value stays, and the second record goes while it is
/// removed.
inline const provider::Values settings_with_zone = {{"EXAMPLE_TOKEN", "s3cret"},
                                                    {"EXAMPLE_ZONE", "example.com"}};
inline const std::string cleanup = R"(
> GET https://api.example/v1/zones?name=example.com
> Authorization: Bearer s3cret
< 200
< [{"id":5000000007,"name":"example.com"}]
> GET https://api.example/v1/zones/5000000007/txt?name=_acme-challenge.www.example.com
> Authorization: Bearer s3cret
< 200
< [{"id":30,"name":"_acme-challenge.www.example.com","value":"theirs"},
< {"id":31,"name":"_acme-challenge.www.example.com","value":"LPJNul-wowbV-nnYdHmnvjSjvdUXN9FWzTMyxpnTfWo"}]
> DELETE https://api.example/v1/zones/5000000007/txt/31
> Authorization: Bearer s3cret
< 204
> GET https://api.example/v1/zones?name=example.com
> Authorization: Bearer s3cret
< 200
< [{"id":5000000007,"name":"example.com"}]
> GET https://api.example/v1/zones/5000000007/txt?name=_acme-challenge.www.example.com
> Authorization: Bearer s3cret
< 200
< [{"id":32,"name":"_acme-challenge.www.example.com","value":"9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI"}]
> DELETE https://api.example/v1/zones/5000000007/txt/32
> Authorization: Bearer s3cret
< 404
< {"error":"no such record"}
)";

/// CERTO_CONFIG, with `refusal_reason`.
inline const std::string refusal = R"(
> GET https://api.example/v1/zones?name=_acme-challenge.www.example.com
> Authorization: Bearer s3cret
< 401
< {"error":"unknown token"}
)";
inline const std::string refusal_reason =
    "GET /zones?name=_acme-challenge.www.example.com answered 401: unknown token";

/// CERTO_NO_ZONE.
inline const std::string no_zone = R"(
> GET https://api.example/v1/zones?name=_acme-challenge.www.example.com
> Authorization: Bearer s3cret
< 200
< []
> GET https://api.example/v1/zones?name=www.example.com
> Authorization: Bearer s3cret
< 200
< []
> GET https://api.example/v1/zones?name=example.com
> Authorization: Bearer s3cret
< 200
< []
)";

}  // namespace certo::test::plugin_example
