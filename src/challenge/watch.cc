#include "challenge/watch.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "net/authority.h"

namespace certo::challenge {
namespace {

constexpr int silent_after = 2;  // one datagram may be lost

bool is_answer(const net::DnsAnswer& answer) {
  switch (answer.status) {
    case net::DnsStatus::answered:
    case net::DnsStatus::no_data:
    case net::DnsStatus::no_name: return true;
    case net::DnsStatus::refused:
    case net::DnsStatus::servfail:
    case net::DnsStatus::failed:
    case net::DnsStatus::timeout: return false;
  }
  return false;
}

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

bool shows(const net::DnsAnswer& answer, const Wanted& wanted) {
  const auto is_there = [&](const std::string& value) { return has(answer.txt, value); };
  return std::ranges::all_of(wanted.values, is_there) && std::ranges::none_of(wanted.gone, is_there);
}

std::string title(const net::DnsServer& server) {
  return server.address.empty() ? server.name : server.name + " (" + server.address + ")";
}

std::string counted(size_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

}  // namespace

std::vector<Wanted> by_name(const std::vector<DnsRecord>& records) {
  std::vector<Wanted> list;
  for (const auto& [spelling, value, type] : records) {
    const std::string name = net::canonical(spelling);
    auto known = std::ranges::find(list, name, &Wanted::name);
    if (known == list.end()) known = list.insert(list.end(), {name, {}});
    if (!has(known->values, value)) known->values.push_back(value);
  }
  return list;
}

void Watch::expect(const Wanted& wanted, const net::DnsServer& server, Silence silence) {
  Place place;
  place.wanted = wanted;
  place.server = server;
  place.silence = silence;
  places_.push_back(std::move(place));
}

std::vector<net::DnsQuestion> Watch::questions() const {
  std::vector<net::DnsQuestion> questions;
  for (const Place& place : places_) {
    if (place.state != State::open) continue;
    questions.push_back({place.wanted.name, net::DnsType::txt, {}});
    if (!place.server.address.empty()) questions.back().servers.push_back(place.server);
  }
  return questions;
}

void Watch::take(const std::vector<net::DnsAnswer>& answers) {
  auto answer = answers.begin();
  for (Place& place : places_) {
    if (place.state == State::open) judge(place, *answer++);
  }
  for (Place& place : places_) {
    if (place.state == State::open && is_given_up(place)) place.state = State::silent;
  }
}

void Watch::judge(Place& place, const net::DnsAnswer& answer) {
  place.last = answer;
  if (is_answer(answer) && !place.server.address.empty() && !answer.authoritative) {
    place.is_lame = true;
    place.state = State::silent;
  } else if (is_answer(answer)) {
    place.has_answered = true;
    if (shows(answer, place.wanted)) place.state = State::shown;
  } else {
    ++place.unanswered;
  }
}

/// An address is not needed if another one of the same server has answered: this machine may have no IPv6.
bool Watch::is_given_up(const Place& place) const {
  if (place.silence == Silence::counts || place.has_answered) return false;
  if (place.unanswered >= silent_after) return true;
  return std::ranges::any_of(places_, [&](const Place& other) {
    return other.has_answered && other.server.name == place.server.name &&
           other.wanted.name == place.wanted.name;
  });
}

bool Watch::is_done() const { return first_open() == nullptr; }

bool Watch::is_denied() const {
  return std::ranges::any_of(
      places_, [](const Place& place) { return place.state == State::open && place.has_answered; });
}

const Watch::Place* Watch::first_open() const {
  const auto place = std::ranges::find(places_, State::open, &Place::state);
  return place == places_.end() ? nullptr : &*place;
}

std::vector<std::string> Watch::blind() const {
  std::set<std::string> silent, heard;
  for (const Place& place : places_) {
    (place.state == State::silent ? silent : heard).insert(place.wanted.name);
  }
  std::vector<std::string> names;
  std::ranges::set_difference(silent, heard, std::back_inserter(names));
  return names;
}

template <typename Fits>
std::vector<net::DnsServer> Watch::servers(const Fits& fits) const {
  std::vector<net::DnsServer> found;
  for (const Place& place : places_) {
    const bool is_new =
        std::ranges::find(found, place.server.address, &net::DnsServer::address) == found.end();
    if (is_new && place.state == State::silent && fits(place)) found.push_back(place.server);
  }
  return found;
}

std::vector<net::DnsServer> Watch::silent() const {
  return servers([](const Place& place) { return !place.has_answered && !place.is_lame; });
}

std::vector<net::DnsServer> Watch::lame() const {
  return servers([](const Place& place) { return place.is_lame; });
}

std::string Watch::waiting_for() const {
  const Place* place = first_open();
  if (!place) return {};
  std::set<std::string> all, open;
  for (const Place& one : places_) {
    all.insert(one.wanted.name);
    if (one.state == State::open) open.insert(one.wanted.name);
  }
  const std::string count = all.size() < 2 ? ""
                                           : ", " + std::to_string(all.size() - open.size()) + " of " +
                                                 std::to_string(all.size()) + " names visible";
  return "waiting for " + place->server.name + " to show " + place->wanted.name + count;
}

std::string Watch::complaint_about(const Place& place) {
  const std::string server = title(place.server);
  if (place.last.status == net::DnsStatus::servfail)
    return server + " answers SERVFAIL: are the zone's DNSSEC signatures right?";
  if (!is_answer(place.last)) return server + " does not answer: " + place.last.what();
  for (const std::string& value : place.wanted.gone) {
    if (has(place.last.txt, value)) return server + " still answers a value that was removed";
  }
  if (place.last.txt.empty()) return server + " has no such record";
  const auto is_other = [&](const std::string& value) { return !has(place.wanted.values, value); };
  const auto others = static_cast<size_t>(std::ranges::count_if(place.last.txt, is_other));
  if (others == place.last.txt.size()) return server + " answers " + counted(others, "other value");
  return server + " answers only some of the " + counted(place.wanted.values.size(), "value");
}

std::string Watch::complaint() const {
  const Place* first = first_open();
  if (!first) return {};
  const auto more = static_cast<size_t>(std::ranges::count(places_, State::open, &Place::state)) - 1;
  const std::string rest = more == 0 ? "" : ", and " + counted(more, "more answer") + " like that";
  return first->wanted.name + ": " + complaint_about(*first) + rest;
}

Millis next_look(int round) {
  static constexpr int pauses[] = {0, 100, 250, 500, 1000, 2000, 3000, 5000};
  return Millis(pauses[std::clamp(round, 0, static_cast<int>(std::size(pauses)) - 1)]);
}

}  // namespace certo::challenge
