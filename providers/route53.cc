// Amazon Route 53, by https://docs.aws.amazon.com/Route53/latest/APIReference/
//
// A change replaces whole RRsets, so certo reads them first and keeps their values. There is one change batch
// for each zone, however many names it has: it is applied as a whole or not at all. certo asks the name
// servers, and not GetChange, whether it is visible.
#include <algorithm>

#include "sdk/aws.h"
#include "sdk/provider.hpp"
#include "sdk/record_data.h"
#include "sdk/xml.h"

namespace {

using namespace certo::sdk;

constexpr const char* api_url = "https://route53.amazonaws.com";
constexpr const char* api_version = "/2013-04-01";

// An account may send five requests a second. For more names than this, certo first reads one page of all.
constexpr size_t few_names = 3;

struct Endpoint {
  std::string url;  // including the API's version
  AwsScope scope;
};

/// Each of AWS's partitions has its own Route 53, whose signatures use one region.
Endpoint endpoint_of(const Host& host) {
  struct Partition {
    const char *regions, *url, *signs_with;
  };
  constexpr Partition partitions[] = {{"cn-", "https://route53.amazonaws.com.cn", "cn-northwest-1"},
                                      {"us-gov-", "https://route53.us-gov.amazonaws.com", "us-gov-west-1"},
                                      {"", api_url, "us-east-1"}};
  const std::string region = host.setting("AWS_REGION").value_or("");
  const Partition& partition = *std::ranges::find_if(
      partitions, [&](const Partition& one) { return region.starts_with(one.regions); });
  std::string url = host.base_url();
  if (url == api_url) url = host.setting("AWS_ENDPOINT_URL_ROUTE_53").value_or(partition.url);
  while (url.ends_with('/')) url.pop_back();
  return {url.ends_with(api_version) ? url : url + api_version, {partition.signs_with, "route53"}};
}

struct RRset {
  std::string ttl;
  std::vector<std::string> values;  // with their quotes
  bool is_plain = true;             // without routing policy or alias
};

using RRsets = std::map<std::string, RRset>;  // of one type, by name without the last dot

RRsets rrsets_of(const std::string& type, const Element& page) {
  RRsets found;
  const Element* const list = page.find("ResourceRecordSets");
  if (!list) return found;
  for (const Element& entry : list->children) {
    const std::string name = entry.text_of("Name");
    if (entry.text_of("Type") != type || !name.ends_with('.')) continue;
    RRset& rrset = found[name.substr(0, name.size() - 1)];
    rrset.ttl = entry.text_of("TTL");
    const Element* const records = entry.find("ResourceRecords");
    rrset.is_plain = records && !entry.find("SetIdentifier") && !rrset.ttl.empty();
    if (!records) continue;
    for (const Element& record : records->children) rrset.values.push_back(record.text_of("Value"));
  }
  return found;
}

struct Refusal {
  std::string code, message;
};

/// Only the first line: the others repeat the request, including a session token.
Refusal refusal_of(const Reply& reply) {
  try {
    const Element root = parse_xml(reply.body, reply.subject);
    Refusal refusal{root.name, ""};  // <InvalidChangeBatch> has no <Error>
    const Element* at = root.find("Messages");
    if (const Element* const error = root.find("Error")) {
      refusal.code = error->text_of("Code");
      at = error;
    }
    if (at) refusal.message = certo::trim(at->text_of("Message"));
    refusal.message = refusal.message.substr(0, refusal.message.find('\n'));
    return refusal;
  } catch (const Failure&) {
    return {};
  }
}

bool is_one_of(const std::string& code, std::initializer_list<std::string_view> codes) {
  return std::ranges::find(codes, code) != codes.end();
}

[[noreturn]] void refuse(const Host& host, const Reply& reply) {
  const auto [code, message] = refusal_of(reply);
  const std::string told = message.empty() ? code : code + ": " + message;
  const bool is_late = message.find("Signature expired") != message.npos ||
                       message.find("Signature not yet current") != message.npos;
  if (is_late || is_one_of(code, {"RequestExpired", "RequestTimeTooSkewed"}))
    throw Failure{CERTO_CONFIG, "AWS rejects the time " + certo::rfc3339(host.now()) +
                                    ", so this machine's clock is wrong: " + told};
  if (is_one_of(code, {"InvalidClientTokenId", "SignatureDoesNotMatch", "AccessDenied", "ExpiredToken",
                       "IncompleteSignature", "MissingAuthenticationToken", "UnrecognizedClientException"}))
    throw Failure{CERTO_CONFIG, "the credentials are refused: " + told};
  if (is_one_of(code, {"Throttling", "ThrottlingException", "PriorRequestNotComplete"}))
    throw Failure{CERTO_LATER, "rate limited: " + told};
  if (code == "NoSuchHostedZone") throw Failure{CERTO_NO_ZONE, told};
  throw_if_refused(reply, told);
  throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status) +
                                  (told.empty() ? "" : ": " + told)};
}

class Api {
 public:
  explicit Api(const Host& host)
      : host_(host), endpoint_(endpoint_of(host)), credentials_(aws_credentials(host)) {}

  Element get(const std::string& path) const {
    const Reply reply = send({"GET", endpoint_.url + path});
    return parse_xml(reply.body, reply.subject);
  }

  /// The RRsets of `names`, and possibly of others.
  RRsets rrsets(const std::string& zone, const std::vector<std::string>& names) const {
    const std::string path = "/hostedzone/" + escaped(zone) + "/rrset";
    if (names.size() > few_names) {
      const Element whole = get(path + "?maxitems=300");
      if (whole.text_of("IsTruncated") == "false") return rrsets_of(host_.type(), whole);
    }
    RRsets found;
    for (const std::string& name : names)
      found.merge(rrsets_of(host_.type(), get(path + "?name=" + escaped(name + ".") +
                                              "&type=" + host_.type() + "&maxitems=1")));
    return found;
  }

  void change(const std::string& zone, const std::string& changes) const {
    send(
        {"POST",
         endpoint_.url + "/hostedzone/" + escaped(zone) + "/rrset/",
         {"Content-Type: application/xml"},
         "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ChangeResourceRecordSetsRequest xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes>" +
             changes + "</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>"});
  }

 private:
  Reply send(const Request& request) const {
    Reply reply = host_.raw_http(aws_signed(host_, credentials_, endpoint_.scope, request));
    if (!reply.ok()) refuse(host_, reply);
    return reply;
  }

  const Host& host_;
  Endpoint endpoint_;
  AwsCredentials credentials_;
};

/// The hosted zones of names. The service sorts them by their labels from the last to the first, so that one
/// page has a domain's zone and those below it.
class Zones {
 public:
  Zones(const Host& host, const Api& api)
      : host_(host), api_(api), private_(host.setting("AWS_PRIVATE_ZONE").value_or("false")) {}

  /// The id of the longest zone that holds `name`.
  std::string find(const std::string& name) {
    if (const auto id = host_.setting("AWS_HOSTED_ZONE_ID")) return without_path(*id);
    const std::vector<std::string> candidates = zone_candidates(host_, name);
    if (!candidates.empty()) {
      const Ids& zones = below(candidates.back());
      for (const std::string& candidate : candidates) {
        if (const auto found = zones.find(candidate + "."); found != zones.end()) return found->second;
      }
    }
    throw Failure{CERTO_NO_ZONE, "there is no hosted zone for " + name + " in this account"};
  }

 private:
  using Ids = std::map<std::string, std::string>;  // by name with its last dot

  static std::string without_path(const std::string& id) { return id.substr(id.rfind('/') + 1); }

  const Ids& below(const std::string& domain) {
    const auto [known, is_new] = known_.try_emplace(domain);
    if (is_new) known->second = list(domain + ".");
    return known->second;
  }

  Ids list(const std::string& domain) const {
    Ids ids;
    std::string query = "?dnsname=" + escaped(domain);
    for (;;) {
      const Element page = api_.get("/hostedzonesbyname" + query);
      const Element* const zones = page.find("HostedZones");
      if (!zones) throw Failure{CERTO_UNREACHABLE, "the list of hosted zones is not in the reply"};
      for (const Element& zone : zones->children) {
        const std::string name = zone.text_of("Name");
        if (!lies_in(name, domain)) return ids;
        if (is_wanted(zone)) ids.emplace(name, without_path(zone.text_of("Id")));
      }
      const std::string next = page.text_of("NextDNSName");
      if (page.text_of("IsTruncated") != "true" || !lies_in(next, domain)) return ids;
      query = "?dnsname=" + escaped(next) + "&hostedzoneid=" + escaped(page.text_of("NextHostedZoneId"));
    }
  }

  bool is_wanted(const Element& zone) const {
    const Element* const config = zone.find("Config");
    return certo::lower(config ? config->text_of("PrivateZone") : "false") == certo::lower(private_);
  }

  const Host& host_;
  const Api& api_;
  std::string private_;
  std::map<std::string, Ids> known_;  // by domain
};

std::string change_of(const Host& host, const char* action, const std::string& name, const std::string& ttl,
                      const std::vector<std::string>& values) {
  std::string records;
  for (const std::string& value : values)
    records += "<ResourceRecord><Value>" + xml_escaped(value) + "</Value></ResourceRecord>";
  return std::string("<Change><Action>") + action + "</Action><ResourceRecordSet><Name>" + xml_escaped(name) +
         ".</Name><Type>" + host.type() + "</Type><TTL>" + xml_escaped(ttl) + "</TTL><ResourceRecords>" +
         records + "</ResourceRecords></ResourceRecordSet></Change>";
}

/// The change of the RRset `now` of `name`; "" if there is nothing to do.
std::string edit(const Host& host, const RRset& now, const std::string& name,
                 const std::vector<std::string>& values, uint32_t ttl, Change change) {
  std::vector<std::string> ours;
  for (const std::string& value : values) ours.push_back(content(host, value));
  const std::vector<std::string> after = merged(now.values, ours, change);
  if (after == now.values) return "";
  if (!now.is_plain)
    throw Failure{CERTO_FAILED, "the " + host.type() + " records of " + name +
                                    " have a routing policy or are an alias, and are left alone"};
  // A deletion must repeat the RRset exactly.
  if (after.empty()) return change_of(host, "DELETE", name, now.ttl, now.values);
  return change_of(host, "UPSERT", name, now.ttl.empty() ? std::to_string(ttl) : now.ttl, after);
}

void change_records(const Host& host, Records records, Change change) {
  const Api api(host);
  Zones zones(host, api);
  const auto values = by_name(records);
  std::map<std::string, std::vector<std::string>> names;  // by zone
  for (const auto& [name, ours] : values) names[zones.find(name)].push_back(name);

  std::map<std::string, std::string> changes;  // by zone
  for (const auto& [zone, members] : names) {
    RRsets rrsets = api.rrsets(zone, members);
    for (const std::string& name : members)
      changes[zone] += edit(host, rrsets[name], name, values.at(name), records[0].ttl, change);
  }
  for (const auto& [zone, edits] : changes) {
    if (!edits.empty()) api.change(zone, edits);
  }
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "route53", .aliases = "dns_aws aws", .title = "Amazon Route 53", .base_url = api_url,
               .traits = CERTO_NEEDS_NO_SETTING,
               .settings =
                   {
                       CERTO_AWS_SETTINGS,
                       {"AWS_HOSTED_ZONE_ID", "",
                        "the hosted zone's id, for credentials that cannot list zones", 0},
                       {"AWS_PRIVATE_ZONE", "", "true: use private hosted zones, not public ones", 0},
                       {"AWS_REGION", "AWS_DEFAULT_REGION",
                        "needed for China (cn-…) and GovCloud (us-gov-…) only", 0},
                       {"AWS_ENDPOINT_URL_ROUTE_53", "AWS_ENDPOINT_URL",
                        "another address of the API, as AWS's tools name it", 0},
                   },
               .types = "CAA TLSA",
               .name_servers = "*.awsdns-??.com *.awsdns-??.net *.awsdns-??.org *.awsdns-??.co.uk",
               .rights =
                   "route53:ListHostedZonesByName, and route53:ListResourceRecordSets and "
                   "route53:ChangeResourceRecordSets for the hosted zone")
