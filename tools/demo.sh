#!/usr/bin/env bash
# A whole backup against moto, an EC2 in memory: makes a server with three volumes with the ordinary aws command line,
# and backs it up with the given program.
set -euo pipefail

pitstop=$1
shift

export AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_DEFAULT_REGION=eu-central-1
export AWS_EC2_METADATA_DISABLED=true MOTO_EC2_LOAD_DEFAULT_AMIS=false AWS_PAGER=
unset AWS_PROFILE AWS_REGION AWS_SESSION_TOKEN AWS_ENDPOINT_URL AWS_ENDPOINT_URL_EC2

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
endpoint=http://127.0.0.1:$port
log=$(mktemp)
moto_server -H 127.0.0.1 -p "$port" >"$log" 2>&1 &
moto=$!
trap 'kill "$moto" 2>/dev/null; wait "$moto" 2>/dev/null || true; rm -f "$log"' EXIT

for _ in $(seq 100); do
  if grep -q 'Running on' "$log"; then break; fi
  if ! kill -0 "$moto" 2>/dev/null; then cat "$log" >&2; exit 1; fi
  sleep 0.1
done

# Shows a command as one would type it.
show() {
  local line='$' word
  for word in "$@"; do
    if [[ $word =~ [^A-Za-z0-9_./:=,-] ]]; then word="'$word'"; fi
    line+=" $word"
  done
  echo "$line"
}

run() {
  show "$@"
  "$@"
  echo
}

echo "moto, an EC2 in memory, listens on $endpoint. A server with three volumes:"
launch=(aws --endpoint-url "$endpoint" ec2 run-instances --image-id ami-12c6146b --instance-type t3.large
  --block-device-mappings
  'DeviceName=/dev/sda1,Ebs={VolumeSize=8,VolumeType=gp3}'
  'DeviceName=/dev/sdf,Ebs={VolumeSize=150,VolumeType=gp3}'
  'DeviceName=/dev/sdg,Ebs={VolumeSize=150,VolumeType=gp3}'
  --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=web-1}]'
  --query 'Instances[0].InstanceId' --output text)
show "${launch[@]}"
instance=$("${launch[@]}")
echo "$instance"
echo

export AWS_ENDPOINT_URL=$endpoint
run "$pitstop" backup "$instance" --dry-run
run "$pitstop" backup "$instance" "$@"
run aws ec2 describe-snapshots --filters "Name=tag:pitstop:instance,Values=$instance" \
  --query 'Snapshots[].[SnapshotId,VolumeSize,State,Tags[?Key==`pitstop:device`]|[0].Value]' --output table
