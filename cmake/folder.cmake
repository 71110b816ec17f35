# pitstop_folder(NAME LINKS …): src/NAME as one library. Its links are the layer rule: the headers of a
# folder are reached as "NAME/…", and only from folders that link to it.
#
# RUNS_ONCE: no test runs through it a thousand times, so with sanitizers it is not optimised, which halves the time
# to compile it.

function(pitstop_runs_once target)
  if(PITSTOP_SANITIZE)
    target_compile_options(${target} PRIVATE -O0)
  endif()
endfunction()

function(pitstop_folder name)
  cmake_parse_arguments(ARG "RUNS_ONCE" "" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  add_library(pitstop_${name} STATIC ${sources})
  target_include_directories(pitstop_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(pitstop_${name} PUBLIC ${ARG_LINKS})
  if(name STREQUAL "base")
    # Asio is compiled once, in base/asio.cpp; everybody else sees declarations.
    target_compile_definitions(pitstop_base PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
    target_link_libraries(pitstop_base PUBLIC Boost::headers Threads::Threads)
    target_precompile_headers(pitstop_base PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp)
  elseif(ARG_RUNS_ONCE)
    pitstop_runs_once(pitstop_${name})
    # A precompiled header is one for a level of optimisation.
    if(name STREQUAL "http")
      target_precompile_headers(pitstop_http PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp)
    else()
      target_precompile_headers(pitstop_${name} REUSE_FROM pitstop_http)
    endif()
  else()
    target_precompile_headers(pitstop_${name} REUSE_FROM pitstop_base)
  endif()
endfunction()
