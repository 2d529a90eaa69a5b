#pragma once

namespace certo::cli {

const char* version();  // "0.1.0"

}  // namespace certo::cli
