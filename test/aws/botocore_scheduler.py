"""Holds requests to EventBridge Scheduler, and answers of it, against AWS's own model, as botocore brings it.

Reads from stdin a list of cases, as JSON, and writes for each of them the list of what is wrong:

    {"action": ..., "method": ..., "target": "/schedules/NAME?a=b", "type": ..., "body": ...}   a request
    {"action": ..., "answer": ...}                                     an answer, of which all is to be known
"""

import datetime
import json
import re
import sys
import urllib.parse

import botocore.parsers
import botocore.serialize
import botocore.session
import botocore.validate

model = botocore.session.get_session().get_service_model("scheduler")


def to_python(shape, value):
    """Times as botocore has them; all else as it is."""
    if shape.type_name == "timestamp":
        return datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
    if shape.type_name == "structure":
        return {name: to_python(shape.members[name], member) if name in shape.members else member
                for name, member in value.items()}
    return value


def broken_patterns(shape, value, path=""):
    """What botocore itself leaves to the service: patterns, lengths, enumerations."""
    if shape.type_name == "structure":
        return [finding for name, member in value.items() if name in shape.members
                for finding in broken_patterns(shape.members[name], member, f"{path}/{name}")]
    limits = shape.metadata
    findings = []
    if shape.type_name == "string":
        if "pattern" in limits and not re.search(limits["pattern"], value):
            findings.append(f"{path}: {value!r} does not match {limits['pattern']}")
        if len(value) > limits.get("max", len(value)):
            findings.append(f"{path}: longer than {limits['max']}")
        if shape.enum and value not in shape.enum:
            findings.append(f"{path}: {value!r} is none of {shape.enum}")
    return findings


def parameters_of(case, shape):
    """What the request says, by the names of the model."""
    path, _, query = case["target"].partition("?")
    parameters = to_python(shape, json.loads(case["body"] or "{}"))
    parameters["Name"] = urllib.parse.unquote(path.removeprefix("/schedules/"))
    names = {member.serialization["name"]: name for name, member in shape.members.items()
             if member.serialization.get("location") == "querystring"}
    for name, value in urllib.parse.parse_qsl(query):
        parameters[names.get(name, name)] = value
    return parameters


def wrong_request(case):
    operation = model.operation_model(case["action"])
    parameters = parameters_of(case, operation.input_shape)
    report = botocore.validate.ParamValidator().validate(parameters, operation.input_shape)
    if report.has_errors():
        return [report.generate_report()]
    theirs = botocore.serialize.create_serializer("rest-json").serialize_to_request(parameters, operation)
    query = "?" + urllib.parse.urlencode(theirs["query_string"]) if theirs["query_string"] else ""
    pairs = {
        "method": (case["method"], theirs["method"]),
        "target": (case["target"], theirs["url_path"] + query),
        "type": (case["type"], theirs["headers"].get("Content-Type", "")),
        "body": (json.loads(case["body"] or "{}"), json.loads(theirs["body"] or "{}")),
    }
    return [f"{what}: {ours!r} is {right!r} in botocore" for what, (ours, right) in pairs.items() if ours != right] + \
        broken_patterns(operation.input_shape, parameters)


def unread(ours, theirs, path=""):
    """What of an answer botocore does not know."""
    if not isinstance(ours, dict):
        return []
    return [finding for name, value in ours.items()
            for finding in ([f"{path}/{name} is not in the model"] if name not in theirs
                            else unread(value, theirs[name], f"{path}/{name}"))]


def wrong_answer(case):
    shape = model.operation_model(case["action"]).output_shape
    parser = botocore.parsers.create_parser("rest-json")
    answer = {"status_code": 200, "headers": {}, "body": json.dumps(case["answer"]).encode()}
    return unread(case["answer"], parser.parse(answer, shape))


json.dump([wrong_answer(case) if "answer" in case else wrong_request(case) for case in json.load(sys.stdin)],
          sys.stdout)
