#include "commands/providers_record.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "challenge/alias.h"
#include "challenge/lane.h"
#include "commands/context.h"
#include "commands/ways.h"
#include "commands/which_service.h"
#include "net/authority.h"
#include "net/idn.h"

namespace certo::commands {
namespace {

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

/// -d is the record's own name, such as _443._tcp.example.com.
DnsRecord record_of(const Args& args, const std::string& word) {
  const std::vector<std::string> given = args.all(flag::domain);
  if (given.size() != 1 || !args.has(flag::record_value))
    throw Error(Exit::usage, "providers " + word + ": give one -d NAME and --value TEXT",
                "certo providers " + word + " " + args.words().front() +
                    " -d example.com --type CAA --value '0 issue \"letsencrypt.org\"'");
  DnsRecord record;
  record.name = net::canonical(net::to_ascii(given.front()));
  if (!challenge::is_record_name(record.name))
    throw Error(Exit::usage, "-d " + printable(given.front(), 300) + ": not the name of a record",
                "for example: -d example.com, or -d _443._tcp.example.com");
  record.value = args.get(flag::record_value);
  record.type = upper(args.get(flag::record_type, DnsRecord::txt));
  return record;
}

using Change = void (challenge::Lane::*)(const std::vector<DnsRecord>&, const Deadline&) const;

Exit change(const Args& args, const std::string& word, Change change, const char* done) {
  const DnsRecord record = record_of(args, word);
  Args as_way = args;
  as_way.add(console::option_of(store::method_of(store::Dns{}).option), args.words().front());
  const store::Home state = home(args);
  state.prepare();
  store::Ways chosen = *ways(as_way);
  choose_services(args, chosen, {{"dns", net::host_of(record.name)}});
  auto dns = std::get<store::Dns>(chosen.usual);
  dns.keep_settings = false;
  const challenge::SolverSettings settings = solver_settings(args);
  const challenge::Lane lane(state, dns, settings.lock_timeout);
  (lane.*change)({record}, settings.deadline);
  log::say(record.name + " " + record.type + " " + printable(record.value, 500) + ": " + done);
  if (args.has(flag::json))
    print_json(Json(Json::Object{{"certo", "record/1"},
                                 {"provider", dns.provider},
                                 {"action", word},
                                 {"name", record.name},
                                 {"type", record.type},
                                 {"value", record.value}}));
  return Exit::ok;
}

}  // namespace

Exit add_record(const Args& args) {
  return change(args, "add", &challenge::Lane::present, "is there, and stays");
}

Exit remove_record(const Args& args) { return change(args, "remove", &challenge::Lane::cleanup, "removed"); }

}  // namespace certo::commands
