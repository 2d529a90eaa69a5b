/* A DNS provider in plain C: one file, no library, loaded by certo while it runs.
 *
 *   cc -std=c99 -Wall -Wextra -Wpedantic -fPIC -shared -Iproviders/sdk -o example.so providers/examples/example.c
 *
 * The service does not exist. Its API is what many services have:
 *
 *   GET    /zones?name=example.com                       200 [{"id":7,"name":"example.com"}], or [] for no such zone
 *   GET    /zones/7/txt?name=_acme-challenge.example.com 200 [{"id":31,"name":"_acme-challenge.example.com","value":"..."}]
 *   POST   /zones/7/txt {"name":...,"value":...,"ttl":...} 201, and 409 where the record is there already
 *   DELETE /zones/7/txt/31                               204, and 404 where it is gone already
 *
 * with "Authorization: Bearer TOKEN" in each request, and {"error":"why"} in the answer to one that is refused.
 *
 * sdk/provider.h is all that certo and a provider know of each other; read its rules first. JSON is read and
 * written with sdk/cJSON.h. Both are certo's: nothing has to be linked.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cJSON.h"
#include "provider.h"

/* What all functions below need. It lives as long as one call of present or cleanup: certo may run the next
 * one in another process, so nothing may be kept between two calls. */
struct api {
  const struct certo_host* host;
  char base_url[512]; /* without a slash at the end */
  char authorization[1024];
};

/* Ends a call: tells the user why, in one line without a secret, and gives back `status`, which tells certo
 * whether it is worth trying again. */
static int fail(const struct api* api, int status, const char* format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  api->host->explain(api->host->self, line);
  return status;
}

/* One text behind the other. 0 when they do not fit. */
static int join(char* to, size_t size, const char* first, const char* second) {
  const int length = snprintf(to, size, "%s%s", first, second);
  return length >= 0 && (size_t)length < size;
}

/* The user's settings. certo finds them, in its environment or in a file of credentials; a provider only
 * names them, in the table at the end of this file. */
static int open_api(struct api* api, const struct certo_host* host) {
  const char* token = host->setting(host->self, "EXAMPLE_TOKEN");
  /* The base_url of the descriptor below, unless the user points it elsewhere: to a test server, or a proxy.
   */
  const char* base_url = host->setting(host->self, "BASE_URL");
  size_t length = 0;
  api->host = host;
  if (token == NULL || *token == '\0') return fail(api, CERTO_CONFIG, "EXAMPLE_TOKEN is not set");
  if (!join(api->authorization, sizeof api->authorization, "Authorization: Bearer ", token))
    return fail(api, CERTO_CONFIG, "EXAMPLE_TOKEN is too long to be a token of this service");
  if (!join(api->base_url, sizeof api->base_url, base_url, ""))
    return fail(api, CERTO_CONFIG, "EXAMPLE_BASE_URL is too long");
  for (length = strlen(api->base_url); length > 0 && api->base_url[length - 1] == '/'; --length)
    api->base_url[length - 1] = '\0';
  return CERTO_OK;
}

/* What an HTTP status means to certo, where it means the same whatever was asked. */
static int meaning_of(int http_status) {
  if (http_status == 401 || http_status == 403) return CERTO_CONFIG;
  if (http_status == 429) return CERTO_LATER;
  if (http_status >= 500) return CERTO_UNREACHABLE;
  return CERTO_FAILED;
}

/* The service's own words say more than a number. */
static int refused(const struct api* api, const char* method, const char* path,
                   const struct certo_reply* reply) {
  cJSON* body = cJSON_ParseWithLength(reply->body, reply->body_length);
  const char* why = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(body, "error"));
  const int status = fail(api, meaning_of(reply->status), "%s %s answered %d%s%s", method, path,
                          reply->status, why != NULL ? ": " : "", why != NULL ? why : "");
  cJSON_Delete(body); /* after the last use of `why`, which points into it */
  return status;
}

/* Sends one request. CERTO_OK for an answer of 2xx and for `also_good`. With `answer` its JSON is read, and
 * the caller deletes it. */
static int ask(const struct api* api, const char* method, const char* path, const char* body, int also_good,
               cJSON** answer) {
  const char* headers[] = {api->authorization, body != NULL ? "Content-Type: application/json" : NULL, NULL};
  struct certo_request request = {0};
  struct certo_reply reply = {0};
  char url[1024];
  int status = CERTO_OK;
  if (!join(url, sizeof url, api->base_url, path)) return fail(api, CERTO_FAILED, "%s is too long", path);

  request.size = sizeof request;
  request.method = method;
  request.url = url;
  request.headers = headers;
  request.body = body;
  request.body_length = body != NULL ? strlen(body) : 0;
  reply.size = sizeof reply;
  status = api->host->http(api->host->self, &request, &reply);
  if (status != CERTO_OK) return status; /* no answer at all; the host has explained it already */

  if ((reply.status < 200 || reply.status > 299) && reply.status != also_good)
    return refused(api, method, path, &reply);
  if (answer == NULL) return CERTO_OK;
  *answer = cJSON_ParseWithLength(reply.body, reply.body_length);
  /* A service that is well would not send this, so it is down rather than of another opinion. */
  if (*answer == NULL) return fail(api, CERTO_UNREACHABLE, "%s %s did not answer with JSON", method, path);
  return CERTO_OK;
}

/* Asks for one zone by its name. CERTO_NO_ZONE, unexplained, where this account has no such zone.
 *
 * Names of zones and records need no escaping in a URL: they are letters, digits, '-', '_' and '.'. */
static int look_up_zone(const struct api* api, const char* name, double* id) {
  char path[512];
  cJSON* zones = NULL;
  const cJSON* zone = NULL;
  int status = CERTO_OK;
  snprintf(path, sizeof path, "/zones?name=%s", name);
  status = ask(api, "GET", path, NULL, 0, &zones);
  if (status != CERTO_OK) return status;

  status = CERTO_NO_ZONE;
  cJSON_ArrayForEach(zone, zones) {
    const cJSON* number = cJSON_GetObjectItemCaseSensitive(zone, "id");
    const char* same = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(zone, "name"));
    /* Many services answer with every zone that has the name in it. */
    if (!cJSON_IsNumber(number) || same == NULL || strcmp(same, name) != 0) continue;
    *id = number->valuedouble; /* not valueint, which ends at INT_MAX */
    status = CERTO_OK;
    break;
  }
  cJSON_Delete(zones);
  return status;
}

/* The user may name the zone; then it is looked up and no other. */
static int find_named_zone(const struct api* api, const char* name, const char* zone, double* id) {
  const size_t length = strlen(name), zone_length = strlen(zone);
  int status = CERTO_OK;
  const int lies_in = length >= zone_length && strcmp(name + length - zone_length, zone) == 0 &&
                      (length == zone_length || name[length - zone_length - 1] == '.');
  if (!lies_in) return fail(api, CERTO_CONFIG, "%s does not lie in the zone %s that is set", name, zone);
  status = look_up_zone(api, zone, id);
  if (status == CERTO_NO_ZONE) return fail(api, status, "there is no zone %s in this account", zone);
  return status;
}

/* A zone may begin at any dot: for _acme-challenge.www.example.com this asks for that name itself, then for
 * www.example.com, then for example.com, and stops there, because nobody has the zone "com". */
static int find_zone(const struct api* api, const char* name, double* id) {
  const char* zone = api->host->setting(api->host->self, "ZONE");
  const char* candidate = name;
  if (zone != NULL && *zone != '\0') return find_named_zone(api, name, zone, id);
  for (; strchr(candidate, '.') != NULL; candidate = strchr(candidate, '.') + 1) {
    const int status = look_up_zone(api, candidate, id);
    if (status != CERTO_NO_ZONE) return status;
  }
  return fail(api, CERTO_NO_ZONE, "there is no zone for %s in this account", name);
}

/* One record goes in. Another value of the same name stays: a certificate for example.com and *.example.com
 * needs two at once. */
static int add(const struct api* api, double zone, const struct certo_record* record) {
  char path[512];
  const uint32_t ttl = record->ttl < 60 ? 60 : record->ttl; /* the least that this service takes */
  char* body = NULL;
  int status = CERTO_OK;
  cJSON* fields = cJSON_CreateObject();
  /* Each gives NULL when memory is short, and takes NULL, so the chain may be checked at its end. */
  const int is_complete = cJSON_AddStringToObject(fields, "name", record->name) != NULL &&
                          cJSON_AddStringToObject(fields, "value", record->value) != NULL &&
                          cJSON_AddNumberToObject(fields, "ttl", ttl) != NULL;
  if (is_complete) body = cJSON_PrintUnformatted(fields);
  cJSON_Delete(fields);
  if (body == NULL) return fail(api, CERTO_FAILED, "there is not enough memory");

  snprintf(path, sizeof path, "/zones/%.0f/txt", zone);
  status = ask(api, "POST", path, body, 409, NULL); /* 409: it is there already, and that is a success */
  cJSON_free(body);
  return status;
}

/* A record that was found goes out, if it is the one: what certo did not put there is not certo's to remove.
 */
static int remove_if_same(const struct api* api, double zone, const struct certo_record* record,
                          const cJSON* found) {
  char path[512];
  const cJSON* id = cJSON_GetObjectItemCaseSensitive(found, "id");
  const char* name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(found, "name"));
  const char* value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(found, "value"));
  if (!cJSON_IsNumber(id) || name == NULL || value == NULL) return CERTO_OK;
  if (strcmp(name, record->name) != 0 || strcmp(value, record->value) != 0) return CERTO_OK;
  snprintf(path, sizeof path, "/zones/%.0f/txt/%.0f", zone, id->valuedouble);
  return ask(api, "DELETE", path, NULL, 404, NULL); /* 404: it is gone already, and that is a success */
}

/* Records are found by name and value, and never by an id that `add` saw: whoever cleans up after a crash has
 * seen none. */
static int take_out(const struct api* api, double zone, const struct certo_record* record) {
  char path[512];
  cJSON* records = NULL;
  const cJSON* found = NULL;
  int status = CERTO_OK;
  snprintf(path, sizeof path, "/zones/%.0f/txt?name=%s", zone, record->name);
  status = ask(api, "GET", path, NULL, 0, &records);
  if (status != CERTO_OK) return status;
  cJSON_ArrayForEach(found, records) {
    status = remove_if_same(api, zone, record, found);
    if (status != CERTO_OK) break;
  }
  cJSON_Delete(records);
  return status;
}

typedef int change(const struct api* api, double zone, const struct certo_record* record);

/* certo hands over a whole batch. The first failure ends it; certo cleans up what went in before. */
static int change_all(const struct certo_host* host, const struct certo_record* records, size_t count,
                      change* change_one) {
  struct api api;
  int status = open_api(&api, host);
  size_t i = 0;
  for (i = 0; i < count && status == CERTO_OK; ++i) {
    double zone = 0;
    status = find_zone(&api, records[i].name, &zone);
    if (status == CERTO_OK) status = change_one(&api, zone, &records[i]);
  }
  return status;
}

static int present(const struct certo_host* host, const struct certo_record* records, size_t count) {
  return change_all(host, records, count, add);
}

static int cleanup(const struct certo_host* host, const struct certo_record* records, size_t count) {
  return change_all(host, records, count, take_out);
}

/* What the user has to set; `certo providers example` shows it. Settings of one group belong together. */
static const struct certo_setting settings[] = {
    {"EXAMPLE_TOKEN", "EXAMPLE_API_TOKEN", "an API token: https://example.com/account/tokens", 1},
};

static const struct certo_provider provider = {
    .abi = CERTO_PROVIDER_ABI,
    .size = sizeof provider,
    .name = "example",
    .aliases = "dns_example",
    .title = "Example DNS",
    .base_url = "https://api.example/v1",
    .settings = settings,
    .setting_count = sizeof settings / sizeof settings[0],
    .propagation = 120,
    .traits = 0,
    .present = present,
    .cleanup = cleanup,
};

/* The one symbol that certo looks for. */
const struct certo_provider* certo_provider_v1(void) { return &provider; }
