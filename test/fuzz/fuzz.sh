#!/usr/bin/env bash
# Runs each fuzz target for so many seconds from the corpus beside this file. What it finds goes to build/fuzz/found/,
# and into the corpus when it is mended; so do the inputs that reach new code, with --keep.
set -euo pipefail

programs=$1
seconds=$2
keep=${3:-}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$programs/found"

for target in reply tags request; do
  echo "$target: $seconds seconds"
  work=$(mktemp -d)
  "$programs/${target}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 \
    -artifact_prefix="$programs/found/$target-" -dict="$here/$target.dict" "$work" "$here/corpus/$target" 2>"$work.log" ||
    { tail -n 40 "$work.log"; exit 1; }
  grep -E '^stat::number_of_executed_units|^Done' "$work.log"
  if [ "$keep" = --keep ]; then
    "$programs/${target}_fuzz" -merge=1 "$here/corpus/$target" "$work" 2>/dev/null
  fi
  rm -rf "$work" "$work.log"
done
