#pragma once

namespace certo {

const char* version();  // "0.1.0"

}  // namespace certo
