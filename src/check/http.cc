// http-01: a token is published as for an order, and fetched as a CA fetches it, from each address of the
// name.
#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "challenge/http01.h"
#include "challenge/listen.h"
#include "check/checks.h"
#include "check/follow.h"
#include "check/tokens.h"
#include "net/web_look.h"
#include "os/path.h"
#include "os/place.h"
#include "os/ports.h"
#include "webserver/server_way.h"

namespace certo::check {
namespace {

using Kind = net::WebSight::Kind;

constexpr Millis page_within = Seconds(5);
constexpr size_t brief = 80;

/// One address of one name, and what is seen there.
struct Visit {
  const Survey* survey;
  std::string address;
  acme::Task task;
  std::vector<net::WebPlace> places;  // the last is where it is now
  std::string at{};                   // the address that is asked now
  net::WebSight sight{};
  std::string refusal{};      // of a redirect
  bool leads_inside = false;  // a redirect to an address that is not public
  bool is_open = true;

  bool has_token() const {
    return refusal.empty() && sight.kind == Kind::answered && sight.status == 200 &&
           trim(sight.body) == task.key_authorization;
  }
  bool is_dial_failure() const {
    return places.size() == 1 &&
           (sight.kind == Kind::refused || sight.kind == Kind::no_route || sight.kind == Kind::timeout);
  }
};

/// The port that certo connects to in the place of the usual one.
int port_of(const net::WebPlace& place, const Ports& ports) {
  if (place.port == 80) return ports.http;
  return place.port == 443 ? ports.https : place.port;
}

/// The address of a host that a redirect leads to: one of the same family, if there is one.
std::string address_of(const net::Resolver& resolver, const std::string& host, bool wants_v6,
                       const Deadline& deadline) {
  const auto answers = resolver.ask({{host, net::DnsType::a, {}}, {host, net::DnsType::aaaa, {}}},
                                    std::min(answer_within, deadline.left()));
  const net::DnsAnswer &first = answers[wants_v6 ? 1 : 0], &second = answers[wants_v6 ? 0 : 1];
  if (!first.addresses.empty()) return first.addresses.front();
  return second.addresses.empty() ? "" : second.addresses.front();
}

void go_on(Visit& visit, const Scene& scene, const net::Resolver& resolver) {
  Step step = follow(visit.places, visit.sight, scene.ports);
  visit.is_open = step.kind == Step::Kind::go;
  visit.refusal = std::move(step.refusal);
  if (!visit.is_open) return;
  if (step.next.host != visit.places.back().host) {
    visit.at = step.next.host == visit.survey->identifier.value
                   ? visit.address
                   : address_of(resolver, step.next.host, is_v6(visit.address), scene.deadline);
    // No public CA goes there, and nobody who controls the name should see what this machine can reach.
    const bool is_from_outside = scene.ca.is_public || realm(visit.address) == Realm::everybody;
    visit.leads_inside = !visit.at.empty() && visit.at != visit.address && is_from_outside &&
                         realm(visit.at) != Realm::everybody;
  }
  if (visit.at.empty()) visit.refusal = "the redirect leads to " + step.next.host + ", which has no address";
  visit.is_open = visit.refusal.empty() && !visit.leads_inside;
  if (visit.is_open) visit.places.push_back(std::move(step.next));
}

/// A certificate may have many names: not all are connected to at once.
std::vector<net::WebSight> look_at_all(const std::vector<net::WebLook>& looks, const Deadline& deadline) {
  constexpr size_t at_once = 64;
  std::vector<net::WebSight> sights;
  for (size_t start = 0; start < looks.size(); start += at_once) {
    const auto first = looks.begin() + static_cast<ptrdiff_t>(start);
    const auto count = static_cast<ptrdiff_t>(std::min(at_once, looks.size() - start));
    for (net::WebSight& sight : net::look({first, first + count}, std::min(page_within, deadline.left())))
      sights.push_back(std::move(sight));
  }
  return sights;
}

void visit_all(std::vector<Visit>& visits, const Scene& scene, const net::Resolver& resolver) {
  for (size_t round = 0; round <= most_redirects; ++round) {
    std::vector<net::WebLook> looks;
    std::vector<Visit*> open;
    for (Visit& visit : visits) {
      if (!visit.is_open) continue;
      looks.push_back({visit.places.back(), visit.at, port_of(visit.places.back(), scene.ports)});
      open.push_back(&visit);
    }
    if (open.empty()) return;
    const std::vector<net::WebSight> sights = look_at_all(looks, scene.deadline);
    for (size_t i = 0; i < open.size(); ++i) {
      open[i]->sight = sights[i];
      go_on(*open[i], scene, resolver);
    }
  }
}

std::string folder_of_tokens(const store::Way& way) {
  const std::string served = store::served_folder(way);
  if (!std::holds_alternative<store::Webroot>(way)) return served;
  return served + "/.well-known/acme-challenge";
}

/// A fault, and what to do about it.
struct Complaint {
  std::string because, to_do;
};

Complaint about_refusal(const Visit& visit) {
  return {visit.refusal,
          "let the server answer /.well-known/acme-challenge/ itself, or redirect to the same "
          "path of a name on port 80 or 443"};
}

Complaint about_silence(const Visit& visit, const store::Way& way, const Ports& ports) {
  const net::WebPlace& place = visit.places.back();
  const std::string port = std::to_string(port_of(place, ports));
  if (visit.sight.kind == Kind::broken)
    return {place.text() + ": no reply of a web server: " + visit.sight.reason,
            "is a web server on port " + port + " of " + visit.at + "?"};
  const std::string how =
      visit.sight.kind == Kind::timeout
          ? "port " + port + " of " + visit.at + " does not answer in time"
          : "cannot connect to port " + port + " of " + visit.at + ": " + visit.sight.reason;
  const bool is_ours = std::holds_alternative<store::Standalone>(way);
  return {
      how,
      is_ours
          ? "let port " + port +
                " of that address lead to certo (firewall, port forwarding), or correct the DNS record"
          : "start the web server on that address, open the port in the firewall, or correct the DNS record"};
}

Complaint about_reply(const Visit& visit, const store::Way& way) {
  const net::WebSight& sight = visit.sight;
  const std::string by = sight.server.empty() ? "" : " (" + sight.server + ")";
  const std::string subject = visit.places.back().text() + by + " answers ";
  const std::string folder = folder_of_tokens(way);
  if (std::holds_alternative<store::Standalone>(way))
    return {subject + std::to_string(sight.status) + ", and it is not certo that answers",
            "another web server has this address or port: stop it meanwhile, correct the DNS record, or use "
            "--webroot"};
  if (std::holds_alternative<store::Stateless>(way))
    return {subject + std::to_string(sight.status) + " '" + printable(trim(sight.body), brief) + "'",
            "'certo thumbprint --snippet nginx' prints what the server has to answer"};
  if (sight.status == 403) {
    const std::string closed = join(os::closed_folders(folder), ", ");
    return {subject + "403: it must not read the file",
            closed.empty() ? "allow the path /.well-known/acme-challenge/ in the server's configuration"
                           : "let the server's user enter " + closed + ": chmod o+x"};
  }
  if (sight.status == 404)
    return {subject + "404: it does not serve the files of " + folder,
            "give the folder that this server serves for " + visit.survey->identifier.value +
                ", or let it serve " + folder + " as /.well-known/acme-challenge/"};
  if (sight.status != 200)
    return {subject + std::to_string(sight.status),
            "the server must answer /.well-known/acme-challenge/ with 200, without a login"};
  return {subject + "something else: '" + printable(trim(sight.body), brief) + "'",
          "another site, or a page for all paths, answers: let it serve " + folder +
              " as /.well-known/acme-challenge/"};
}

Complaint complaint_about(const Visit& visit, const store::Way& way, const Ports& ports) {
  if (!visit.refusal.empty()) return about_refusal(visit);
  return visit.sight.kind == Kind::answered ? about_reply(visit, way) : about_silence(visit, way, ports);
}

std::string what_of(const Visit& visit) { return "http-01 at " + visit.address; }

/// `others`: the visits of the same name.
Finding judged(const Visit& visit, const Scene& scene, const store::Way& way,
               const std::vector<const Visit*>& others) {
  const std::string& subject = visit.survey->identifier.value;
  const std::string what = what_of(visit);
  if (visit.has_token()) {
    const size_t hops = visit.places.size() - 1;
    return good(
        subject, what,
        "the token is served" +
            (hops == 0 ? "" : ", after " + std::to_string(hops) + (hops == 1 ? " redirect" : " redirects")));
  }
  if (visit.leads_inside)
    return unseen(subject, what, visit.places.back().text() + " redirects to an address of a private network",
                  "");
  if (visit.sight.kind == Kind::no_route)
    return unseen(subject, what,
                  std::string("this machine has no ") + (is_v6(visit.address) ? "IPv6" : "IPv4") +
                      " connection to this address: " + visit.sight.reason,
                  "look from elsewhere, or remove the DNS record if nothing answers there");
  const Complaint complaint = complaint_about(visit, way, scene.ports);
  if (visit.sight.kind == Kind::timeout && scene.deadline.passed())
    return unseen(subject, what, "it took too long", complaint.to_do);
  const bool is_good_elsewhere =
      std::ranges::any_of(others, [](const Visit* other) { return other->has_token(); });
  const bool is_preferred = std::ranges::none_of(others, [&](const Visit* other) {
    return is_v6(other->address) == is_v6(visit.address) ? other->has_token() : is_v6(other->address);
  });
  // A CA that cannot connect to one address may try another one; one that gets a wrong answer does not.
  const bool may_pass = is_good_elsewhere && (visit.is_dial_failure() || !is_preferred);
  const Outlook outlook = outlook_on(scene, visit.address);
  if (may_pass && outlook.is_conclusive)
    return warning(subject, what,
                   complaint.because + "; it depends on the CA whether it asks another address",
                   complaint.to_do);
  return outlook.judge(failing(subject, what, complaint.because, complaint.to_do));
}

std::vector<Visit> visits_of(const Scene& scene, const Names& names, const std::vector<acme::Task>& tasks) {
  std::vector<Visit> visits;
  for (size_t i = 0; i < names.size(); ++i)
    for (const std::string& address : names[i].addresses) {
      net::WebPlace place{.host = names[i].identifier.value, .port = scene.ports.http};
      place.path = std::string(challenge::token_path) + tasks[i].token;
      visits.push_back({&names[i], address, tasks[i], {place}, address});
    }
  return visits;
}

Findings look_for(const Scene& scene, const store::Way& way, const Names& names,
                  const std::vector<acme::Task>& tasks, const net::Resolver& resolver) {
  std::vector<Visit> visits = visits_of(scene, names, tasks);
  visit_all(visits, scene, resolver);
  Findings findings;
  for (const Visit& visit : visits) {
    std::vector<const Visit*> others;
    for (const Visit& other : visits)
      if (&other != &visit && other.survey == visit.survey) others.push_back(&other);
    findings.push_back(judged(visit, scene, way, others));
  }
  return findings;
}

/// The account's thumbprint is in the server's configuration.
Findings look_for_stateless(const Scene& scene, const store::Way& way, const Names& names,
                            const net::Resolver& resolver) {
  if (scene.ca.thumbprint.empty())
    return {unseen(names.front().identifier.value, "http-01",
                   "there is no account yet, whose thumbprint the server answers",
                   "make the account ('certo account new'), then see 'certo thumbprint'")};
  std::vector<acme::Task> tasks;
  for (const Survey& name : names) tasks.push_back(made_up_task(scene, name.identifier, "http-01"));
  return look_for(scene, way, names, tasks, resolver);
}

}  // namespace

Findings check_http(const Scene& scene, const store::Way& way, const Names& names,
                    const net::Resolver& resolver) {
  if (std::holds_alternative<store::Stateless>(way)) return look_for_stateless(scene, way, names, resolver);
  const std::string& subject = names.front().identifier.value;
  std::vector<crypto::Identifier> identifiers;
  for (const Survey& name : names) identifiers.push_back(name.identifier);
  try {
    const Published published(scene, way, identifiers);
    std::vector<acme::Task> tasks;
    for (const crypto::Identifier& one : identifiers) tasks.push_back(published.of(one));
    return look_for(scene, way, names, tasks, resolver);
  } catch (const Error& error) {
    const std::string what = "http-01 by " + store::describe(way);
    // A check does not change the configuration. A reason against the change is another error.
    const bool lacks_lines = webserver::server_of(way) && error.code == Exit::usage;
    if (lacks_lines) return {unseen(subject, what, error.message, error.hint)};
    return {failing(subject, what, error)};
  }
}

}  // namespace certo::check
