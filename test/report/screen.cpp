#include "screen.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace pitstop::test {

void Screen::write(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != '\x1b') {
      put(bytes[i]);
      continue;
    }
    const auto end = bytes.find_first_of("AJKm", i);
    if (bytes.substr(i + 1, 1) != "[" || end == std::string_view::npos) {
      ADD_FAILURE() << "an escape sequence that this screen does not know";
      return;
    }
    const std::string digits(bytes.substr(i + 2, end - i - 2));
    control(bytes[end], bytes[end] == 'A' ? std::stoul(digits) : 0);
    i = end;
  }
}

void Screen::put(char c) {
  if (c == '\r') {
    column_ = 0;
    return;
  }
  if (c == '\n' || column_ == columns_) {
    lines_[row_].goes_on = c != '\n';
    ++row_;
    column_ = 0;
    lines_.resize(std::max(lines_.size(), row_ + 1));
  }
  if (c != '\n') {
    auto& text = lines_[row_].text;
    text.resize(std::max(text.size(), column_ + 1), ' ');
    text[column_++] = c;
  }
}

void Screen::control(char command, std::size_t number) {
  if (command == 'A') {
    row_ -= std::min(row_, number);
  } else if (command == 'K') {
    lines_[row_].text.resize(std::min(lines_[row_].text.size(), column_));
  } else if (command == 'J') {
    lines_[row_].text.resize(std::min(lines_[row_].text.size(), column_));
    lines_.resize(row_ + 1);
  }
}

void Screen::resize(std::size_t columns) {
  std::vector<std::string> whole{""};
  for (const auto& line : lines_) {
    whole.back() += line.text;
    if (!line.goes_on) {
      whole.emplace_back();
    }
  }
  whole.pop_back();
  lines_ = {};
  columns_ = columns;
  row_ = 0;
  column_ = 0;
  lines_.resize(1);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    write(whole[i]);
    if (i + 1 < whole.size()) {
      put('\n');
    }
  }
}

std::string Screen::text() const {
  std::string text;
  for (const auto& line : lines_) {
    text += line.text.substr(0, line.text.find_last_not_of(' ') + 1) + '\n';
  }
  text.erase(text.find_last_not_of('\n') + 1);
  return text.empty() ? text : text + '\n';
}

}  // namespace pitstop::test
