# The files of src/backup that mutants.toml names, with all of its edits in them, the rest of src/backup as it is, and
# the simulation around them. What the program defines itself is not taken from the library, so all of src/backup is
# here: with a unity build the library has a true file beside others in one object.
set(list ${CMAKE_CURRENT_LIST_DIR}/mutants.toml)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
file(STRINGS ${list} mutated REGEX "^file = ")
list(REMOVE_DUPLICATES mutated)
list(TRANSFORM mutated REPLACE "^file = \"(.*)\"$" "\\1")

set(originals ${mutated})
list(TRANSFORM originals PREPEND ${PROJECT_SOURCE_DIR}/src/backup/)
file(GLOB untouched CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/backup/*.cpp)
list(REMOVE_ITEM untouched ${originals})
list(TRANSFORM mutated PREPEND ${CMAKE_CURRENT_BINARY_DIR}/mutated/)
find_package(Python3 REQUIRED)
add_custom_command(
  OUTPUT ${mutated}
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/mutate.py ${list} ${PROJECT_SOURCE_DIR}/src/backup
          ${CMAKE_CURRENT_BINARY_DIR}/mutated
  DEPENDS ${list} ${CMAKE_CURRENT_LIST_DIR}/mutate.py ${originals}
  COMMENT "Mutating src/backup")

# A mutant that never ends is killed after a few hours, and frees nothing.
pitstop_test(mutants ENVIRONMENT ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=16:malloc_context_size=5)
target_sources(mutants_test PRIVATE ${mutated} ${untouched} simulation/crashes.cpp
               simulation/false_refusals.cpp simulation/night.cpp
               simulation/promises.cpp simulation/seeds.cpp)
