/* The interface between certo and a DNS provider. ABI version 1, plain C99.
 *
 * A provider adds TXT records to a zone and removes them, and perhaps records of other types. It runs in a
 * child process of certo that has no account key and no certificate key, can use the network, and cannot
 * write a file.
 *
 * Rules
 *   1. Plain C. No exception and no C++ type crosses this line, and nobody frees what the other side
 * allocated.
 *   2. What certo passes in is good until the call returns; copy what you keep.
 *   3. What a provider returns a pointer to is static.
 *   4. Strings are UTF-8 and end with NUL. They are never NULL unless stated.
 *   5. certo_host, certo_provider, certo_request and certo_reply grow at their ends only, and `size` says how
 * much is there. certo_record and certo_setting are elements of arrays, so they never grow: a new version
 * gets a new name.
 *   6. One call at a time, in one thread. No other run of certo uses the same provider meanwhile.
 */
#ifndef CERTO_PROVIDER_H
#define CERTO_PROVIDER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CERTO_PROVIDER_ABI 1u

enum certo_status {
  CERTO_OK = 0,
  CERTO_FAILED = 1,      /* the service refused; asking again will not help */
  CERTO_UNREACHABLE = 2, /* no reply, or the service is broken now */
  CERTO_CONFIG = 3,      /* a setting is missing, wrong or refused; the user must act */
  CERTO_NO_ZONE = 4,     /* this account has no zone for the name */
  CERTO_LATER = 5        /* rate limited */
};

/* A TXT record, or a record of certo_host.type. */
struct certo_record {
  const char* name; /* "_acme-challenge.example.com": lower case, no dot at the end */
  /* Without quotes: 43 characters of base64url (RFC 8555 section 8.4), or for 'certo persist' any printable
   * ASCII but '"' and '\\', with blanks and semicolons, and perhaps longer than one string of a TXT record.
   * Of other types: as a zone file has it, "0 issue \"ca.example\"" or "3 1 1 0d6f…" */
  const char* value;
  uint32_t ttl; /* seconds; round up to what the service allows */
};

/* A setting of the user. If its name ends in _FILE, the user sets the path of a file, and the provider gets
 * the content, which may have several lines. Only a built-in may have default paths. */
struct certo_setting {
  const char* name; /* "EXAMPLE_TOKEN": A-Z, 0-9 and '_' */
  const char*
      aliases; /* what other clients call it, separated by spaces; "". For a _FILE also default paths, like
                  "~/.example/credentials" */
  const char* about; /* what it is and where on the service's site it is created */
  /* 0: optional. Otherwise all settings of one group belong together, and one complete group is enough. */
  uint32_t group;
};

struct certo_request {
  uint32_t size;
  const char* method;         /* "GET", "POST", ... */
  const char* url;            /* https; http to this machine only */
  const char* const* headers; /* "Name: value", ended by NULL; NULL for none */
  const char* body;           /* may hold NUL; NULL for none */
  size_t body_length;
  /* 1: this request changes no record, whatever its method is (a token, a list by POST). After a failure,
   * certo then knows that nothing has to be removed. */
  int reads;
};

struct certo_reply {
  uint32_t size;
  int status; /* of HTTP */
  const char* body;
  size_t body_length;
  const char* const* headers; /* "name: value", names in lower case, ended by NULL */
};

#define CERTO_REPLY_SIZE (16u << 20) /* a longer reply counts as none: CERTO_UNREACHABLE */
#define CERTO_DIGEST_SIZE 64
#define CERTO_SIGNATURE_SIZE 1024

/* Functions that certo offers to a provider. `self` is the first argument of each. */
struct certo_host {
  uint32_t size;
  void* self;

  /* A setting by its name, NULL if the user did not set it. Two always exist: "BASE_URL" is the provider's
   * base_url unless the user sets another one, and "ZONE" is the zone that the user names, or NULL. */
  const char* (*setting)(void* self, const char* name);

  /* Sends a request with certo's TLS, proxy and time limits; redirects are not followed. If the reply is 429,
   * certo sends the request again, at the time that the reply names or after 1, 2, 4 … 60 s, until the
   * deadline. CERTO_OK with a reply, whatever its status, which is valid until the next request.
   * CERTO_UNREACHABLE without one, and CERTO_CONFIG for a URL that is not allowed; both are explained by
   * certo. */
  int (*http)(void* self, const struct certo_request* request, struct certo_reply* reply);

  /* Why the call is about to fail: one line without a full stop and without a secret. The last one counts. */
  void (*explain)(void* self, const char* line);

  /* Standard base64 with padding; valid until the next call. */
  const char* (*base64)(void* self, const void* data, size_t length);

  /* "md5", "sha1", "sha224", "sha256", "sha384" or "sha512". The digest's length in bytes; 0 for another
   * name.
   */
  size_t (*hash)(void* self, const char* algorithm, const void* data, size_t length,
                 uint8_t digest[CERTO_DIGEST_SIZE]);
  size_t (*hmac)(void* self, const char* algorithm, const void* key, size_t key_length, const void* data,
                 size_t length, uint8_t digest[CERTO_DIGEST_SIZE]);

  /* Signs SHA-256 of `data` with a private key in PEM, as JWS does (RFC 7518): an RSA key by PKCS #1 v1.5
   * (RS256), a P-256 key by ECDSA (ES256, R and S side by side). The signature's length in bytes; 0 if the
   * key is neither, which is explained. */
  size_t (*sign)(void* self, const char* private_key, const void* data, size_t length,
                 uint8_t signature[CERTO_SIGNATURE_SIZE]);

  /* Seconds since 1970 in UTC. Use this and no other clock: a test sets the time. */
  int64_t (*now)(void* self);

  /* The zone of `name` in DNS: the nearest name above it with an SOA record. Valid until the next call; NULL
   * if there is none, which is explained. */
  const char* (*zone)(void* self, const char* name);

  /* Sends one DNS message over TCP to `server`, "host", "host:port" or "[address]:port", and returns the
   * answer, which is valid until the next call. CERTO_OK, CERTO_UNREACHABLE or CERTO_CONFIG; the last
   * two are explained. */
  int (*dns)(void* self, const char* server, const void* message, size_t length, const uint8_t** reply,
             size_t* reply_length);

  /* The type of all records of this call: "TXT", or one of certo_provider.types. */
  const char* type;

  /* Signs `data` with an RSA key in PEM by the algorithm of that name (RFC 7518): "RS256", "RS384", "RS512",
   * "PS256", "PS384" or "PS512". The signature's length in bytes; 0 for another name or key, which is
   * explained. */
  size_t (*sign_by)(void* self, const char* algorithm, const char* private_key, const void* data,
                    size_t length, uint8_t signature[CERTO_SIGNATURE_SIZE]);

  /* Random bytes for what must not be sent twice. Use this and nothing else: a test sets them. */
  void (*random)(void* self, void* bytes, size_t length);

  /* Milliseconds since 1970 in UTC, by the clock of `now`. */
  int64_t (*now_ms)(void* self);
};

enum certo_trait {
  /* Holds one value at a time, so names are validated one after the other. */
  CERTO_SINGLE_VALUE = 1,
  /* Changes records by GET. Without this trait, certo knows after a failure whether anything was changed. */
  CERTO_CHANGES_BY_GET = 2,
  /* Works without any setting: machines of this service find credentials where they run. */
  CERTO_NEEDS_NO_SETTING = 4,
  /* Has only names that were made for challenges, so a CNAME may lead to any of them. Without this trait,
   * certo follows a CNAME only to a name that begins with '_', or into a zone that --alias names. */
  CERTO_OWN_NAMES = 8
};

typedef int certo_change(const struct certo_host* host, const struct certo_record* records, size_t count);

struct certo_provider {
  uint32_t abi;  /* CERTO_PROVIDER_ABI */
  uint32_t size; /* sizeof(struct certo_provider) */

  const char* name;     /* "cloudflare": a-z, 0-9 and '-' */
  const char* aliases;  /* "dns_cf cf"; "" */
  const char* title;    /* "Cloudflare" */
  const char* base_url; /* "https://api.example/v1", no slash at the end; "" when each user has another */
  const struct certo_setting* settings;
  size_t setting_count;
  uint32_t propagation; /* seconds after which a record is visible everywhere */
  uint32_t traits;      /* of certo_trait, added up */

  /* Adds every record without touching other values of the same name. A record that exists already is a
   * success. */
  certo_change* present;
  /* Removes every record by name and value, and nothing else. A record that is gone already is a success. */
  certo_change* cleanup;

  /* The rest may be missing from a provider that was built before it existed; NULL or "" says nothing. */

  const char* types; /* what it can write in addition to TXT: "CAA TLSA" */
  const char*
      name_servers;   /* of this service's zones, to recognize it by: "*.ns.example.com ns?.example.net" */
  const char* rights; /* the least that its credentials must be allowed to do, for people */
  /* "" if it was written by the service's own documentation, "table" if by the behaviour of other clients */
  const char* source;
};

/* The one symbol that a plugin exports. */
#define CERTO_PROVIDER_SYMBOL "certo_provider_v1"
#ifdef __GNUC__
__attribute__((visibility("default")))
#endif
const struct certo_provider*
certo_provider_v1(void);

#ifdef __cplusplus
}
#endif
#endif
