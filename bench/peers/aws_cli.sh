#!/usr/bin/env bash
# usage: aws_cli.sh               backs up every running server, all at once (AT_ONCE=10: ten at a time)
#        aws_cli.sh INSTANCE      backs up this one
#
# With the aws program and its waiters, as many an administrator has it in cron: stop, snapshot, wait for progress,
# start.
#
# What it does better than most: it waits for progress only, not for completion; all snapshots of a server are one call;
# the aws program tries up to ten times what is throttled; and a server is started again whatever went wrong.
#
# What it cannot help: the waiters look every 15 s, and each call is a new aws process, which takes most of a second of a
# processor before it says anything. A hundred servers at once keep a small machine busy with that, and are down meanwhile.
set -euo pipefail
export AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=10

# There is no waiter for progress, so the script looks itself, with the aws program: every 5 s, as people choose who want
# to be quicker than a waiter and fear to be throttled.
between_looks=5
gives_up_after=600

if [ $# = 0 ]; then
  aws ec2 describe-instances --filters Name=instance-state-name,Values=running \
    --query 'Reservations[].Instances[].InstanceId' --output text |
    xargs --no-run-if-empty --max-args 1 --max-procs "${AT_ONCE:-0}" "$0"
  exit
fi

instance=$1

start() {
  trap - EXIT
  for attempt in 1 2 3 4 5; do
    if aws ec2 start-instances --instance-ids "$instance" >/dev/null; then return 0; fi
    sleep $((attempt * between_looks))
  done
  echo "error: $instance is down and cannot be started" >&2
  return 1
}

# What EC2 shows is a line a snapshot, such as "pending 0%"; the aws program writes None for a progress that is not there
# yet.
await_progress() {
  while ((SECONDS < gives_up_after)); do
    shown=$(aws ec2 describe-snapshots --snapshot-ids "$@" --query 'Snapshots[].[State,Progress]' --output text)
    if grep -q '^error' <<<"$shown"; then return 1; fi
    if ! grep -qE '^pending[[:space:]]*(0%|None)?$' <<<"$shown"; then return 0; fi
    sleep "$between_looks"
  done
  return 1
}

trap start EXIT
aws ec2 stop-instances --instance-ids "$instance" >/dev/null
aws ec2 wait instance-stopped --instance-ids "$instance"
snapshots=$(aws ec2 create-snapshots --instance-specification "InstanceId=$instance" \
  --query 'Snapshots[].SnapshotId' --output text)
read -ra each <<<"$snapshots"
await_progress "${each[@]}"
start
aws ec2 wait instance-running --instance-ids "$instance"
