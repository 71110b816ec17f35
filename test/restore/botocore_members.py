"""Lists every scalar member of shapes of EC2 as botocore has them, however deep.

Reads from stdin a list of {"shape": NAME} and {"request": ACTION}, and writes for each of them the list of its members: {"path":
"NetworkInterfaces[].SubnetId", "wire": "networkInterfaceSet/item/subnetId", "type": "string", "enum": [...]}. The wire name of a
request is that of its parameter: "NetworkInterface.N.SubnetId".
"""

import json
import sys

import botocore.session

model = botocore.session.get_session().get_service_model("ec2")


def name_in_reply(name, shape):
    return shape.serialization.get("name", name)


def name_in_request(name, shape):
    if "queryName" in shape.serialization:
        return shape.serialization["queryName"]
    located = shape.serialization.get("name")
    return located[0].upper() + located[1:] if located else name


def members(shape, path, wire, is_request):
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            named = (name_in_request if is_request else name_in_reply)(name, member)
            yield from members(member, path + [name], wire + [named], is_request)
    elif shape.type_name == "list":
        item = "N" if is_request else shape.member.serialization.get("name", "member")
        yield from members(shape.member, path[:-1] + [path[-1] + "[]"], wire + [item], is_request)
    else:
        yield {
            "path": ".".join(path),
            "wire": ".".join(wire) if is_request else "/".join(wire),
            "type": shape.type_name,
            "enum": list(getattr(shape, "enum", None) or []),
        }


def answer(case):
    if "shape" in case:
        return list(members(model.shape_for(case["shape"]), [], [], False))
    return list(members(model.operation_model(case["request"]).input_shape, [], [], True))


json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
