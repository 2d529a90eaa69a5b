#include "recipe/whole_zone.h"

#include <algorithm>

#include "recipe/edit.h"

namespace certo::recipe {
namespace {

using sdk::Change;

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

class ZoneEditor {
 public:
  ZoneEditor(const WholeZone& whole, Service& service, const Scope& scope)
      : whole_(whole), service_(service), scope_(scope) {
    const Service::Answer answer = service.read(whole.read, scope);
    records_ = items_at(answer, whole.items, scope);
    for (const Json& record : records_) require_understood(record);
    for (const auto& [name, pointer] : whole.take) taken_[name] = taken(answer, pointer);
  }

  void edit(const Edit& edit, Change change) {
    Scope scope = edit.scope;
    set_value(scope, edit.value);
    const auto is_it = [&](const Json& record) { return holds(record, whole_.where, scope); };
    if (change == Change::remove) {
      is_changed_ |= std::erase_if(records_, is_it) > 0;
    } else if (std::ranges::none_of(records_, is_it)) {
      records_.push_back(filled(whole_.record, scope));
      is_changed_ = true;
    }
  }

  bool write() {
    if (!is_changed_) return false;
    for (Json& record : records_) {
      for (const std::string& name : whole_.drop) record.erase(name);
    }
    Scope scope = scope_;
    scope["records"] = records_;
    for (const auto& [name, value] : taken_) scope[name] = value;
    service_.send(whole_.write, scope);
    return true;
  }

 private:
  /// Of any type: it is sent back as it is.
  Json taken(const Service::Answer& answer, const std::string& pointer) const {
    const Json* const found = find(answer.json, pointer, scope_);
    if (!found) throw sdk::Failure{CERTO_UNREACHABLE, answer.subject + " answered without " + pointer};
    return *found;
  }

  /// What certo does not understand would perhaps be lost.
  void require_understood(const Json& record) const {
    if (!record.is_object()) refuse("a record of another form");
    for (const auto& [name, value] : record.members()) {
      if (!contains(whole_.keep, name) && !contains(whole_.drop, name))
        refuse("a record with \"" + name + "\"");
    }
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw sdk::Failure{
        CERTO_FAILED,
        text_of(scope_.at("zone")) + " is not changed: a change replaces all its records, and it has " +
            what + ", which certo does not know; a CNAME at _acme-challenge to another zone avoids this"};
  }

  const WholeZone& whole_;
  Service& service_;
  const Scope& scope_;
  Scope taken_;
  Json::Array records_;
  bool is_changed_ = false;
};

}  // namespace

bool change_zone(const WholeZone& whole, Service& service, const std::vector<Edit>& edits, Change change) {
  ZoneEditor editor(whole, service, edits.front().scope);
  for (const Edit& edit : edits) editor.edit(edit, change);
  return editor.write();
}

}  // namespace certo::recipe
