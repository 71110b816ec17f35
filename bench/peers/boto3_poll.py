#!/usr/bin/env python3
"""Backs up every running server with boto3 and a look a second: the best that a script does whose servers know nothing
of each other.

Tuned by hand: no waiters, which look every 15 s; one thread a server, each with a connection that stays open; one call
for all snapshots of a server; filters in every look, for EC2 allows twice as many of those; a look that is refused is
made again a second later; stops and starts are asked for until EC2 accepts them, and the start comes whatever went wrong.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    print("error: python3 cannot import boto3\nHINT: ./dev setup installs it, and so does pip install boto3", file=sys.stderr)
    sys.exit(2)

BETWEEN_LOOKS = 1.0
GIVES_UP_AFTER = 600.0
MOST_SERVERS_AT_ONCE = 1000

ec2 = boto3.client(
    "ec2", config=Config(retries={"mode": "standard", "max_attempts": 10}, max_pool_connections=MOST_SERVERS_AT_ONCE)
)


class Failure(Exception):
    pass


def running_servers():
    only_running = [{"Name": "instance-state-name", "Values": ["running"]}]
    pages = ec2.get_paginator("describe_instances").paginate(Filters=only_running)
    return [
        instance["InstanceId"]
        for page in pages
        for reservation in page["Reservations"]
        for instance in reservation["Instances"]
    ]


def state_of(instance):
    filters = [{"Name": "instance-id", "Values": [instance]}]
    return ec2.describe_instances(Filters=filters)["Reservations"][0]["Instances"][0]["State"]["Name"]


def have_progress(snapshots):
    filters = [{"Name": "snapshot-id", "Values": snapshots}]
    shown = ec2.describe_snapshots(Filters=filters, OwnerIds=["self"])["Snapshots"]
    if any(snapshot["State"] == "error" for snapshot in shown):
        raise Failure(f"a snapshot failed: {' '.join(snapshots)}")
    begun = [each for each in shown if each["State"] == "completed" or each.get("Progress") not in (None, "", "0%")]
    return len(begun) == len(snapshots)


def poll(what, arrived):
    end = time.monotonic() + GIVES_UP_AFTER
    while time.monotonic() < end:
        try:
            if arrived():
                return
        except (ClientError, BotoCoreError, LookupError):
            pass  # throttled, or not visible yet: the next look comes in a second
        time.sleep(BETWEEN_LOOKS)
    raise Failure(f"gave up waiting for {what}")


def until_accepted(change, instance):
    """For what does no more when it is done twice. Being throttled is the usual reason to be refused."""
    while True:
        try:
            change(InstanceIds=[instance])
            return
        except (ClientError, BotoCoreError) as refusal:
            print(f"{instance}: not yet: {refusal}", file=sys.stderr)
            time.sleep(BETWEEN_LOOKS)


def back_up(instance):
    try:
        until_accepted(ec2.stop_instances, instance)
        poll(f"{instance} to stop", lambda: state_of(instance) == "stopped")
        made = ec2.create_snapshots(InstanceSpecification={"InstanceId": instance})["Snapshots"]
        snapshots = [snapshot["SnapshotId"] for snapshot in made]
        poll(f"the progress of {instance}", lambda: have_progress(snapshots))
    finally:
        until_accepted(ec2.start_instances, instance)
    poll(f"{instance} to run", lambda: state_of(instance) == "running")


def is_backed_up(instance):
    try:
        back_up(instance)
        return True
    except (Failure, ClientError, BotoCoreError) as failure:
        print(f"error: {instance}: {failure}", file=sys.stderr)
        return False


def main():
    servers = running_servers()
    if not servers:
        sys.exit("error: no server is running")
    with ThreadPoolExecutor(min(len(servers), MOST_SERVERS_AT_ONCE)) as threads:
        results = list(threads.map(is_backed_up, servers))
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
