# Asks a test program for its tests and writes them down for ctest, in LIST: a suite is one test of ctest's, for a
# program with sanitizers takes longer to start than most tests to run; what is tried with one parameter after the
# other takes long, is one each, and begins before the short ones: none of them is left alone at the end.
execute_process(COMMAND ${PROGRAM} --gtest_list_tests OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE " +#[^\n]*" "" output "${output}")
string(REPLACE "\n" ";" lines "${output}")

set(tests "")
function(note filter cost)
  set(test "[=[${NAME}: ${filter}]=]")
  string(REGEX REPLACE "\\.\\*" "" test "${test}")
  string(APPEND tests "add_test(${test} \"${PROGRAM}\" \"--gtest_filter=${filter}\")\n"
         "set_tests_properties(${test} PROPERTIES TIMEOUT 600 COST ${cost} LABELS \"${NAME}\" ENVIRONMENT \"${ENVIRONMENT}\" "
         "SKIP_REGULAR_EXPRESSION \"\\\\[  SKIPPED \\\\]\" FAIL_REGULAR_EXPRESSION \"\\\\[  FAILED  \\\\]\")\n")
  set(tests "${tests}" PARENT_SCOPE)
endfunction()

foreach(line IN LISTS lines)
  if(line MATCHES "^([^ ]+)\\.$")
    set(suite ${CMAKE_MATCH_1})
    if(NOT suite MATCHES "/")
      note("${suite}.*" 0)
    endif()
  elseif(suite MATCHES "/" AND line MATCHES "^  (.+)$")
    note("${suite}.${CMAKE_MATCH_1}" 100)
  endif()
endforeach()
file(WRITE ${LIST} "${tests}")
