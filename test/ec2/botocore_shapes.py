"""Holds calls and readings of EC2 against AWS's own model of it, as botocore brings it.

Reads from stdin a list of cases, {"action": ..., "parameters": {name: value}, "elements": ["a/b/c",
...]}, and writes for each of them the list of what is wrong, as JSON. The case {"words": [...],
"called": [...]} asks which of the quoted words of our sources are actions that were not called.
"""

import json
import re
import sys

import botocore.session

model = botocore.session.get_session().get_service_model("ec2")


def input_name(name, shape):
    """The name on the wire of a member of a request (protocol "ec2")."""
    if "queryName" in shape.serialization:
        return shape.serialization["queryName"]
    located = shape.serialization.get("name")
    return located[0].upper() + located[1:] if located else name


def wrong_value(shape, value):
    """What is wrong with the text of a scalar; nothing if it is right."""
    patterns = {
        "boolean": r"true|false",
        "integer": r"-?\d+",
        "long": r"-?\d+",
        "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
    }
    if shape.type_name in ("structure", "list"):
        return f"is a {shape.type_name}, not a value"
    if not re.fullmatch(patterns.get(shape.type_name, r"[\s\S]*"), value):
        return f"{value!r} is no {shape.type_name}"
    allowed = getattr(shape, "enum", None)
    return f"{value!r} is none of {allowed}" if allowed and value not in allowed else None


def wrong_parameter(shape, parts, value):
    """Follows the parts of a parameter's name through the shape."""
    for i, part in enumerate(parts):
        so_far = ".".join(parts[: i + 1])
        if shape.type_name == "structure":
            members = {input_name(name, member): member for name, member in shape.members.items()}
            if part not in members:
                return f"has no {so_far}; there are {sorted(members)}"
            shape = members[part]
        elif shape.type_name == "list":
            if not re.fullmatch(r"[1-9]\d*", part):
                return f"{so_far} should be a number in a list"
            shape = shape.member
        else:
            return f"{so_far} goes below a {shape.type_name}"
    return wrong_value(shape, value)


def wrong_filter(shape, value):
    """Filters have no model, but the documentation names them."""
    if value.startswith("tag:"):
        return None
    documentation = shape.members["Filters"].documentation
    return None if f"<code>{value}</code>" in documentation else f"has no filter {value}"


def wrong_element(shape, parts):
    """Follows the path of an XML element through the shape of a reply."""
    for i, part in enumerate(parts):
        so_far = "/".join(parts[: i + 1])
        if shape.type_name == "list":
            if part != shape.member.serialization.get("name", "member"):
                return f"{so_far} should be an item of a list"
            shape = shape.member
            continue
        members = {}
        if shape.type_name == "structure":
            for name, member in shape.members.items():
                members[member.serialization.get("name", name)] = member
        if part not in members:
            return f"has no {so_far}; there are {sorted(members)}"
        shape = members[part]
    if shape.type_name in ("structure", "list"):
        return f"{'/'.join(parts)} is a {shape.type_name}, not a value"
    return None


def wrong_page(shape, parameters):
    """EC2 gives lists in pages to whoever asks for pages, and takes no MaxResults beside ids."""
    if "MaxResults" not in shape.members:
        return None
    of_ids = [
        input_name(name, member)
        for name, member in shape.members.items()
        if member.type_name == "list" and name not in ("Filters", "OwnerIds", "Owners",
                                                       "RestorableByUserIds", "ExecutableUsers")
    ]
    has_ids = any(sent.split(".")[0] in of_ids for sent in parameters)
    asks_for_pages = "MaxResults" in parameters
    if has_ids == asks_for_pages:
        return "MaxResults beside ids" if has_ids else "neither ids nor MaxResults"
    limits = shape.members["MaxResults"].metadata
    if asks_for_pages and int(parameters["MaxResults"]) > limits.get("max", 1000):
        return f"MaxResults is above {limits}"
    return None


def wrong_call(case):
    action = case["action"]
    if action not in model.operation_names:
        yield f"{action}: there is no such action"
        return
    operation = model.operation_model(action)
    shape = operation.input_shape
    for name, value in case["parameters"].items():
        wrong = wrong_parameter(shape, name.split("."), value)
        if not wrong and re.fullmatch(r"Filter\.\d+\.Name", name):
            wrong = wrong_filter(shape, value)
        if wrong:
            yield f"{action}: {name}: {wrong}"
    for required in shape.required_members:
        name = input_name(required, shape.members[required])
        if not any(re.match(rf"{name}(\.|$)", sent) for sent in case["parameters"]):
            yield f"{action}: {name} is required and not sent"
    wrong = wrong_page(shape, case["parameters"])
    if wrong:
        yield f"{action}: {wrong}"
    for path in case["elements"]:
        wrong = wrong_element(operation.output_shape, path.split("/"))
        if wrong:
            yield f"{action}: reply: {wrong}"


def uncalled(case):
    actions = set(case["words"]) & set(model.operation_names)
    return [f"{action} is not called by the test" for action in sorted(actions - set(case["called"]))]


cases = json.load(sys.stdin)
answers = [uncalled(case) if "words" in case else list(wrong_call(case)) for case in cases]
json.dump(answers, sys.stdout)
