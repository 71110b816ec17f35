# Asks a test program for its tests and writes them down for ctest, in LIST: a suite is one test of ctest's, for a
# program with sanitizers takes longer to start than most tests to run. Mutants, and the instances of a suite that are
# called a "Part" of it, take long: they are one each, and begin before the short ones, so that none of them is left
# alone at the end. They compute all the time, unlike those that run the real program and wait for most of theirs: each
# takes the room of three of these (./dev test).
execute_process(COMMAND ${PROGRAM} --gtest_list_tests OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE " +#[^\n]*" "" output "${output}")
string(REPLACE "\n" ";" lines "${output}")

set(tests "")
function(note filter cost)
  set(test "[=[${NAME}: ${filter}]=]")
  string(REGEX REPLACE "\\.\\*" "" test "${test}")
  string(APPEND tests "add_test(${test} \"${PROGRAM}\" \"--gtest_filter=${filter}\")\n"
         "set_tests_properties(${test} PROPERTIES TIMEOUT 600 PROCESSORS 3 COST ${cost} LABELS \"${NAME}\" ENVIRONMENT \"${ENVIRONMENT}\" "
         "SKIP_REGULAR_EXPRESSION \"\\\\[  SKIPPED \\\\]\" FAIL_REGULAR_EXPRESSION \"\\\\[  FAILED  \\\\]\")\n")
  set(tests "${tests}" PARENT_SCOPE)
endfunction()

foreach(line IN LISTS lines)
  if(line MATCHES "^([^ ]+)\\.$")
    set(suite ${CMAKE_MATCH_1})
    if(NOT suite MATCHES "^Part/|Mutant$")
      note("${suite}.*" 0)
    endif()
  elseif(suite MATCHES "^Part/|Mutant$" AND line MATCHES "^  (.+)$")
    note("${suite}.${CMAKE_MATCH_1}" 100)
  endif()
endforeach()
file(WRITE ${LIST} "${tests}")
