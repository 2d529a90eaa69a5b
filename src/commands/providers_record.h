// certo providers add, certo providers remove: one record of any type that the provider can write. No journal
// knows it, so it stays until somebody removes it.
#pragma once

#include "commands/commands.h"

namespace certo::console::flag {

inline constexpr Option record_type{"--type", Value::text, "TYPE",
                                    "with add and remove: the record's type: TXT (default), or CAA or TLSA"};
inline constexpr Option record_value{"--value", Value::text, "TEXT",
                                     "with add and remove: the record's value, as zone files have it"};

}  // namespace certo::console::flag

namespace certo::commands {

Exit add_record(const Args& args);
Exit remove_record(const Args& args);

}  // namespace certo::commands
