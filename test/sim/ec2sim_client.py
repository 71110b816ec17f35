"""What the boto3 scripts share: a client whose waiters do not wait long, and the simulator's own pages."""

import json
import sys
import urllib.request

import boto3

endpoint = sys.argv[1]


def client(region="eu-central-1"):
    return boto3.client("ec2", region_name=region, endpoint_url=endpoint)


def page(path):
    """"state" or "truth"."""
    with urllib.request.urlopen(f"{endpoint}/_sim/{path}") as reply:
        return json.load(reply)


def wait(ec2, waiter, **parameters):
    """boto3's own waiter, looking often: time is faster here."""
    ec2.get_waiter(waiter).wait(WaiterConfig={"Delay": 0.2, "MaxAttempts": 200}, **parameters)


def the(things):
    (thing,) = things
    return thing


def tags_of(thing):
    return {tag["Key"]: tag["Value"] for tag in thing.get("Tags", [])}


def specification(kind, **tags):
    return {"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
