"""Holds the simulator's answers against AWS's own model of EC2, as botocore brings it.

Reads from stdin a list of cases {"action": ..., "form": {name: value}, "status": ..., "body": ...} and one last
{"words": [...]}: all that stands in quotes in our sources. Writes for each of them the list of what is wrong, as JSON.
"""

import json
import re
import sys
import xml.etree.ElementTree as xml

import botocore.parsers
import botocore.session

model = botocore.session.get_session().get_service_model("ec2")
parser = botocore.parsers.create_parser("ec2")

patterns = {
    "boolean": r"true|false",
    "integer": r"-?\d+",
    "long": r"-?\d+",
    "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
}
# What every answer has, and what answers with nothing to tell have: no model knows them.
beyond_the_model = {"requestId", "return"}

elements_seen = set()
elements_known = set()
parameters_sent = set()
parameters_known = set()


def input_name(name, shape):
    """The name on the wire of a member of a request (protocol "ec2")."""
    if "queryName" in shape.serialization:
        return shape.serialization["queryName"]
    located = shape.serialization.get("name")
    return located[0].upper() + located[1:] if located else name


def wrong_parameter(shape, parts):
    for i, part in enumerate(parts):
        so_far = ".".join(parts[: i + 1])
        if shape.type_name == "structure":
            members = {input_name(name, member): member for name, member in shape.members.items()}
            parameters_known.update(members)
            if part not in members:
                return f"has no {so_far}"
            parameters_sent.add(part)
            shape = members[part]
        elif shape.type_name == "list":
            if not re.fullmatch(r"[1-9]\d*", part):
                return f"{so_far} should be a number in a list"
            shape = shape.member
        else:
            return f"{so_far} goes below a {shape.type_name}"
    return f"{'.'.join(parts)} is a {shape.type_name}" if shape.type_name in ("structure", "list") else None


def elements_of(shape):
    return {member.serialization.get("name", name): member for name, member in shape.members.items()}


def know(shape, seen=()):
    """Remembers the names of all elements that a shape has anywhere."""
    if shape.type_name == "list":
        know(shape.member, seen)
    elif shape.type_name == "structure" and shape.name not in seen:
        elements_known.update(elements_of(shape))
        for member in shape.members.values():
            know(member, seen + (shape.name,))


def wrong_elements(shape, node, path):
    if shape.type_name == "structure":
        members = elements_of(shape)
        for child in node:
            name = child.tag.split("}")[1]
            if name in members:
                elements_seen.add(name)
                yield from wrong_elements(members[name], child, f"{path}/{name}")
            elif name not in beyond_the_model:
                yield f"has no {path}/{name}; there are {sorted(members)}"
    elif shape.type_name == "list":
        item = shape.member.serialization.get("name", "member")
        for child in node:
            name = child.tag.split("}")[1]
            if name != item:
                yield f"{path}/{name} should be {item}"
            yield from wrong_elements(shape.member, child, f"{path}/{name}")
    else:
        text = node.text or ""
        allowed = getattr(shape, "enum", None)
        if len(node):
            yield f"{path} should have no elements"
        elif not re.fullmatch(patterns.get(shape.type_name, r"[\s\S]*"), text):
            yield f"{path}: {text!r} is no {shape.type_name}"
        elif text and allowed and text.lower() not in [value.lower() for value in allowed]:
            yield f"{path}: {text!r} is none of {allowed}"


def wrong_call(case):
    operation = model.operation_model(case["action"])
    for name in case["form"]:
        if name not in ("Action", "Version"):
            wrong = wrong_parameter(operation.input_shape, name.split("."))
            if wrong:
                yield f"{name}: {wrong}"
    root = xml.fromstring(case["body"])
    if root.tag.split("}")[1] != case["action"] + "Response":
        yield f"is called {root.tag}"
    shape = operation.output_shape
    if shape is None:
        yield from (f"answers {child.tag}" for child in root if child.tag.split("}")[1] not in beyond_the_model)
        return
    know(shape)
    yield from wrong_elements(shape, root, "")
    parsed = parser.parse({"status_code": case["status"], "headers": {}, "body": case["body"].encode()}, shape)
    if "Error" in parsed:
        yield f"botocore reads an error: {parsed['Error']}"


def unseen(words):
    """Names in our sources that no case has sent or answered."""
    for word in sorted(set(words)):
        if word in elements_known - elements_seen - parameters_sent - {"version"}:  # that of XML
            yield f"the element {word} is in no answer"
        if word in parameters_known and word not in parameters_sent:
            yield f"the parameter {word} is in no form"


*calls, last = json.load(sys.stdin)
answers = [list(wrong_call(case)) for case in calls]
json.dump(answers + [list(unseen(last["words"]))], sys.stdout)
