// The files of the state tree: what was loaded, saved and loaded again is the same. The first line of an
// input is the name of the file.
#include "install/hook_list.h"
#include "install/plan.h"
#include "install/targets.h"
#include "os/file.h"
#include "store/account.h"
#include "store/entry.h"
#include "store/ledger.h"
#include "store/orders.h"
#include "store/presented.h"
#include "store/servers.h"
#include "target.h"

using namespace certo;

namespace {

const std::string directory = "https://ca.example/dir";

/// A state folder with one certificate.
struct Tree {
  fuzz::Scratch scratch;
  store::Home home{scratch.path};
  store::Entry entry{home, "example.com"};
  store::AccountFolder account{home, directory, "default"};

  /// Loads `file` by `load`, saves by `save`, and does both again: the file must not change any more. A file
  /// that is not loaded is refused or taken for absent.
  template <typename Load, typename Save>
  void check(const std::string& file, const Load& load, const Save& save) const {
    const auto pass = [&] {
      auto loaded = load();
      if (!loaded) return std::string();
      save(*loaded);
      return scratch.get(file);
    };
    std::string first;
    if (!fuzz::accepts([&] { first = pass(); }) || first.empty()) return;
    std::string second;
    fuzz::promise(fuzz::accepts([&] { second = pass(); }), "certo reads the " + file + " that it writes");
    fuzz::promise(first == second, "load(save(x)) == x of " + file);
  }
};

struct File {
  std::string name, path;
  void (*check)(const Tree&, const std::string& path);
};

const std::string of_entry = "certs/example.com/", of_account = "accounts/ca.example_dir/default/";

const File files[] = {
    {"request.json", of_entry + "request.json",
     [](const Tree& tree, const std::string& path) {
       tree.check(
           path, [&] { return std::optional(tree.entry.request()); },
           [&](const store::Request& request) {
             tree.entry.save(request);
             fuzz::promise(tree.entry.request() == request, "a request is loaded as it was saved");
           });
     }},
    {"status.json", of_entry + "status.json",
     [](const Tree& tree, const std::string& path) {
       tree.check(
           path, [&] { return std::optional(tree.entry.status()); },
           [&](const store::Status& status) { tree.entry.save(status); });
     }},
    {"order.json", of_entry + "next/order.json",
     [](const Tree& tree, const std::string& path) {
       tree.check(
           path, [&] { return tree.entry.next_order(); },
           [&](const acme::Document& document) { tree.entry.save_next_order(document); });
     }},
    {"targets.json", of_entry + "targets.json",
     [](const Tree& tree, const std::string& path) {
       tree.check(
           path, [&] { return std::optional(install::installations(tree.entry)); },
           [&](const std::vector<install::Installation>& all) {
             for (const install::Installation& one : all) install::words_of(one);
             install::save(tree.entry, all);
           });
     }},
    {"hooks.json", of_entry + "hooks.json",
     [](const Tree& tree, const std::string& path) {
       tree.check(
           path, [&] { return install::stored_hooks(tree.entry); },
           [&](const install::StoredHooks& hooks) { install::save(tree.entry, hooks); });
     }},
    {"install.json", of_entry + "install.json",
     [](const Tree& tree, const std::string& path) {
       const std::string file = tree.scratch / path;
       tree.check(
           path, [&] { return install::read_plan(file); },
           [&](const install::Plan& plan) { install::write_plan(file, plan); });
     }},
    {"account.json", of_account + "account.json",
     [](const Tree& tree, const std::string& path) {
       store::AccountFolder account = tree.account;
       tree.check(
           path, [&] { return account.account(); }, [&](const acme::Account& found) { account.save(found); });
     }},
    {"gate.json", of_account + "gate.json",
     [](const Tree& tree, const std::string& path) {
       using Folder = store::AccountFolder;
       Folder account = tree.account;
       tree.check(
           path, [&] { return account.gate(Folder::Gated::new_order, Time{}); },
           [&](const Folder::Gate& gate) {
             os::remove_file(tree.scratch / path);  // or the gate would stay as it is
             account.close_gate(Folder::Gated::new_order, gate);
           });
     }},
    {"ledger.json", "ca/ca.example_dir/ledger.json",
     [](const Tree& tree, const std::string& path) {
       const std::string file = tree.scratch / path;
       tree.check(
           path, [&] { return std::optional(store::parse_ledger(os::read_file(file), file)); },
           [&](const store::Ledger& ledger) {
             os::write_file(file, to_pretty_json(store::to_json(ledger)), 0600);
           });
     }},
    {"directory.json", "ca/ca.example_dir/directory.json",
     [](const Tree& tree, const std::string& path) {
       const net::Url url = net::parse_url(directory, "directory", Exit::bug);
       tree.check(
           path, [&] { return store::cached_directory(tree.home, url); },
           [&](const acme::Directory& found) { store::save_directory(tree.home, found); });
     }},
    {"presented.json", "presented/1.json",
     [](const Tree& tree, const std::string& path) {
       tree.check(
           path,
           [&]() -> std::optional<std::vector<store::Presented>> {
             auto left = store::Presented::left_over(tree.home, now());
             if (left.empty()) return {};
             return left;
           },
           [](std::vector<store::Presented>& left) { left.front().add(std::vector<DnsRecord>{}); });
       store::Presented::forget(tree.home, "_acme-challenge.example.com");
     }},
    {"servers.json", "servers.json",
     [](const Tree& tree, const std::string&) {
       fuzz::accepts([&] { store::find_server(store::servers(tree.home), "x"); });
       store::is_test_directory(tree.home, directory);
     }},
};

void run(std::string_view input) {
  const std::string name = fuzz::take_line(input);
  for (const File& file : files) {
    if (file.name != name) continue;
    const Tree tree;
    tree.scratch.put(file.path, input);
    file.check(tree, file.path);
  }
}

const fuzz::Registered registered("state", run);

}  // namespace
