// Shared by the stages of the pipe: reading an order document, and deciding which parts of it to trust.
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

/// The session of the account that the order belongs to. Throws Error{config} if that is another account.
renew::SessionSettings session_settings_for(const Args& args, const acme::Document& document);
void check_account(const acme::Client& client, const acme::Document& document);

/// Keeps the document and prints it.
void pass_on(const store::Home& home, const acme::Document& document, const std::string& thumbprint);

/// -d for commands that read an order: the order itself contains the names.
inline constexpr Option domain_of_way =
    flag::domain.with_help("with several ways: a name that the next way proves");
/// Error{usage} for a -d that the order is not for.
void require_names_of(const acme::Order& order, const Args& args);

}  // namespace certo::commands
