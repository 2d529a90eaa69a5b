// The command lines of certbot, lego, dehydrated and uacme as data: what each of their verbs and options is
// called here. Sources: certbot 5.6, lego 4 and 5, dehydrated 0.7, uacme 1.7.
#pragma once

#include <string_view>
#include <vector>

namespace certo::clients {

/// What a verb does; the bits in the row of an option say for which of them it means something.
enum Task : unsigned {
  issue = 1,
  renew = 2,
  account = 4,
  revoke = 8,
  one_stored = 16,  // commands about one certificate of the store
  hand_over = 32,   // certbot install
  look = 64,
  all = 127
};

/// How names and words become part of certo's line.
enum class Names { none, as_options, as_word, as_word_or_all, csr, email };

struct Verb {
  const char* words;  // "certificates", "accounts list"; one with dashes: "-c --cron"; "": a line without one
  Task task;
  Names names;
  const char* command;           // of certo; nullptr: there is none
  const char* remark = nullptr;  // what a person should know; the answer, if there is no command
};

enum class Arity { none, one };

enum class Sense {
  option,        // `target` takes the value
  toggle,        // `target` is given
  met,           // certo always behaves like this
  remark,        // there is none; `remark` says why, or what to do
  name,          // names, separated by commas or blanks
  cert_name,     // the certificate's name
  word,          // the value is a word of the command
  way,           // `target`: a way without a value
  way_value,     // `target` takes the value; it is a way
  webroot,       // certbot: the folder for the names that follow
  named_way,     // certbot -a, dehydrated -t: the way is called by its name
  server,        // certbot --nginx: `target` proves the names and gets the certificate
  installer,     // certbot -i: the server in the value gets the certificate
  redirect,      // certbot --redirect, of the server
  dns_plugin,    // certbot --dns-X, --dns-X-credentials FILE, --dns-X-propagation-seconds N
  program,       // `target`: "VARIABLE adapter": a DNS program of the other client
  variable,      // the environment variable `target` takes the value
  eab,           // uacme: KID:KEY
  seconds,       // `target` takes wait=N; "120s" is allowed
  no_wait,       // `target` none
  days,          // before the end; `target` takes Nd
  domains_file,  // dehydrated: `target` takes the list of all names
  chain,         // uacme: a fingerprint, or a number, which means nothing to certo
  port,          // of --listen
  address,       // of --listen; ADDR or ADDR:PORT
  key_type,      // --key-type, by any name
  key_bits,      // --key-type rsa-N
};

struct Term {
  const char* flags;  // all spellings; "--dns-*" for all that begin so
  Arity arity;
  Sense sense;
  const char* target = nullptr;
  const char* remark = nullptr;
  unsigned taken_by = all;  // for other tasks it is left out
};

struct Client {
  const char* name;
  std::vector<Verb> verbs;
  std::vector<Term> terms;
  const char* default_way = nullptr;  // for an issue that names none, because a file of the client does
};

/// In the order in which they are tried.
const std::vector<const Client*>& clients();
const Client& certbot();
const Client& lego();
const Client& dehydrated();
const Client& uacme();

}  // namespace certo::clients
