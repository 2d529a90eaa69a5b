// SET replaces all records of a name and type. Several SETs of one request together are what the name has
// then, so certo reads the records first and sets them again, next to the new ones. DELETE with a value
// leaves other values alone, and succeeds if the record is gone.
#include "sdk/zonomi.h"

#include <algorithm>

#include "sdk/xml.h"

namespace certo::sdk {
namespace {

struct Txt {
  std::string value, ttl;
};

class Api {
 public:
  Api(const Host& host, const char* key_setting) : host_(host), key_(host.require(key_setting)) {}

  std::vector<Txt> records(const std::string& name) const {
    std::vector<Txt> found;
    for (const Element& actions : ask(action("QUERY", name)).children) {
      for (const Element& action : actions.children) {
        for (const Element& record : action.children) {
          const std::string ttl = record.attribute("ttl");  // "3600 seconds"
          if (record.name == "record" && record.attribute("type") == "TXT" &&
              record.attribute("name") == name)
            found.push_back({record.attribute("content"), ttl.substr(0, ttl.find(' '))});
        }
      }
    }
    return found;
  }

  void set(const std::string& name, const std::vector<Txt>& records) const {
    std::string query;
    for (size_t i = 0; i < records.size(); ++i) {
      const std::string number = "%5B" + std::to_string(i + 1) + "%5D";
      query += (i == 0 ? "" : "&") + action("SET", name, number) + "&value" + number + "=" +
               escaped(records[i].value) + "&ttl" + number + "=" + escaped(records[i].ttl);
    }
    ask(query);
  }

  void remove(const std::string& name, const std::string& value) const {
    ask(action("DELETE", name) + "&value=" + escaped(value));
  }

 private:
  static std::string action(const std::string& what, const std::string& name,
                            const std::string& number = "") {
    return "action" + number + "=" + what + "&name" + number + "=" + escaped(name) + "&type" + number +
           "=TXT";
  }

  Element ask(const std::string& query) const {
    const Reply reply = host_.raw_http({"GET", host_.base_url() + "?" + query + "&api_key=" + escaped(key_)});
    // In front of the root there is a document type.
    const size_t at = std::min(reply.body.find("<dnsapi_result"), reply.body.find("<error"));
    if (at == reply.body.npos) {
      throw_if_refused(reply, "");
      throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without a result"};
    }
    Element root = parse_xml(reply.body.substr(at), reply.subject);
    if (reply.ok() && root.name == "dnsapi_result" && root.text_of("is_ok").starts_with("OK")) return root;

    const std::string why(trim(root.name == "error" ? root.text : root.text_of("is_ok")));
    if (why.find("No zone found") != why.npos) throw Failure{CERTO_NO_ZONE, why};
    // A request that the service refuses has status 500.
    if (reply.status != 500) throw_if_refused(reply, why);
    throw Failure{CERTO_FAILED, reply.subject + " answered " + std::to_string(reply.status) + ": " + why};
  }

  const Host& host_;
  std::string key_;
};

}  // namespace

void change_zonomi(const Host& host, const char* key_setting, Records records, Change change) {
  const Api api(host, key_setting);
  if (change == Change::remove) {
    for (const Record& record : records) api.remove(record.name, record.value);
    return;
  }
  std::map<std::string, std::vector<Txt>> wanted;  // by name
  for (const Record& record : records)
    wanted[record.name].push_back({record.value, std::to_string(record.ttl)});
  for (const auto& [name, ours] : wanted) {
    std::vector<Txt> all = api.records(name);
    const size_t before = all.size();
    for (const Txt& one : ours) {
      const auto is_it = [&](const Txt& held) {
        return held.value == one.value || held.value == quoted(one.value);
      };
      if (std::ranges::none_of(all, is_it)) all.push_back(one);
    }
    if (all.size() != before) api.set(name, all);
  }
}

}  // namespace certo::sdk
