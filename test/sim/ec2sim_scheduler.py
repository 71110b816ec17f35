"""A schedule of EventBridge Scheduler at ec2sim: made, looked at, made twice, doing its work, and removed."""

import datetime
import json

import boto3

from ec2sim_client import client, endpoint, page, the, wait

region = "us-east-1"
ec2 = client(region)
scheduler = boto3.client("scheduler", region_name=region, endpoint_url=endpoint)


def now():
    return datetime.datetime.fromisoformat(page("state")["now"]["time"].replace("Z", "+00:00"))


def in_minutes(minutes):
    return (now() + datetime.timedelta(minutes=minutes)).replace(microsecond=0)


def fails_with(exception, call, **parameters):
    try:
        call(**parameters)
    except exception as error:
        return error.response["Error"]["Message"]
    raise AssertionError(f"{parameters} did not fail")


server = the(the(ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": ["db-1"]}])["Reservations"])["Instances"])
instance = server["InstanceId"]
guard = {
    "Name": f"pitstop-{instance}",
    "Description": "boto3",
    "ClientToken": "once",
    "ScheduleExpression": "rate(1 minutes)",
    "StartDate": in_minutes(5),
    "EndDate": in_minutes(24 * 60),
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "ActionAfterCompletion": "DELETE",
    "Target": {
        "Arn": "arn:aws:scheduler:::aws-sdk:ec2:startInstances",
        "RoleArn": "arn:aws:iam::123456789012:role/guard",
        "Input": json.dumps({"InstanceIds": [instance]}),
        "RetryPolicy": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60},
    },
}

# Made, and made twice.
arn = scheduler.create_schedule(**guard)["ScheduleArn"]
assert arn == f"arn:aws:scheduler:{region}:123456789012:schedule/default/pitstop-{instance}", arn
assert scheduler.create_schedule(**guard)["ScheduleArn"] == arn
conflict = fails_with(scheduler.exceptions.ConflictException, scheduler.create_schedule,
                      **guard | {"ClientToken": "twice"})
assert conflict == f"Schedule pitstop-{instance} already exists.", conflict

# Looked at.
found = scheduler.get_schedule(Name=guard["Name"])
for name, value in guard.items():
    if name != "ClientToken":
        assert found[name] == value, (name, found[name], value)
assert found["State"] == "ENABLED"
assert [each["Name"] for each in scheduler.list_schedules(NamePrefix="pitstop-")["Schedules"]] == [guard["Name"]]
assert [each["name"] for each in page("state")["regions"][region]["schedules"]] == [guard["Name"]]

# At work.
ec2.stop_instances(InstanceIds=[instance])
wait(ec2, "instance_stopped", InstanceIds=[instance])
wait(ec2, "instance_running", InstanceIds=[instance])
started = [each for each in page("truth")["invocations"] if each["started"]]
assert the(started)["started"] == [instance], started
assert the(started)["schedule"] == guard["Name"]

# Removed.
assert page("truth")["schedules_left"] == [{"schedule": guard["Name"], "region": region}]
scheduler.delete_schedule(Name=guard["Name"])
missing = scheduler.exceptions.ResourceNotFoundException
fails_with(missing, scheduler.get_schedule, Name=guard["Name"])
fails_with(missing, scheduler.delete_schedule, Name=guard["Name"])
assert page("truth")["schedules_left"] == []

# What it does not do.
invalid = scheduler.exceptions.ValidationException
refusal = fails_with(invalid, scheduler.create_schedule, **guard | {"ScheduleExpression": "cron(0 1 * * ? *)"})
assert "not simulated" in refusal, refusal
fails_with(invalid, scheduler.create_schedule, **guard | {"Name": "no spaces"})
