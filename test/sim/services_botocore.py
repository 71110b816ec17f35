"""Holds calls of services other than EC2 against AWS's own models of them, as botocore brings them.

Reads from stdin a list of cases, as JSON, and writes for each of them the list of what is wrong:

    {"service": "autoscaling", "action": ..., "form": {name: value}}   what a client sends (Query protocol)
                              … "body": ...                            an answer, of which all is to be known
                              … "elements": ["a/member/b", ...]        what a client reads of an answer
    {"service": "kms", "action": ..., "request": {...}, "body": ...}   the same of a service that speaks JSON
    {"service": ..., "action": ..., "code": ...}                       an error that it is to know, and its status
"""

import json
import re
import sys
import xml.etree.ElementTree as xml

import botocore.parsers
import botocore.session

session = botocore.session.get_session()
patterns = {
    "boolean": r"true|false",
    "integer": r"-?\d+",
    "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z",
}
# Of every query service.
common_errors = {"ValidationError", "AccessDenied", "Throttling", "InvalidAction"}


def local(node):
    return node.tag.split("}")[-1]


def wrong_text(shape, text):
    allowed = getattr(shape, "enum", None)
    if not re.fullmatch(patterns.get(shape.type_name, r"[\s\S]*"), text):
        return f"{text!r} is no {shape.type_name}"
    return f"{text!r} is none of {allowed}" if allowed and text not in allowed else None


def wrong_path(shape, parts, value=None):
    """Follows a name on the wire through a shape: lists are "member" and, in requests, a number."""
    for part in parts:
        if shape.type_name == "structure":
            if part not in shape.members:
                return f"has no {part}; there are {sorted(shape.members)}"
            shape = shape.members[part]
        elif shape.type_name == "list":
            if part == "member":
                continue
            if not re.fullmatch(r"[1-9]\d*", part):
                return f"{part} should be a number in a list"
            shape = shape.member
        else:
            return f"{part} is below a {shape.type_name}"
    if shape.type_name in ("structure", "list"):
        return f"is a {shape.type_name}"
    return wrong_text(shape, value) if value is not None else None


def wrong_form(shape, form):
    for name, value in form.items():
        wrong = name not in ("Action", "Version") and wrong_path(shape, name.split("."), value)
        if wrong:
            yield f"{name}: {wrong}"
    for required in shape.required_members:
        if not any(re.match(rf"{required}(\.|$)", name) for name in form):
            yield f"{required} is required and not sent"


def wrong_elements(shape, node, path):
    if shape.type_name == "structure":
        for child in node:
            if local(child) not in shape.members:
                yield f"has no {path}/{local(child)}; there are {sorted(shape.members)}"
            else:
                yield from wrong_elements(shape.members[local(child)], child, f"{path}/{local(child)}")
        present = {local(child) for child in node}
        yield from (f"{path}/{name} is missing" for name in shape.required_members if name not in present)
    elif shape.type_name == "list":
        for child in node:
            if local(child) != "member":
                yield f"{path}/{local(child)} should be member"
            yield from wrong_elements(shape.member, child, f"{path}/member")
    else:
        wrong = wrong_text(shape, node.text or "")
        if wrong:
            yield f"{path}: {wrong}"


def wrong_xml(model, operation, body):
    root = xml.fromstring(body)
    name = f"{{{model.metadata['xmlNamespace']}}}{operation.name}Response"
    if root.tag != name:
        yield f"is called {root.tag}, not {name}"
    if [local(child) for child in root] != [f"{operation.name}Result", "ResponseMetadata"]:
        yield f"has {[local(child) for child in root]}"
    yield from wrong_elements(operation.output_shape, root[0], "")
    parser = botocore.parsers.create_parser("query")
    parsed = parser.parse({"status_code": 200, "headers": {}, "body": body.encode()}, operation.output_shape)
    if "Error" in parsed or "RequestId" not in parsed["ResponseMetadata"]:
        yield f"botocore reads {parsed}"


def wrong_json(shape, value, path):
    if shape.type_name == "structure":
        for name, member in value.items():
            if name not in shape.members:
                yield f"has no {path}/{name}"
            else:
                yield from wrong_json(shape.members[name], member, f"{path}/{name}")
        yield from (f"{path}/{name} is missing" for name in shape.required_members if name not in value)
    elif shape.type_name == "list":
        for member in value:
            yield from wrong_json(shape.member, member, path)
    elif shape.type_name == "string":
        wrong = wrong_text(shape, value)
        if wrong:
            yield f"{path}: {wrong}"


def known_errors(model, operation):
    metadata = [shape.metadata.get("error") or {} for shape in operation.error_shapes]
    return {error["code"]: error.get("httpStatusCode") for error in metadata if "code" in error} | \
        {shape.name: 400 for shape in operation.error_shapes if not (shape.metadata.get("error") or {}).get("code")}


def wrong_case(case):
    model = session.get_service_model(case["service"])
    operation = model.operation_model(case["action"])
    if "form" in case:
        if case["form"].get("Version", model.api_version) != model.api_version:
            yield f"the version is {model.api_version}"
        yield from wrong_form(operation.input_shape, case["form"])
    if "request" in case:
        yield from wrong_json(operation.input_shape, case["request"], "")
    if "body" in case:
        if model.metadata["protocol"] == "query":
            yield from wrong_xml(model, operation, case["body"])
        else:
            yield from wrong_json(operation.output_shape, json.loads(case["body"]), "")
    for path in case.get("elements", []):
        # In answers a list has its elements in <member>, without a number.
        wrong = wrong_path(operation.output_shape, path.replace("member", "member/1").split("/"))
        if wrong:
            yield f"{path}: {wrong}"
    if "code" in case:
        known = known_errors(model, operation)
        if case["code"] not in set(known) | common_errors:
            yield f"has no error {case['code']}; there are {sorted(known)}"
        elif known.get(case["code"], case["status"]) != case["status"]:
            yield f"{case['code']} has the status {known[case['code']]}"


json.dump([list(wrong_case(case)) for case in json.load(sys.stdin)], sys.stdout)
