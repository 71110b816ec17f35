#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pitstop::test {

/// As much of a terminal as the live display uses: lines that wrap at its width, cursor up,
/// carriage return, erasing. Colours are dropped. Fails the test on anything else. ASCII only.
class Screen {
 public:
  explicit Screen(std::size_t columns) : columns_(columns) {}

  void write(std::string_view bytes);

  /// Wraps the lines anew, as terminals do that reflow.
  void resize(std::size_t columns);

  /// All lines so far, without blanks at their ends and without empty lines at the end.
  std::string text() const;

 private:
  struct Line {
    std::string text;
    bool goes_on = false;  ///< wrapped: the next line belongs to it
  };

  void put(char c);
  void control(char command, std::size_t number);

  std::size_t columns_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
  std::vector<Line> lines_{1};
};

}  // namespace pitstop::test
