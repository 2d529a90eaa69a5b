// A challenge of any type, fulfilled by a program of the user (store::Program), with the words of uacme's
// hooks:
//
//   PROGRAM begin|done|failed TYPE IDENTIFIER TOKEN ANSWER
//
// `begin` presents the answer, and ends with 0 when the CA may look; with another code it declines the
// challenge. `done` and `failed` remove the answer after the CA has validated it, or has not. ANSWER is the
// key authorization for http-01 and for types that certo does not know, and its SHA-256 in base64url for the
// others.
#pragma once

#include <string_view>

#include "base/time.h"
#include "store/presented.h"

namespace certo::challenge {

/// Lower-case letters, digits and '-', as all registered types: the name becomes a word of a program.
bool is_challenge_type(std::string_view text);

/// `failed` for each call that the journal lists. Throws Error if the program cannot be run.
void end_calls(const store::Presented& journal, const Deadline& deadline);

}  // namespace certo::challenge
