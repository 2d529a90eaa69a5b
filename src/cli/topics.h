// The texts of 'certo help TOPIC', and the man pages of section 7: both from the files in cli/topics/, in the
// order of the Makefile's TOPICS.
//
// The first line of a file is "name - summary". A line in capitals is a heading, a line that is indented by
// four spaces is shown unchanged, "- " begins an item of a list, and the line "@exit-codes" stands for the
// table of exit codes. All other lines are text.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace certo::cli {

struct Topic {
  std::string_view name, summary;
  std::string_view text;  // without the first line
};

std::span<const Topic> topics();
const Topic* find_topic(std::string_view name);
std::vector<std::string> topic_names();

std::string topic_text(const Topic& topic);  // for a terminal of 80 columns
std::string topic_page(const Topic& topic);  // roff
std::string page_name(const Topic& topic);   // "certo-hooks"

}  // namespace certo::cli
