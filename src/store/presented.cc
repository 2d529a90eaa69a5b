#include "store/presented.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "os/file.h"
#include "os/trust.h"
#include "store/format.h"

namespace certo::store {

namespace {

constexpr const char* format = "presented/1";
constexpr Seconds first_pause = Seconds(600);
constexpr Seconds longest_pause = Seconds(24 * 3600);

Json to_json(const DnsRecord& record) {
  Json json = Json::object();
  json.set("name", record.name);
  json.set("value", record.value);
  return json;
}

Json to_json(const PresentedFile& file) {
  Json json = Json::object();
  json.set("root", file.root);
  json.set("name", file.name);
  json.set("inode", static_cast<int64_t>(file.inode));
  return json;
}

Json to_json(const PresentedCall& call) {
  Json json = Json::object();
  json.set("type", call.type).set("identifier", call.identifier);
  json.set("token", call.token).set("answer", call.answer);
  return json;
}

template <typename Item>
Json items_json(const std::vector<Item>& items) {
  Json json = Json::array();
  for (const Item& item : items) json.push(to_json(item));
  return json;
}

bool is_among(const DnsRecord& record, const std::vector<DnsRecord>& records) {
  return std::ranges::find(records, record) != records.end();
}

}  // namespace

Presented::Presented(const Home& home, Way way) : journal_(home.presented()), way_(std::move(way)) {
  write();
}

Presented::Presented(Presented&& other) noexcept
    : journal_(std::move(other.journal_)),
      is_ours_(std::exchange(other.is_ours_, false)),
      way_(std::move(other.way_)),
      records_(std::move(other.records_)),
      files_(std::move(other.files_)),
      calls_(std::move(other.calls_)),
      kept_(other.kept_),
      failures_(other.failures_),
      retry_at_(other.retry_at_) {}

Presented::~Presented() {
  if (!is_ours_ || !is_empty()) return;
  try {
    os::remove_file(journal_.file());
  } catch (const Error& error) {
    log::warn(error.message);
  }
}

const Dns& Presented::dns() const {
  if (const Dns* const dns = std::get_if<Dns>(&way_)) return *dns;
  throw Error(Exit::bad_input,
              journal_.file() + ": it lists DNS records, and its method is " + method_of(way_).name);
}

void Presented::add(const std::vector<DnsRecord>& records) {
  records_.insert(records_.end(), records.begin(), records.end());
  write();
}

void Presented::add(const PresentedFile& file) {
  files_.push_back(file);
  write();
}

void Presented::add(const PresentedCall& call) {
  calls_.push_back(call);
  write();
}

void Presented::made(const PresentedFile& file) {
  for (PresentedFile& known : files_)
    if (known.root == file.root && known.name == file.name) known.inode = file.inode;
  write();
}

void Presented::remove_all() {
  os::remove_file(journal_.file());
  records_.clear();
  files_.clear();
  calls_.clear();
}

void Presented::drop(const std::vector<DnsRecord>& records) {
  std::erase_if(records_, [&](const DnsRecord& record) { return is_among(record, records); });
  if (is_empty()) return remove_all();
  write();
}

void Presented::drop(const PresentedCall& call) {
  std::erase(calls_, call);
  if (is_empty()) return remove_all();
  write();
}

void Presented::keep() {
  kept_ = true;
  write();
}

Time Presented::postpone(Time now) {
  Seconds pause = first_pause;
  for (int i = 0; i < failures_ && pause < longest_pause; ++i) pause *= 2;
  ++failures_;
  retry_at_ = now + std::min(pause, longest_pause);
  write();
  return *retry_at_;
}

void Presented::write() const {
  Json json = new_file(format);
  json.set("kept", kept_);
  json.set("way", store::to_json(way_));
  json.set("records", items_json(records_));
  json.set("files", items_json(files_));
  if (!calls_.empty()) json.set("calls", items_json(calls_));
  if (failures_ > 0) json.set("failures", failures_);
  if (retry_at_) json.set("retry_at", rfc3339(*retry_at_));
  os::write_file(journal_.file(), to_pretty_json(json), 0600);
}

void Presented::read(std::string_view text) {
  const std::string subject = journal_.file();
  const Json json = parse_json(text, subject, Exit::bad_input);
  require_format(json, format, subject);
  const Fields fields(json, subject, Exit::bad_input);
  kept_ = fields.boolean("kept", false);
  failures_ = static_cast<int>(std::clamp<int64_t>(fields.optional_integer("failures").value_or(0), 0, 1000));
  retry_at_ = optional_time(fields, "retry_at");
  const Json* way = fields.optional_object("way");
  way_ = parse_way(way ? *way : Json(), subject + ": \"way\"");
  for (const Json& item : fields.array("records")) {
    const Fields record(item, subject, Exit::bad_input);
    records_.push_back({record.string("name"), record.string("value")});
  }
  for (const Json& item : fields.array("files")) {
    const Fields file(item, subject, Exit::bad_input);
    files_.push_back(
        {file.string("root"), file.string("name"), static_cast<uint64_t>(file.integer("inode"))});
  }
  if (!json.find("calls")) return;
  for (const Json& item : fields.array("calls")) {
    const Fields call(item, subject, Exit::bad_input);
    calls_.push_back(
        {call.string("type"), call.string("identifier"), call.string("token"), call.string("answer")});
  }
}

/// Every journal that no run holds, locked. An empty one is removed.
std::vector<Presented> Presented::unlocked(const Home& home) {
  std::vector<Presented> found;
  for (Journal& journal : Journal::left_over(home.presented())) {
    Presented presented(std::move(journal));
    try {
      presented.read(os::read_trusted(presented.journal_.file(), os::of_state));
      if (!presented.is_empty()) found.push_back(std::move(presented));
    } catch (const Error& error) {
      presented.is_ours_ = false;  // a journal that cannot be read is not changed
      log::warn(error.message + "; what it lists may still be visible");
    }
  }
  return found;
}

std::vector<Presented> Presented::left_over(const Home& home, Time now) {
  std::vector<Presented> found;
  for (Presented& presented : unlocked(home)) {
    // A clock that was set back must not stop it for ever.
    const bool is_postponed =
        presented.retry_at_ && *presented.retry_at_ > now && *presented.retry_at_ <= now + longest_pause;
    if (!presented.kept_ && !is_postponed) found.push_back(std::move(presented));
  }
  return found;
}

void Presented::forget_removed(const Home& home, const Way& way, const std::vector<DnsRecord>& records) {
  const auto is_removed = [&](const DnsRecord& record) {
    return std::ranges::find(records, record) != records.end();
  };
  for (Presented& presented : unlocked(home)) {
    if (presented.kept_ || presented.way_ != way) continue;
    if (std::erase_if(presented.records_, is_removed) > 0 && !presented.is_empty()) presented.write();
  }
}

size_t Presented::forget(const Home& home, const std::string& name) {
  size_t count = 0;
  for (Presented& presented : unlocked(home)) {
    const size_t here =
        std::erase_if(presented.records_, [&](const DnsRecord& record) { return record.name == name; }) +
        std::erase_if(presented.files_, [&](const PresentedFile& file) { return file.root == name; }) +
        std::erase_if(presented.calls_, [&](const PresentedCall& call) { return call.identifier == name; });
    if (here > 0 && !presented.is_empty()) presented.write();
    count += here;
  }
  return count;
}

std::set<std::string> Presented::names(const Home& home) {
  std::set<std::string> names;
  for (const Presented& presented : unlocked(home)) {
    for (const DnsRecord& record : presented.records_) names.insert(record.name);
    for (const PresentedFile& file : presented.files_) names.insert(file.root);
    for (const PresentedCall& call : presented.calls_) names.insert(call.identifier);
  }
  return names;
}

void Presented::forget_kept(const Home& home, const std::vector<DnsRecord>& records) {
  const auto is_forgotten = [&](const DnsRecord& record) { return is_among(record, records); };
  for (Presented& presented : unlocked(home)) {
    if (!presented.kept_) continue;
    if (std::erase_if(presented.records_, is_forgotten) > 0 && !presented.is_empty()) presented.write();
  }
}

}  // namespace certo::store
