// What the stages of the pipe share: reading an order document and finding out what of it can be believed.
#pragma once

#include "acme/document.h"
#include "commands/context.h"

namespace certo::commands {

/// Reads the document on stdin (or in the file that is the only word).
acme::Document read_document(const Args& args);

struct Believed {
  acme::Document document;
  bool is_ours = false;  // certo opened this order: everything but the URL comes from its own copy
};
/// A document from another host is believed only in its `url`.
Believed believe(const store::Home& home, acme::Document document);

/// The session of the account that the order belongs to. Throws Error{config} when that is another.
renew::SessionSettings session_settings_for(const Args& args, const acme::Document& document);
void check_account(const acme::Client& client, const acme::Document& document);

/// Keeps the document and prints it.
void pass_on(const store::Home& home, const acme::Document& document, const std::string& thumbprint);

/// -d of the commands that are given an order, which says its names itself.
inline constexpr Option domain_of_way =
    flag::domain.with_help("with several ways: a name that the next way proves");
/// Error{usage} for a -d that the order is not for.
void require_names_of(const acme::Order& order, const Args& args);

}  // namespace certo::commands
