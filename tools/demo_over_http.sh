#!/usr/bin/env bash
# The demo over HTTP: the given ec2sim with the demo's two servers, on a clock that runs 120 times as fast, and the given
# pitstop before it, as before AWS. What pitstop says are real seconds.
set -euo pipefail

pitstop=$1
ec2sim=$2
shift 2
scale=120

export AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_REGION=us-east-1
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
unset AWS_PROFILE AWS_SESSION_TOKEN AWS_ENDPOINT_URL AWS_ENDPOINT_URL_EC2
state=$(mktemp -d)
export XDG_STATE_HOME=$state

log=$state/ec2sim.log
"$ec2sim" --listen 127.0.0.1:0 --time-scale $scale --scenario "$(dirname "$0")/../sim/scenarios/demo.toml" >"$log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; rm -rf "$state"' EXIT
for _ in $(seq 100); do
  if grep -q 'listens on' "$log"; then break; fi
  if ! kill -0 "$server" 2>/dev/null; then cat "$log" >&2; exit 1; fi
  sleep 0.1
done
endpoint=$(grep -o 'http://[0-9.:]*' "$log")

cat "$log"
export AWS_ENDPOINT_URL=$endpoint
echo
echo "\$ pitstop backup --all --max-down 100% --yes $*"
"$pitstop" backup --all --max-down 100% --yes "$@"
echo
echo "\$ pitstop report --cadence 7d"
"$pitstop" report --cadence 7d
echo
echo "\$ curl $endpoint/_sim/truth    (its outages, in simulated seconds)"
curl -s "$endpoint/_sim/truth" | python3 -c '
import json, sys
for instance in json.load(sys.stdin)["instances"]:
    for outage in instance["outages"]:
        print(instance["name"], {name: value for name, value in outage.items() if name.endswith("_seconds")})'
